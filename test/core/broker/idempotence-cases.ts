/** What a broker does with the batches of idempotent producers: the same on a real Kafka 4.1, where all were tried. */

const INT_MAX = 2 ** 31 - 1;

/** One batch of `count` records, sent in this order, and Kafka's answer. */
export interface SequenceStep {
  readonly producerId?: number;
  readonly epoch?: number;
  readonly sequence: number;
  readonly count?: number;
  readonly error?: string;
  /** -1 with an error. */
  readonly offset: number;
}

export interface SequenceCase {
  readonly name: string;
  /** Sent one after the other to an empty partition. */
  readonly steps: readonly SequenceStep[];
}

const OUT_OF_ORDER = 'OUT_OF_ORDER_SEQUENCE_NUMBER';
const STALE = 'INVALID_PRODUCER_EPOCH';
const INVALID = 'INVALID_RECORD';

export const SEQUENCE_CASES: readonly SequenceCase[] = [
  {
    name: 'batches that follow each other are appended',
    steps: [
      { sequence: 0, count: 3, offset: 0 },
      { sequence: 3, count: 1, offset: 3 },
      { sequence: 4, count: 2, offset: 4 },
    ],
  },
  {
    name: 'the last five batches are known again, in any order',
    steps: [
      { sequence: 0, count: 2, offset: 0 },
      { sequence: 2, count: 2, offset: 2 },
      { sequence: 4, count: 2, offset: 4 },
      { sequence: 6, count: 2, offset: 6 },
      { sequence: 8, count: 2, offset: 8 },
      { sequence: 0, count: 2, offset: 0 },
      { sequence: 8, count: 2, offset: 8 },
      { sequence: 4, count: 2, offset: 4 },
      { sequence: 10, count: 2, offset: 10 },
      { sequence: 2, count: 2, offset: 2 },
    ],
  },
  {
    name: 'a sixth batch back is out of order',
    steps: [
      ...Array.from({ length: 6 }, (_, index) => ({ sequence: index, offset: index })),
      { sequence: 0, offset: -1, error: OUT_OF_ORDER },
      { sequence: 1, offset: 1 },
      { sequence: 6, offset: 6 },
    ],
  },
  {
    name: 'only the exact range is a duplicate',
    steps: [
      { sequence: 0, count: 4, offset: 0 },
      { sequence: 0, count: 3, offset: -1, error: OUT_OF_ORDER },
      { sequence: 0, count: 5, offset: -1, error: OUT_OF_ORDER },
      { sequence: 1, count: 3, offset: -1, error: OUT_OF_ORDER },
      { sequence: 0, count: 4, offset: 0 },
    ],
  },
  {
    name: 'a gap is out of order, and what fills it is taken',
    steps: [
      { sequence: 0, count: 2, offset: 0 },
      { sequence: 4, count: 2, offset: -1, error: OUT_OF_ORDER },
      { sequence: 2, count: 2, offset: 2 },
      { sequence: 4, count: 2, offset: 4 },
    ],
  },
  {
    name: 'sequences go on with 0 behind the largest int32',
    steps: [
      { sequence: INT_MAX - 1, count: 2, offset: 0 },
      { sequence: 0, count: 2, offset: 2 },
      { sequence: INT_MAX - 1, count: 2, offset: 0 },
      { sequence: 2, count: 1, offset: 4 },
    ],
  },
  {
    name: 'a batch may itself run over the largest int32',
    steps: [
      { sequence: INT_MAX - 1, count: 4, offset: 0 },
      { sequence: INT_MAX - 1, count: 4, offset: 0 },
      { sequence: 2, count: 1, offset: 4 },
    ],
  },
  {
    name: 'a producer without state may begin anywhere',
    steps: [
      { sequence: 17, offset: 0 },
      { sequence: 18, offset: 1 },
      { sequence: 18, offset: 1 },
      { sequence: 17, offset: 0 },
    ],
  },
  {
    name: 'a new epoch begins with 0, and the old one is over',
    steps: [
      { sequence: 0, count: 2, offset: 0 },
      { epoch: 1, sequence: 2, offset: -1, error: OUT_OF_ORDER },
      { sequence: 2, offset: 2 },
      { epoch: 1, sequence: 0, offset: 3 },
      { epoch: 0, sequence: 3, offset: -1, error: STALE },
      { epoch: 0, sequence: 2, offset: -1, error: STALE },
      { epoch: 1, sequence: 0, offset: 3 },
      { epoch: 7, sequence: 0, offset: 4 },
    ],
  },
  {
    name: 'producers do not meet',
    steps: [
      { producerId: 4001, sequence: 0, offset: 0 },
      { producerId: 4002, sequence: 0, offset: 1 },
      { producerId: 4001, sequence: 1, offset: 2 },
      { producerId: 4002, sequence: 0, offset: 1 },
      { producerId: 4002, epoch: 1, sequence: 0, offset: 3 },
      { producerId: 4001, sequence: 2, offset: 4 },
    ],
  },
  {
    name: 'a negative sequence with a producer id is no record',
    steps: [
      { sequence: -1, offset: -1, error: INVALID },
      { sequence: -5, count: 2, offset: -1, error: INVALID },
      { sequence: -(2 ** 31), offset: -1, error: INVALID },
      { sequence: 0, offset: 0 },
    ],
  },
  {
    name: 'without a producer id sequence and epoch mean nothing',
    steps: [
      { producerId: -1, epoch: -1, sequence: 5, offset: 0 },
      { producerId: -1, epoch: 3, sequence: 5, offset: 1 },
      { producerId: -1, epoch: -1, sequence: -9, offset: 2 },
      { producerId: -7, epoch: 0, sequence: 0, offset: 3 },
      { producerId: -7, epoch: 0, sequence: 0, offset: 4 },
    ],
  },
  {
    name: 'an epoch of -1 counts as no epoch: duplicates are known, and nothing is out of order',
    steps: [
      { epoch: -1, sequence: 0, offset: 0 },
      { epoch: -1, sequence: 9, offset: 1 },
      { epoch: -1, sequence: 9, offset: 1 },
      { epoch: 0, sequence: 5, offset: 2 },
      { epoch: -1, sequence: 6, offset: -1, error: STALE },
      { epoch: 0, sequence: 6, offset: 3 },
    ],
  },
  {
    name: 'an epoch below -1 is behind any',
    steps: [
      { epoch: -2, sequence: 0, offset: -1, error: STALE },
      { epoch: 0, sequence: 0, offset: 0 },
    ],
  },
  {
    name: 'the largest epoch and the largest id that a number holds are taken',
    steps: [
      { producerId: Number.MAX_SAFE_INTEGER, epoch: 32_767, sequence: 0, offset: 0 },
      { producerId: Number.MAX_SAFE_INTEGER, epoch: 32_767, sequence: 1, offset: 1 },
      { producerId: Number.MAX_SAFE_INTEGER, epoch: 32_767, sequence: 1, offset: 1 },
    ],
  },
];

const DEFAULTS = { producerId: 4000, epoch: 0, count: 1, error: 'NONE' };

/** The step with everything it left out. */
export function wholeStep(step: SequenceStep): Required<SequenceStep> {
  return { ...DEFAULTS, ...step };
}
