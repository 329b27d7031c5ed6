import type { Demand } from '../../reports/published/judged-ratio.ts';
import type { Result, TrialResult } from '../../reports/result.ts';
import { type Claim, claimOf, ratioWithin } from './paired-rounds.ts';

interface Measure {
  readonly text: string;
  readonly figure: (trial: TrialResult) => number | null;
  readonly demand: Demand;
  readonly published: (partitions: number) => string;
}

const BELOW_1: Demand = { kind: 'below', limit: 1 };

const UNDER_LOAD: readonly Measure[] = [
  {
    text: 'p99',
    figure: ({ latencyMs }) => latencyMs.p99,
    demand: BELOW_1,
    published: (partitions) => (partitions === 16 ? 'about 0.5' : 'less than at 16'),
  },
  {
    text: 'bytes per batch',
    figure: ({ batches }) => batches.meanBytes,
    demand: { kind: 'at least', limit: 1 },
    published: () => 'larger',
  },
  {
    text: 'requests/record',
    figure: ({ batches }) => batches.requestsPerRecord,
    demand: BELOW_1,
    published: () => 'fewer',
  },
];

/** With a linger of a second there are too few requests in a phase for a p99. */
const LINGERING: readonly Measure[] = [
  { text: 'mean', figure: ({ latencyMs }) => latencyMs.mean, demand: BELOW_1, published: () => 'p99 0.2' },
];

/** What KIP-480's experiment must show: sticky over round-robin, at each count of partitions. */
export function kip480Claims(result: Result): Claim[] {
  const lingers = unique(result.trials.map(lingerMsOf));
  const counts = unique(result.trials.map(({ topic }) => topic.partitions));
  return lingers.flatMap((lingerMs) =>
    counts.flatMap((partitions) => {
      const is = (name: string) => (trial: TrialResult) =>
        trial.producer['partitioner.class'] === name &&
        trial.topic.partitions === partitions &&
        lingerMsOf(trial) === lingerMs;
      return (lingerMs === 0 ? UNDER_LOAD : LINGERING).map(({ text, figure, demand, published }) =>
        claimOf(
          {
            text: `sticky/round-robin ${text}, ${partitions} partitions${lingerMs === 0 ? '' : `, linger.ms=${lingerMs}`}`,
            published: published(partitions),
            demand,
          },
          result,
          ratioWithin(figure, is('sticky'), is('round-robin')),
        ),
      );
    }),
  );
}

function lingerMsOf({ producer }: TrialResult): number {
  return Number(producer['linger.ms']);
}

function unique(values: readonly number[]): number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}
