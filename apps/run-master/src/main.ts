import { runConsole } from '@distributed-architecture/nestjs/cli';
import { AppModule } from './app.module.js';

await runConsole(AppModule);
