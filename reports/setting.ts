import type { Result, TrialResult } from './result.ts';

/**
 * Factors that are no producer properties but the workload's, varied like them: the form of send(), the topic's
 * partitions, and the rate of the paced phase (records/s, or a share of what the base reaches: `70%`).
 */
export const WORKLOAD_FACTORS = ['send', 'partitions', 'rate'] as const;

export type WorkloadFactorName = (typeof WORKLOAD_FACTORS)[number];

/** A setting of every workload factor, as text. */
export type WorkloadSettings = Readonly<Record<WorkloadFactorName, string>>;

export function isWorkloadFactor(name: string): name is WorkloadFactorName {
  return (WORKLOAD_FACTORS as readonly string[]).includes(name);
}

/** A trial's setting of a factor as text; '' when it has none. */
export function settingOf(trial: TrialResult, factor: string): string {
  if (!isWorkloadFactor(factor)) return String(trial.producer[factor] ?? '');
  return trial.workload?.[factor] ?? (factor === 'send' ? trial.sendForm : '');
}

/** The base's setting of a factor; null when it is not known. */
export function baseSettingOf(result: Result, factor: string): string | null {
  if (!isWorkloadFactor(factor)) return result.base[factor] ?? null;
  return result.baseWorkload?.[factor] ?? (factor === 'send' ? result.baseSendForm : null);
}
