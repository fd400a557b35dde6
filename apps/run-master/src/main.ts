import { runConsole } from '@distributed-architecture/nestjs/cli';

// `master:status` and its like know the configuration, and are quick, for they do not load the application.
await runConsole(async () => (await import('./app.module.js')).AppModule, {
  config: 'config/distributed_architecture.yaml',
});
