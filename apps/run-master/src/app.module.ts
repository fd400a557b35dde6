import { DistributedArchitectureModule } from '@distributed-architecture/nestjs';
import { Module } from '@nestjs/common';
import { EventEmitterModule } from '@nestjs/event-emitter';
import { CheckFilesCommand } from './checking/check-files.command.js';
import { FileChecker } from './checking/file-checker.js';
import { FileReader } from './files/file-reader.js';
import { FileIndexer } from './indexing/file-indexer.js';
import { IndexFilesCommand } from './indexing/index-files.command.js';
import { ProgressReporter } from './reporting/progress-reporter.js';
import { QueueProgressListener } from './reporting/queue-progress.listener.js';
import { ReportProgressCommand } from './reporting/report-progress.command.js';
import { SummaryListener } from './reporting/summary.listener.js';
import { Database, DATABASE_PATH } from './store/database.js';
import { FileStore } from './store/file-store.js';
import { Summary } from './store/summary.js';

/** The one module of the application: it boots in the master and in every slave. */
@Module({
  imports: [EventEmitterModule.forRoot(), DistributedArchitectureModule.forRoot()],
  providers: [
    { provide: DATABASE_PATH, useFactory: () => process.env.EXAMPLE_DATABASE ?? 'var/files.sqlite' },
    Database,
    FileStore,
    Summary,
    FileReader,
    FileIndexer,
    FileChecker,
    CheckFilesCommand,
    IndexFilesCommand,
    ProgressReporter,
    ReportProgressCommand,
    QueueProgressListener,
    SummaryListener,
  ],
})
export class AppModule {}
