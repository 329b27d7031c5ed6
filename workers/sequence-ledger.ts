/** What reading a topic back showed; each must be 0 for the trial to count. */
export interface LedgerFindings {
  readonly lost: number;
  readonly duplicated: number;
  /** Records of one key that stand in their partition in another order than they were sent. */
  readonly reordered: number;
  readonly corrupted: number;
  /** Failed as the producer saw it, and in the log all the same: unknown outcomes, not an error. */
  readonly failedButWritten: number;
}

/**
 * Ticks off every record of one generator that is read back. Lost is what was acknowledged and not seen;
 * order is watched per key and partition (per partition for records without a key).
 */
export class SequenceLedger {
  private readonly seen: Uint8Array;
  private readonly lastByKey: (Float64Array | undefined)[] = [];
  private readonly sent: number;
  private readonly keys: number;
  private found = 0;
  private duplicated = 0;
  private reordered = 0;
  private corrupted = 0;

  /** `keys` is the cardinality; 0 when records have none. */
  constructor(sent: number, keys: number) {
    this.sent = sent;
    this.keys = Math.max(1, keys);
    this.seen = new Uint8Array(Math.ceil(sent / 8));
  }

  /** `keyIndex` is -1 without a key; `intact` false when key or value differ from what was sent. */
  observe(partition: number, sequence: number, keyIndex: number, intact: boolean): void {
    if (!intact || sequence >= this.sent) {
      this.corrupted++;
      if (sequence >= this.sent) return;
    }
    const byte = sequence >>> 3;
    const bit = 1 << (sequence & 7);
    if ((this.seen[byte]! & bit) !== 0) {
      this.duplicated++;
      return;
    }
    this.seen[byte] = this.seen[byte]! | bit;
    this.found++;
    this.watchOrder(partition, sequence, Math.max(0, keyIndex));
  }

  /** A record that carries no readable stamp of this run. */
  observeUnreadable(): void {
    this.corrupted++;
  }

  findings(failedSequences: Float64Array): LedgerFindings {
    let failedButWritten = 0;
    for (const sequence of failedSequences) if (this.has(sequence)) failedButWritten++;
    const acknowledged = this.sent - failedSequences.length;
    return {
      lost: acknowledged - (this.found - failedButWritten),
      duplicated: this.duplicated,
      reordered: this.reordered,
      corrupted: this.corrupted,
      failedButWritten,
    };
  }

  private has(sequence: number): boolean {
    return (this.seen[sequence >>> 3]! & (1 << (sequence & 7))) !== 0;
  }

  private watchOrder(partition: number, sequence: number, keyIndex: number): void {
    let last = this.lastByKey[partition];
    if (last === undefined) {
      last = new Float64Array(this.keys).fill(-1);
      this.lastByKey[partition] = last;
    }
    if (sequence < last[keyIndex]!) this.reordered++;
    else last[keyIndex] = sequence;
  }
}
