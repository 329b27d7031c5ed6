import { type CliIo, commandName } from '../commands/cli-io.ts';

/** Options that say where results go, not what is measured; true: a value follows. */
const LEFT_OUT: ReadonlyMap<string, boolean> = new Map([
  ['--out', true],
  ['--json', false],
  ['--quiet', false],
  ['--no-color', false],
]);
const SECRET = /^([^=]*(?:password|secret|jaas|token)[^=]*=).+$/is;

/** The command line that repeats a run, with its seed spelled out and secrets left out. */
export function repeatCommand(argv: readonly string[], seed: number, env: CliIo['env']): string {
  const kept: string[] = [];
  for (let index = 0; index < argv.length; index++) {
    const [name, value] = argv[index]!.split(/=(.*)/s) as [string, string?];
    const takesValue = LEFT_OUT.get(name);
    if (takesValue === undefined) kept.push(argv[index]!.replace(SECRET, '$1[hidden]'));
    else if (takesValue && value === undefined) index++;
  }
  const seeded = kept.some((word) => word === '--seed' || word.startsWith('--seed='));
  if (!seeded) kept.push('--seed', String(seed));
  return [commandName(env), ...kept.map(shellQuoted)].join(' ');
}

/** A word as a POSIX shell takes it. */
export function shellQuoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
