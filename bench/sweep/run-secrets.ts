import { HIDDEN, Secret } from '../../core/base/secret.ts';
import { isPassword } from '../../core/producer/config/options.ts';
import { usageError } from '../cli-error.ts';
import { propertiesOfFlags } from './properties-of-run.ts';
import type { PropertySet } from './property-set.ts';
import type { RunFlags } from './run-flags.ts';

/**
 * The secrets among a run's producer properties, by Kafka's name. Plan, journal and results say `[hidden]` in their
 * place; they themselves are handed on in memory alone.
 */
export type RunSecrets = ReadonlyMap<string, Secret>;

export const NO_SECRETS: RunSecrets = new Map();

export function secretsOf(properties: PropertySet): RunSecrets {
  const found = [...properties].filter(([name, { text }]) => isPassword(name) && text.trim() !== '');
  return new Map(found.map(([name, { text }]) => [name, new Secret(text)]));
}

/** The properties of a trial with the secrets in their places: for producers, never to be written anywhere. */
export function revealed(
  producer: Readonly<Record<string, string>>,
  secrets: RunSecrets,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(producer).map(([name, text]) => [
      name,
      text === HIDDEN ? (secrets.get(name)?.reveal() ?? text) : text,
    ]),
  );
}

export interface SecretsAgain {
  readonly secrets: RunSecrets;
  readonly notes: readonly string[];
}

/**
 * The secrets that a run which goes on needs, given again by the flags that gave them first. Exit 2 when one is
 * missing, or when something else is given.
 */
export function secretsAgain(
  base: Readonly<Record<string, string>>,
  flags: Pick<RunFlags, 'producerConfigFile' | 'producerProperties'>,
  workingDirectory: string,
): SecretsAgain {
  const needed = Object.keys(base).filter((name) => base[name] === HIDDEN);
  const refused = flags.producerProperties.filter(({ name }) => !needed.includes(name));
  if (refused.length > 0) {
    throw usageError(
      ...refused.map(
        ({ name }) =>
          `--resume goes on with the plan of the run as it is, got --producer-property ${name} too: leave that out (only secrets of the plan are given again${needed.length === 0 ? ', and it has none' : `: ${needed.join(', ')}`})`,
      ),
    );
  }
  const given = propertiesOfFlags(flags, workingDirectory, []);
  const secrets = secretsOf(new Map([...given].filter(([name]) => needed.includes(name))));
  const missing = needed.filter((name) => !secrets.has(name));
  if (missing.length > 0) {
    throw usageError(
      `--resume needs ${missing.join(', ')} again, since secrets are never stored: give ${missing.length === 1 ? 'it' : 'them'} with --producer.config FILE or --producer-property ${missing[0]}=...`,
    );
  }
  const others = [...given.keys()].filter((name) => !needed.includes(name));
  const notes =
    others.length === 0
      ? []
      : [
          `of ${flags.producerConfigFile} only the secrets are read again; the rest is as the run was planned`,
        ];
  return { secrets, notes };
}
