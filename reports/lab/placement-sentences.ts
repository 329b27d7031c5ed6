import { countText, partitionsText } from '../number-text.ts';
import type { Disagreement, LabResult, Moved, MovedKey } from './lab-result.ts';
import { shareText } from './share-text.ts';

/** Who is meant by a strategy: `your Java service`, or the module. */
function serviceOf({ strategies }: LabResult, name: string): string {
  const service = strategies.find((one) => one.name === name)?.service ?? null;
  return service === null ? name : `your ${service} service`;
}

/** `Your Go (sarama) service and your Java service disagree on 92 % of keys.` */
export function disagreementSentence(lab: LabResult, { a, b, share }: Disagreement): string {
  const subject = `${serviceOf(lab, b).replace(/^your /, 'Your ')} and ${serviceOf(lab, a)}`;
  return share === 0
    ? `${subject} place every key alike.`
    : `${subject} disagree on ${shareText(share)} of keys.`;
}

/** What the move does to the order of one key. */
export function movedKeySentence({ key, records, before, after }: MovedKey): string {
  const so = records === 1 ? 'its record so far is' : `its ${countText(records)} records so far are`;
  return `${JSON.stringify(key)}: ${so} in partition ${before}, the next go to partition ${after}; who reads ${after} may be ahead of who reads ${before}.`;
}

/** `From 12 to 16 partitions`. */
export function fromTo({ from, to }: Pick<Moved, 'from' | 'to'>): string {
  return `${countText(from)} to ${partitionsText(to)}`;
}
