import { SeededRandom } from '../../core/base/random.ts';
import { parseProducerConfig } from '../../core/producer/config/config.ts';
import type { PublishedExperiment } from '../../reports/published/published-table.ts';
import { isWorkloadFactor, type WorkloadSettings } from '../../reports/setting.ts';
import { RecordSizes } from '../../workers/record-sizes.ts';
import { createRecordPool } from '../../workers/record-source.ts';
import type { TargetSpec, TrialSpec, WorkloadSpec } from '../../workers/trial-spec.ts';
import { reasonOf, usageError } from '../cli-error.ts';
import { payloadSha256 } from '../file-sha256.ts';
import { gatesOfRun } from '../gates/gates-of-run.ts';
import type { LoadedSuite } from '../suite/loaded-suite.ts';
import { type Configurations, expandConfigurations } from './configurations.ts';
import { type CommonSpec, commonSpecOf, targetNotes } from './load-of-run.ts';
import { checkPrecision, MOST_ROUNDS, precisionOfRun } from './precision.ts';
import { propertiesOfRun } from './properties-of-run.ts';
import { scheduleRounds } from './rounds.ts';
import type { RunFlags } from './run-flags.ts';
import { type RunSecrets, secretsOf } from './run-secrets.ts';
import { STREAMS } from './shuffle.ts';
import { type VariedSpec, workloadSettings } from './workload-factors.ts';

/** Everything a run will do, as plain data: the first line of its journal, and all that a resume needs. */
export interface Plan {
  readonly suite: string;
  /** The published experiment that the suite repeats; absent: none. */
  readonly published?: PublishedExperiment;
  readonly seed: number;
  readonly design: 'one-factor' | 'full' | 'single';
  readonly target: TargetSpec;
  readonly factors: readonly { readonly property: string; readonly levels: readonly string[] }[];
  /** Effective base properties; secrets are `[hidden]`. */
  readonly base: Readonly<Record<string, string>>;
  /** The base's form of send(), where that is varied; null elsewhere. */
  readonly baseSendForm: string | null;
  /** The base's settings of all workload factors; older plans have none. */
  readonly baseWorkload?: WorkloadSettings | undefined;
  readonly notes: readonly string[];
  /** Of the payload file; null where records come from elsewhere. */
  readonly payloadSha256?: string | null;
  /** Rounds end, from the fifth on, when every interval of a ratio to the base is this narrow; absent: all are run. */
  readonly precision?: number;
  /** What must hold, as it was written; plans of older runs have none. */
  readonly gates?: readonly string[];
  /** What a gate counts as that cannot be decided; null: exit 5. */
  readonly inconclusive?: 'pass' | 'fail' | null;
  /** In the order in which they run; the first is a base. */
  readonly trials: readonly TrialSpec[];
}

/** Whether a trial of a plan is one of its base. */
export function isBaseTrial(spec: TrialSpec): boolean {
  return /^r\d+-base-\d+$/.test(spec.id);
}

/** What a run will do, and the secrets it needs to do it, which are no part of the plan. */
export interface PlannedRun {
  readonly plan: Plan;
  readonly secrets: RunSecrets;
}

/** A pure function of the suite, the flags and the files they name. Exit 2 with all that is wrong. */
export function planRun(loaded: LoadedSuite, flags: RunFlags, workingDirectory: string): PlannedRun {
  const { suite } = loaded;
  const common = commonSpecOf(loaded, flags, workingDirectory);
  const properties = propertiesOfRun(loaded, flags, workingDirectory);
  const seed = flags.seed ?? suite.seed;
  const design = flags.design ?? suite.design;
  const { base, factors } = properties;
  const sample = flags.sample;
  const expanded = expandConfigurations({
    base,
    factors,
    spec: common,
    design,
    sample,
    seed,
    workingDirectory,
  });
  checkPayload(common.workload, seed, expanded.maxRequestSizeBytes);
  checkProtocol(common.target, [expanded.base, ...expanded.others.map(({ producer }) => producer)]);
  const precision = precisionOfRun(loaded, flags);
  checkPrecision(precision, expanded.others.length, common.load);
  const repeats = precision === null ? (flags.repeats ?? suite.repeats) : MOST_ROUNDS;
  const schedule = scheduleRounds(expanded.others, {
    repeats,
    // Without factors there is nothing to compare the base with.
    baseRepeats: expanded.others.length === 0 ? repeats : suite.baseRepeats,
    random: new SeededRandom(seed, STREAMS.order),
  });
  const isSendVaried = factors.some(({ property }) => property === 'send');
  const trials = schedule.map(
    ({ id, round, configuration }): TrialSpec => ({
      id,
      round,
      factor: configuration?.factor ?? null,
      level: configuration?.level ?? null,
      producer: configuration?.producer ?? expanded.base,
      ...variedSpec(configuration?.spec ?? expanded.baseSpec),
      verify: suite.verify,
      seed,
    }),
  );
  const plan: Plan = {
    suite: loaded.location.name,
    ...(suite.published === null ? {} : { published: suite.published }),
    seed,
    design: expanded.factors.length === 0 ? 'single' : design,
    target: common.target,
    factors: expanded.factors,
    base: expanded.base,
    baseSendForm: isSendVaried ? expanded.baseSpec.workload.send : null,
    baseWorkload: workloadSettings(expanded.baseSpec),
    notes: [
      ...(loaded.notes ?? []),
      ...targetNotes(loaded, common.target),
      ...properties.notes,
      ...expanded.notes,
      ...standingNotes(common, trials),
    ],
    payloadSha256: payloadSha256(common.workload.payload),
    ...(precision === null ? {} : { precision }),
    gates: gatesOfPlan(loaded, flags, expanded, trials),
    inconclusive: flags.inconclusive,
    trials,
  };
  return { plan, secrets: secretsOf(base) };
}

