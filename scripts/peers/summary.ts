import { TIDEMARK } from './clients.ts';
import { type MedianFigure, medianFigure, type RatioFigure, ratioFigure } from './intervals.ts';
import type { Scenario } from './scenarios.ts';
import type { Trial } from './trial.ts';

/** One client in one scenario, over the rounds. */
export interface ClientSummary {
  readonly client: string;
  readonly version: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly recordsPerSecond: MedianFigure;
  readonly cpuNsPerRecord: MedianFigure;
  /** Median; null when it could not be told. */
  readonly storedBytesPerRecord: number | null;
  /** Tidemark's rate divided by this client's, within rounds; null for Tidemark, and without it. */
  readonly rateRatio: RatioFigure | null;
  /** Tidemark's CPU per record divided by this client's, within rounds. */
  readonly cpuRatio: RatioFigure | null;
}

export interface ScenarioSummary {
  readonly scenario: Scenario;
  /** As given; those without a trial are left out. */
  readonly clients: readonly ClientSummary[];
}

function rateOf({ figures }: Trial): number {
  return figures.records / figures.seconds;
}

function cpuOf({ figures }: Trial): number {
  return (figures.cpuSeconds * 1e9) / figures.records;
}

export function summarize(
  trials: readonly Trial[],
  scenarios: readonly Scenario[],
  clients: readonly string[],
): ScenarioSummary[] {
  return scenarios.map((scenario) => {
    const here = trials.filter((trial) => trial.scenario === scenario.name);
    const own = new Map(
      here.filter((trial) => trial.client === TIDEMARK).map((trial) => [trial.round, trial]),
    );
    const present = clients.filter((client) => here.some((trial) => trial.client === client));
    return {
      scenario,
      clients: present.map((client) =>
        summarizeClient(
          client,
          here.filter((trial) => trial.client === client),
          client === TIDEMARK ? new Map() : own,
        ),
      ),
    };
  });
}

function summarizeClient(
  client: string,
  trials: readonly Trial[],
  own: ReadonlyMap<number, Trial>,
): ClientSummary {
  const { version, settings } = trials[0]!.figures;
  const stored = trials
    .map((trial) => trial.storedBytesPerRecord)
    .filter((bytes): bytes is number => bytes !== null);
  const paired = trials.filter((trial) => own.has(trial.round));
  const ratio = (figure: (trial: Trial) => number): RatioFigure | null =>
    paired.length === 0
      ? null
      : ratioFigure(paired.map((trial) => figure(own.get(trial.round)!) / figure(trial)));
  return {
    client,
    version,
    settings,
    recordsPerSecond: medianFigure(trials.map(rateOf)),
    cpuNsPerRecord: medianFigure(trials.map(cpuOf)),
    storedBytesPerRecord: stored.length === 0 ? null : medianFigure(stored).median,
    rateRatio: ratio(rateOf),
    cpuRatio: ratio(cpuOf),
  };
}
