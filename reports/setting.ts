import type { Result, TrialResult } from './result.ts';

/** The one factor that is no producer property: the form of send(). */
const SEND = 'send';

/** A trial's setting of a factor as text; '' when it has none. */
export function settingOf(trial: TrialResult, factor: string): string {
  return factor === SEND ? trial.sendForm : String(trial.producer[factor] ?? '');
}

/** The base's setting of a factor; null when it is not known. */
export function baseSettingOf(result: Result, factor: string): string | null {
  return factor === SEND ? result.baseSendForm : (result.base[factor] ?? null);
}
