import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { runCli } from '../../bench/cli.ts';
import type { CliIo } from '../../bench/commands/cli-io.ts';
import type { ReportFiles } from '../../bench/run/report-files.ts';

export interface FakeCli {
  readonly directory: string;
  stdout: string;
  stderr: string;
  /** As Ctrl-C does. */
  interrupt(): void;
  run(argv: readonly string[], replaced?: Partial<CliIo>): Promise<number>;
}

/** Reports that only leave a trace: result.json, and one line for the terminal. */
export const tracingReports: ReportFiles = {
  writeTrialHistograms: (directory, { result }) => {
    writeFileSync(join(directory, `${result.id}.hgrm`), 'hgrm');
    writeFileSync(join(directory, `${result.id}.hlog`), 'hlog');
    return { hgrm: `${result.id}.hgrm`, hlog: `${result.id}.hlog` };
  },
  writeReports: async (directory, result) =>
    writeFileSync(join(directory, 'result.json'), JSON.stringify(result)),
  terminalText: (result) => `table of ${result.trials.length} trials`,
};

/** The command line in this process, in a directory of its own that goes when the test ends. */
export function fakeCli(context: TestContext): FakeCli {
  const directory = mkdtempSync(join(tmpdir(), 'tidemark-cli-'));
  context.after(() => rmSync(directory, { recursive: true, force: true }));
  const listeners = new Set<() => void>();
  const cli: FakeCli = {
    directory,
    stdout: '',
    stderr: '',
    interrupt: () => {
      for (const listener of listeners) listener();
    },
    run: (argv, replaced = {}) => {
      cli.stdout = '';
      cli.stderr = '';
      return runCli(argv, {
        stdout: { isTerminal: false, columns: 100, write: (text) => (cli.stdout += text) },
        stderr: { isTerminal: false, columns: 100, write: (text) => (cli.stderr += text) },
        env: {},
        workingDirectory: directory,
        onInterrupt: (callback) => {
          listeners.add(callback);
          return () => listeners.delete(callback);
        },
        exitNow: () => {},
        reports: tracingReports,
        ...replaced,
      });
    },
  };
  return cli;
}
