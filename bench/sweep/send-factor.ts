import type { WorkloadSpec } from '../../workers/trial-spec.ts';

/** The one thing of a workload that is varied like a producer property: `factors: { send: [callback, promise] }`. */
export const SEND_FACTOR = 'send';

export type SendForm = WorkloadSpec['send'];

export const SEND_FORMS: readonly SendForm[] = ['callback', 'promise', 'forget', 'sync'];

export function isSendForm(text: string): text is SendForm {
  return (SEND_FORMS as readonly string[]).includes(text);
}
