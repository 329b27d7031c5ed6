import { parseArgs } from 'node:util';
import { CLIENTS } from './clients.ts';
import { SCENARIOS, type Scenario } from './scenarios.ts';

export interface PeersOptions {
  readonly scenarios: readonly Scenario[];
  /** By name, Tidemark among them unless left out on purpose. */
  readonly clients: readonly string[];
  readonly rounds: number;
  readonly warmupMs: number;
  readonly windowMs: number;
  readonly seed: number;
  readonly isSmoke: boolean;
  /** null: a broker of our own. */
  readonly bootstrapServers: string | null;
  readonly jsonFile: string | null;
  readonly markdownFile: string | null;
}

export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Six rounds are the fewest whose smallest and largest value hold the median with 95 %. */
const ROUNDS = 6;
const SECONDS = 3;
const WARMUP_SECONDS = 2;

export const USAGE = `npm run bench:peers -- [options]
  Tidemark's producer beside other clients on one Apache Kafka broker.

  --scenario NAMES          of ${SCENARIOS.map(({ name }) => name).join(', ')} (all)
  --clients NAMES           of ${CLIENTS.map(({ name }) => name).join(', ')} (all)
  --rounds N                how often each client runs each scenario (${ROUNDS})
  --seconds S               measured per trial (${SECONDS})
  --warmup S                before it, not counted (${WARMUP_SECONDS}; Java warms up three times as long)
  --seed N                  of the order and the payloads (1)
  --bootstrap-server LIST   a Kafka that runs already, instead of one started for this
  --json FILE               writes every trial and the summary
  --out FILE                writes the tables as Markdown; between the marks of docs/performance.md, if FILE has them
  --smoke                   1 s per client, one round, one scenario; Node and Java must be there, Go and Rust clients
                            take part when they are built, or can be within 180 s together
`;

/** Throws UsageError. */
export function readOptions(args: readonly string[]): PeersOptions {
  const values = parse(args);
  const isSmoke = values.smoke === true;
  const number = (name: 'rounds' | 'seconds' | 'warmup' | 'seed', fallback: number, min: number): number => {
    const text = values[name];
    if (text === undefined) return fallback;
    const value = Number(text);
    const isWhole = name === 'seconds' || name === 'warmup' || Number.isInteger(value);
    if (text.trim() === '' || !Number.isFinite(value) || value < min || !isWhole)
      throw new UsageError(
        `--${name} must be a ${name === 'rounds' || name === 'seed' ? 'whole ' : ''}number of at least ${min}, got ${text}`,
      );
    return value;
  };
  const scenarioNames = pick(
    '--scenario',
    values.scenario,
    SCENARIOS.map(({ name }) => name),
  );
  return {
    scenarios: SCENARIOS.filter(({ name }) =>
      isSmoke && values.scenario === undefined ? name === SCENARIOS[0]!.name : scenarioNames.includes(name),
    ),
    clients: pick(
      '--clients',
      values.clients,
      CLIENTS.map(({ name }) => name),
    ),
    rounds: number('rounds', isSmoke ? 1 : ROUNDS, 1),
    windowMs: number('seconds', isSmoke ? 1 : SECONDS, 0.1) * 1000,
    warmupMs: number('warmup', isSmoke ? 0.5 : WARMUP_SECONDS, 0.1) * 1000,
    seed: number('seed', 1, 0),
    isSmoke,
    bootstrapServers: values['bootstrap-server'] ?? null,
    jsonFile: values.json ?? null,
    markdownFile: values.out ?? null,
  };
}

function parse(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        scenario: { type: 'string', multiple: true },
        clients: { type: 'string', multiple: true },
        rounds: { type: 'string' },
        seconds: { type: 'string' },
        warmup: { type: 'string' },
        seed: { type: 'string' },
        'bootstrap-server': { type: 'string' },
        json: { type: 'string' },
        out: { type: 'string' },
        smoke: { type: 'boolean' },
      },
    });
    return values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function pick(option: string, given: readonly string[] | undefined, known: readonly string[]): string[] {
  if (given === undefined) return [...known];
  const names = given.flatMap((list) => list.split(',')).map((name) => name.trim());
  for (const name of names) {
    if (!known.includes(name))
      throw new UsageError(`${option} must be of ${known.join(', ')}, got ${JSON.stringify(name)}`);
  }
  return known.filter((name) => names.includes(name));
}
