import type { Random } from '../base/random.ts';
import { ZERO_UUID } from '../wire/schema.ts';

const UUID_WORDS = 4;

/** 32 lower-case hex digits that are not taken so far: a seed that is used again draws the ids of the run before again. */
export function drawTopicId(random: Random, isTaken: (id: string) => boolean): string {
  for (;;) {
    const words = Array.from({ length: UUID_WORDS }, () => random.nextUint32());
    const id = words.map((word) => word.toString(16).padStart(8, '0')).join('');
    if (id !== ZERO_UUID && !isTaken(id)) return id;
  }
}
