import type { WorkloadFactorName, WorkloadSettings } from '../../reports/setting.ts';
import { WORKLOAD_FACTORS } from '../../reports/setting.ts';
import type { LoadSpec, TopicSpec, TrialSpec, WorkloadSpec } from '../../workers/trial-spec.ts';
import { parseCount } from '../option-values.ts';
import { isSendForm, SEND_FORMS } from './send-forms.ts';

/** What workload factors change of a trial. */
export interface VariedSpec {
  readonly topic: TopicSpec;
  readonly workload: WorkloadSpec;
  readonly load: LoadSpec;
}

const MAX_PARTITIONS = 10_000;
const MAX_RATE = 1_000_000_000;

/** The setting as text, and the trial with another one: `applied` throws a RangeError that says what is expected. */
interface WorkloadFactor {
  readonly settingOf: (spec: VariedSpec) => string;
  readonly applied: (text: string, spec: VariedSpec) => VariedSpec;
}

const FACTORS: Readonly<Record<WorkloadFactorName, WorkloadFactor>> = {
  send: {
    settingOf: ({ workload }) => workload.send,
    applied(text, spec) {
      if (isSendForm(text)) return { ...spec, workload: { ...spec.workload, send: text } };
      throw new RangeError(`send must be one of ${SEND_FORMS.join(', ')}, got '${text}'`);
    },
  },
  partitions: {
    settingOf: ({ topic }) => String(topic.partitions),
    applied(text, spec) {
      if (spec.topic.exists) {
        throw new RangeError(`partitions: the topic ${spec.topic.name} exists, and keeps those it has`);
      }
      return { ...spec, topic: { ...spec.topic, partitions: count('partitions', text, MAX_PARTITIONS) } };
    },
  },
  rate: {
    settingOf({ load: { pace } }) {
      if (pace.kind === 'rate') return String(pace.recordsPerSecond);
      return `${Number((pace.ofBase * 100).toPrecision(6))}%`;
    },
    applied: (text, spec) => ({ ...spec, load: { ...spec.load, pace: paceOf(text, spec.load) } }),
  },
};

function paceOf(text: string, load: LoadSpec): LoadSpec['pace'] {
  if (load.pacedMs === 0) throw new RangeError('rate: there is no paced phase, whose rate it would be');
  const share = /^(\d{1,3}(?:\.\d{1,4})?)\s*%$/.exec(text);
  if (share === null) return { kind: 'rate', recordsPerSecond: count('rate', text, MAX_RATE) };
  const ofBase = Number(share[1]) / 100;
  if (!(ofBase > 0 && ofBase <= 1)) throw new RangeError(`rate: got '${text}', expected at most 100%`);
  if (load.saturatedMs > 0) return { kind: 'share', ofBase };
  throw new RangeError(
    `rate: a share of what the base reaches (${text}) needs a saturated phase; expected records per second, or load.saturated above 0ms`,
  );
}

function count(name: string, text: string, max: number): number {
  try {
    return parseCount(text, 1, max);
  } catch (error) {
    const orShare = name === 'rate' ? ', or a share of what the base reaches: 70%' : '';
    throw new RangeError(`${name}: ${(error as RangeError).message}${orShare}`);
  }
}

/** A trial's settings of all workload factors. */
export function workloadSettings(spec: VariedSpec): WorkloadSettings {
  return Object.fromEntries(
    WORKLOAD_FACTORS.map((name) => [name, FACTORS[name].settingOf(spec)]),
  ) as WorkloadSettings;
}

/** The trial with that setting. Throws a RangeError for one that cannot be. */
export function withWorkloadSetting(name: WorkloadFactorName, text: string, spec: VariedSpec): VariedSpec {
  return FACTORS[name].applied(text.trim(), spec);
}

/**
 * Whether a share of what the base reaches is a share of what this trial reached: the base's producer and form of
 * send(), at the partitions of the one to be paced.
 */
export function isPacedBy(reference: TrialSpec, base: TrialSpec, paced: TrialSpec): boolean {
  return (
    reference.topic.partitions === paced.topic.partitions &&
    reference.workload.send === base.workload.send &&
    JSON.stringify(reference.producer) === JSON.stringify(base.producer)
  );
}
