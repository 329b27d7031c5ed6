/**
 * When each record is due, computed from its index alone, so that a late one delays no other:
 *
 *     slot k of generator g of G:   start + (k x G + g) / rate
 */
export class SlotSchedule {
  private readonly firstNs: number;
  private readonly stepNs: number;

  /** `recordsPerSecond` is over all generators. */
  constructor(options: {
    readonly startNs: number;
    readonly recordsPerSecond: number;
    readonly generator: number;
    readonly generators: number;
  }) {
    const gapNs = 1e9 / options.recordsPerSecond;
    this.firstNs = options.startNs + options.generator * gapNs;
    this.stepNs = options.generators * gapNs;
  }

  slotNs(index: number): number {
    return this.firstNs + index * this.stepNs;
  }

  /** How many slots lie before the time. */
  slotsBefore(timeNs: number): number {
    let count = Math.max(0, Math.ceil((timeNs - this.firstNs) / this.stepNs));
    // Division and multiplication round differently: settle the edge by the slots themselves.
    while (count > 0 && this.slotNs(count - 1) >= timeNs) count--;
    while (this.slotNs(count) < timeNs) count++;
    return count;
  }
}
