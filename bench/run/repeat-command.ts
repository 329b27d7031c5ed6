import { HIDDEN } from '../../core/base/secret.ts';
import { shellQuoted } from '../../core/base/shell-quoted.ts';
import { isShowable } from '../../core/producer/config/options.ts';
import { isWorkloadFactor } from '../../reports/setting.ts';
import { type CliIo, commandName } from '../commands/cli-io.ts';

/** Options that say where results go, not what is measured; true: a value follows. */
const LEFT_OUT: ReadonlyMap<string, boolean> = new Map([
  ['--out', true],
  ['--json', false],
  ['--format', true],
  ['--quiet', false],
  ['--no-color', false],
  // Kept in git: a repeated check would add a line to it.
  ['--history', true],
]);
/** Options whose value is a producer property: `linger.ms=5`. */
const WITH_PROPERTY = new Set(['--producer-property', '--set']);

/** The command line that repeats a run, with its seed spelled out and secrets as `[hidden]`. */
export function repeatCommand(argv: readonly string[], seed: number, env: CliIo['env']): string {
  const kept: string[] = [];
  for (let index = 0; index < argv.length; index++) {
    const word = argv[index]!;
    const [name, value] = word.split(/=(.*)/s) as [string, string?];
    const takesValue = LEFT_OUT.get(name);
    if (takesValue !== undefined) {
      if (takesValue && value === undefined) index++;
    } else if (!WITH_PROPERTY.has(name)) {
      kept.push(word);
    } else if (value !== undefined) {
      kept.push(`${name}=${withoutSecret(value)}`);
    } else {
      index++;
      kept.push(name, withoutSecret(argv[index] ?? ''));
    }
  }
  const seeded = kept.some((word) => word === '--seed' || word.startsWith('--seed='));
  if (!seeded) kept.push('--seed', String(seed));
  return [commandName(env), ...kept.map(shellQuoted)].join(' ');
}

/** `name=value`, the value hidden unless the property is known to be no secret. */
export function withoutSecret(setting: string): string {
  const name = setting.split('=')[0]!.trim();
  return isWorkloadFactor(name) || isShowable(name) ? setting : `${name}=${HIDDEN}`;
}
