import { EXIT, type ExitCode } from './exit-codes.ts';

/** Ends a command with a message for people and an exit code; no stack is shown. */
export class CliError extends Error {
  readonly exitCode: ExitCode;

  constructor(message: string, exitCode: ExitCode, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'CliError';
    this.exitCode = exitCode;
  }
}

/** Bad input or usage (exit 2); several problems stand on lines of their own. */
export function usageError(...problems: readonly string[]): CliError {
  return new CliError(problems.join('\n'), EXIT.usage);
}

/** The reason of anything thrown, in one line without the system's decoration. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
