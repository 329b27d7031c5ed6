/**
 * The draw of KIP-794 (BuiltInPartitioner): a partition's weight is `max(queue) + 1 - queue`, so that short
 * queues get more. Queues 0, 3, 1 give weights 4, 1, 3, whose running sums are 4, 5, 8; a draw below 8 goes to
 * the first sum strictly greater: 0..3 to the first partition, 4 to the second, 5..7 to the third.
 */
export class LoadTable {
  readonly sums: readonly number[];
  readonly partitions: readonly number[];

  private constructor(sums: readonly number[], partitions: readonly number[]) {
    this.sums = sums;
    this.partitions = partitions;
  }

  /**
   * `sizes[i]` batches wait for `partitions[i]`; `total` partitions stand behind them, of which some may have been
   * left out. Null means draw evenly: fewer than two partitions, or all queues equal and none left out.
   */
  static build(sizes: readonly number[], partitions: readonly number[], total: number): LoadTable | null {
    if (sizes.length < 1 || total < 2) return null;
    let longest = 0;
    let allEqual = true;
    for (const size of sizes) {
      if (size > longest) longest = size;
      if (size !== sizes[0]) allEqual = false;
    }
    if (allEqual && sizes.length === total) return null;
    const sums: number[] = [];
    let sum = 0;
    for (const size of sizes) {
      sum += longest + 1 - size;
      sums.push(sum);
    }
    return new LoadTable(sums, partitions.slice());
  }

  /** Draws are taken below this. */
  get range(): number {
    return this.sums[this.sums.length - 1]!;
  }

  partitionOf(draw: number): number {
    let low = 0;
    let high = this.sums.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.sums[middle]! > draw) high = middle;
      else low = middle + 1;
    }
    return this.partitions[low]!;
  }
}
