/** Sequence numbers count records per partition and go from INT_MAX back to 0 (DefaultRecordBatch.incrementSequence). */
const SEQUENCES = 2 ** 31;

export function addToSequence(sequence: number, records: number): number {
  return (sequence + records) % SEQUENCES;
}

/** Whether `sequence` comes after `other`, both being less than half the numbers apart. */
export function isLaterSequence(sequence: number, other: number): boolean {
  const distance = (sequence - other + SEQUENCES) % SEQUENCES;
  return distance > 0 && distance < SEQUENCES / 2;
}
