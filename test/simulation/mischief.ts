/** An error told of one partition of a produce request. */
export interface ProduceFault {
  readonly code: number;
  /** The batch is in the log nevertheless. */
  readonly isAppended: boolean;
}

/** What brokers do wrong, by chance, until the healing. */
export interface Mischief {
  readonly minProcessingMs: number;
  readonly maxProcessingMs: number;
  readonly produceFaultChance: number;
  readonly produceFaults: readonly ProduceFault[];
  /** The request is done, and the connection dies before the answer. */
  readonly lostAnswerChance: number;
  /** The request is done, and the connection never answers again. */
  readonly mutedChance: number;
  readonly delayedAnswerChance: number;
  readonly delayMs: number;
  readonly duplicatedAnswerChance: number;
  /** Another correlation id than asked for. */
  readonly strangeAnswerChance: number;
  /** Only the first bytes of the answer, then the end of the connection. */
  readonly truncatedAnswerChance: number;
  /** acks=0 is answered. */
  readonly unaskedAnswerChance: number;
  readonly throttleChance: number;
  /** A metadata answer with an error, without brokers, or with brokers and leaders that do not exist. */
  readonly metadataFaultChance: number;
  /** How long brokers tell of an old leader. */
  readonly staleMetadataMs: number;
  readonly producerIdFaultChance: number;
}

export const GOOD: Mischief = {
  minProcessingMs: 0,
  maxProcessingMs: 0,
  produceFaultChance: 0,
  produceFaults: [],
  lostAnswerChance: 0,
  mutedChance: 0,
  delayedAnswerChance: 0,
  delayMs: 0,
  duplicatedAnswerChance: 0,
  strangeAnswerChance: 0,
  truncatedAnswerChance: 0,
  unaskedAnswerChance: 0,
  throttleChance: 0,
  metadataFaultChance: 0,
  staleMetadataMs: 0,
  producerIdFaultChance: 0,
};
