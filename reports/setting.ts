import type { Result, TrialResult } from './result.ts';

/** The one factor that is no producer property but the workload's: `factors: { send: [callback, promise] }`. */
export const SEND_FACTOR = 'send';

/** A trial's setting of a factor as text; '' when it has none. */
export function settingOf(trial: TrialResult, factor: string): string {
  return factor === SEND_FACTOR ? trial.sendForm : String(trial.producer[factor] ?? '');
}

/** The base's setting of a factor; null when it is not known. */
export function baseSettingOf(result: Result, factor: string): string | null {
  return factor === SEND_FACTOR ? result.baseSendForm : (result.base[factor] ?? null);
}
