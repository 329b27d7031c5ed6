import type { ReportFiles } from '../run/report-files.ts';
import type { OpenTrialSession } from '../trial-session.ts';

/** A stream as commands see it. */
export interface TextOutput {
  readonly isTerminal: boolean;
  readonly columns: number;
  write(text: string): void;
}

/** Everything outside that a command touches, handed in so that tests can stand in for it. */
export interface CliIo {
  /** Results. */
  readonly stdout: TextOutput;
  /** Progress, set-up, errors. */
  readonly stderr: TextOutput;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
  /** Calls back on every SIGINT or SIGTERM until the returned function is called. */
  onInterrupt(callback: () => void): () => void;
  /** Ends the process at once. */
  exitNow(code: number): void;
  /** Replaced by tests. */
  readonly openSession?: OpenTrialSession;
  readonly reports?: ReportFiles;
}

/** How the user started us, for commands we suggest. */
export function commandName(env: CliIo['env']): string {
  return env['npm_lifecycle_event'] === 'start' ? 'npm start --' : 'tidemark';
}
