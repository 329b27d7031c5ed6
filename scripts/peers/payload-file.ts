import { writeFileSync } from 'node:fs';
import type { Random } from '../../core/base/random.ts';

/** More than any client puts into one batch, so that no codec meets a line twice in a batch. */
const FILE_BYTES = 4 * 1024 * 1024;
const WORDS =
  'order created paid shipped returned customer basket price currency amount warehouse carrier parcel address street city country email phone device session browser search click view product category colour size stock discount voucher invoice refund'.split(
    ' ',
  );

/**
 * Lines of `recordSizeBytes` each: JSON like an event's, whose names repeat and whose values do not. ASCII without
 * line breaks, since ProducerPerformance reads lines of text.
 */
export function makePayloads(recordSizeBytes: number, random: Random): string[] {
  const lines: string[] = [];
  for (let index = 0; index * recordSizeBytes < FILE_BYTES; index++) {
    const user = random.nextUint32().toString(16).padStart(8, '0');
    const head = `{"id":${1_000_000 + index},"at":${1_700_000_000_000 + index * 37},"user":"${user}","note":"`;
    const noteLength = recordSizeBytes - head.length - 2;
    if (noteLength < 0)
      throw new RangeError(`a record must have at least ${head.length + 2} B, got ${recordSizeBytes}`);
    let note = '';
    while (note.length < noteLength) {
      const word = WORDS[random.nextBelow(WORDS.length)]!;
      note += `${word} ${random.nextUint32().toString(36)}${random.nextUint32().toString(36)} `;
    }
    note = note.slice(0, noteLength);
    lines.push(`${head}${note}"}`);
  }
  return lines;
}

export function writePayloadFile(path: string, recordSizeBytes: number, random: Random): void {
  writeFileSync(path, `${makePayloads(recordSizeBytes, random).join('\n')}\n`);
}