/** The suite's gates, then those of the command line; exit 2 for one that does not parse or names no level of the run. */
function gatesOfPlan(
  { suite, placeOf }: LoadedSuite,
  flags: RunFlags,
  { factors }: Pick<Configurations, 'factors'>,
  trials: readonly TrialSpec[],
): readonly string[] {
  const given = [
    ...suite.gates.map((text, index) => ({ text, place: placeOf(['gates', index]) })),
    ...flags.gates.map((text) => ({ text, place: null })),
  ];
  const levels = trials.map((trial) => ({
    isBase: isBaseTrial(trial),
    settings: Object.fromEntries(
      factors.map(({ property }) => [property, plannedSettingOf(trial, property)]),
    ),
  }));
  return gatesOfRun(given, levels).map(({ expression }) => expression);
}

function plannedSettingOf(trial: TrialSpec, property: string): string {
  return isWorkloadFactor(property) ? workloadSettings(trial)[property] : (trial.producer[property] ?? '');
}

/** These three alone: a configuration may have come with more. */
function variedSpec({ topic, workload, load }: VariedSpec): VariedSpec {
  return { topic, workload, load };
}

/** Kafka's upper bound of a batch of one record beyond its key, value and headers (AbstractRecords). */
const RECORD_OVERHEAD_BYTES = 61 + 21;

// The records of a run are the same in all its trials, so what cannot be sent is known before the first one.
function checkPayload(workload: WorkloadSpec, seed: number, maxRequestSizeBytes: number): void {
  const largestBytes = largestRecordBytes(workload, seed) + RECORD_OVERHEAD_BYTES;
  if (largestBytes <= maxRequestSizeBytes) return;
  const what = workload.payload.kind === 'file' ? `payload file ${workload.payload.path}` : 'payload';
  throw usageError(
    `${what}: its largest record needs ${largestBytes} bytes, above max.request.size ${maxRequestSizeBytes}: send smaller records, or raise max.request.size`,
  );
}

function checkProtocol(
  target: TargetSpec,
  configurations: readonly Readonly<Record<string, string>>[],
): void {
  if (target.kind !== 'embedded') return;
  const protocols = configurations.map((producer) => producer['security.protocol'] ?? 'PLAINTEXT');
  const secured = protocols.find((protocol) => protocol !== 'PLAINTEXT');
  if (secured === undefined) return;
  throw usageError(
    `security.protocol=${secured}: the embedded cluster speaks PLAINTEXT only; name a cluster that speaks ${secured} with --bootstrap-server`,
  );
}

function largestRecordBytes(workload: WorkloadSpec, seed: number): number {
  try {
    return new RecordSizes(createRecordPool(workload, seed), workload).largest;
  } catch (error) {
    throw usageError(reasonOf(error));
  }
}

function standingNotes({ topic }: CommonSpec, trials: readonly TrialSpec[]): string[] {
  const uses = (property: string, value: string): boolean =>
    trials.some(({ producer }) => producer[property] === value);
  const notes: string[] = [];
  if (topic.exists) {
    notes.push(
      `topic ${topic.name} was there before: it is used with the partitions, replicas and configs it has, and kept; nobody else may write to it meanwhile`,
    );
  }
  // Once it is the default, a level that switches it off has its own note.
  const isIdempotentByDefault = parseProducerConfig({}).config.isIdempotent;
  if (!isIdempotentByDefault && uses('enable.idempotence', 'false')) {
    notes.push("enable.idempotence=false here, where Kafka's own default is true: not served yet");
  }
  // Where acks is varied, the findings say this and more.
  const isVaried = new Set(trials.map(({ producer }) => producer['acks'])).size > 1;
  if (!isVaried && uses('acks', 'all') && topic.replicationFactor === 1) {
    notes.push('replication factor 1: acks=all waits for no other replica');
  }
  return notes;
}
