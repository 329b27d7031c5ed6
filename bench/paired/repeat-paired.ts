import type { CliIo } from '../commands/cli-io.ts';
import type { Side } from '../duet/side.ts';
import { repeatCommand } from '../run/repeat-command.ts';

interface RepeatOptions {
  /** The command line, without node and script. */
  readonly argv: readonly string[];
  readonly seed: number;
  readonly env: CliIo['env'];
  readonly sides: { readonly base: Pick<Side, 'label'>; readonly candidate: Pick<Side, 'label'> };
}

/** The command line that repeats a check or a comparison; properties that name a side are as its label shows them, secrets hidden. */
export function pairedCommand({ argv, seed, env, sides }: RepeatOptions): string {
  const labels: Readonly<Record<string, string>> = {
    '--base': sides.base.label,
    '--candidate': sides.candidate.label,
  };
  const shown = argv.map((word, index) => {
    const before = labels[argv[index - 1] ?? ''];
    if (before !== undefined && word.includes('=')) return before;
    const [name, value] = word.split(/=(.*)/s);
    const label = labels[name!];
    return label !== undefined && value?.includes('=') ? `${name}=${label}` : word;
  });
  return repeatCommand(shown, seed, env);
}
