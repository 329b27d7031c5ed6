import type { WorkloadSpec } from '../../workers/trial-spec.ts';

export type SendForm = WorkloadSpec['send'];

export const SEND_FORMS = ['callback', 'promise', 'forget', 'sync'] as const satisfies readonly SendForm[];

export function isSendForm(text: string): text is SendForm {
  return (SEND_FORMS as readonly string[]).includes(text);
}
