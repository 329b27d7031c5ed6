import { Ring } from './ring.ts';

/** Sizes recycled besides the pooled one: its doubles, quadruples, ... up to this power. */
const MAX_DOUBLINGS = 6;

/** Somebody waiting for memory; opaque. */
export interface BufferWaiter {
  readonly sizeBytes: number;
  readonly onAvailable: () => void;
}

/**
 * Buffers under a fixed budget, as Kafka's BufferPool: only buffers of the pooled size (here also of its doubles,
 * which compressed batches grow into) are kept for reuse, and memory goes to whoever has waited longest.
 * Memory is taken from the system only when first needed; a recycled buffer keeps its old contents.
 */
export class BufferPool {
  readonly totalBytes: number;
  readonly pooledBytes: number;
  /** Of the budget, neither handed out nor kept for reuse. */
  private unallocatedBytes: number;
  private keptBytes = 0;
  private readonly kept: Buffer[][] = Array.from({ length: MAX_DOUBLINGS + 1 }, () => []);
  private readonly waiters = new Ring<BufferWaiter>();
  /** Somebody who waited has the turn: the others do not stand in the way. */
  private serving = false;

  /** `pooledBytes` 0 recycles nothing. */
  constructor(totalBytes: number, pooledBytes: number) {
    this.totalBytes = totalBytes;
    this.pooledBytes = pooledBytes;
    this.unallocatedBytes = totalBytes;
  }

  get availableBytes(): number {
    return this.unallocatedBytes + this.keptBytes;
  }

  get waiting(): number {
    return this.waiters.length;
  }

  /** A buffer of exactly this size, or null when memory lacks or somebody else waits for it. */
  tryAllocate(sizeBytes: number): Buffer | null {
    if (this.waiters.length > 0 && !this.serving) return null;
    if (sizeBytes > this.unallocatedBytes + this.keptBytes) return null;
    const doublings = this.doublingsOf(sizeBytes);
    const recycled = doublings < 0 ? undefined : this.kept[doublings]!.pop();
    if (recycled !== undefined) {
      this.keptBytes -= sizeBytes;
      return recycled;
    }
    this.discardKept(sizeBytes);
    this.unallocatedBytes -= sizeBytes;
    return Buffer.allocUnsafeSlow(sizeBytes);
  }

  /** Takes back a buffer that tryAllocate gave, and lets those who wait have their turn, in order. */
  release(buffer: Buffer): void {
    const doublings = this.doublingsOf(buffer.length);
    if (doublings < 0) {
      this.unallocatedBytes += buffer.length;
    } else {
      this.kept[doublings]!.push(buffer);
      this.keptBytes += buffer.length;
    }
    if (this.waiters.length > 0) this.serveWaiters();
  }

  /**
   * Calls back once, from within release() or cancel(), when `sizeBytes` are there and all who asked before have
   * had their turn; whoever is called allocates then and there. Sizes above the whole budget are never served.
   */
  whenAvailable(sizeBytes: number, onAvailable: () => void): BufferWaiter {
    const waiter = { sizeBytes, onAvailable };
    this.waiters.pushBack(waiter);
    return waiter;
  }

  cancel(waiter: BufferWaiter): void {
    if (this.waiters.remove(waiter)) this.serveWaiters();
  }

  private serveWaiters(): void {
    if (this.serving) return;
    this.serving = true;
    // Whoever is called may wait again, behind those who were there before: one turn each.
    for (let turns = this.waiters.length; turns > 0; turns--) {
      const first = this.waiters.peekFront();
      if (first === undefined || first.sizeBytes > this.availableBytes) break;
      this.waiters.popFront();
      first.onAvailable();
    }
    this.serving = false;
  }

  private discardKept(neededBytes: number): void {
    for (let doublings = MAX_DOUBLINGS; doublings >= 0; doublings--) {
      const buffers = this.kept[doublings]!;
      while (this.unallocatedBytes < neededBytes && buffers.length > 0) {
        const bytes = buffers.pop()!.length;
        this.keptBytes -= bytes;
        this.unallocatedBytes += bytes;
      }
    }
  }

  /** How often the pooled size was doubled to give this one; -1 when it is another size. */
  private doublingsOf(sizeBytes: number): number {
    if (this.pooledBytes === 0) return -1;
    if (sizeBytes === this.pooledBytes) return 0;
    for (let doublings = 1; doublings <= MAX_DOUBLINGS; doublings++) {
      if (sizeBytes === this.pooledBytes * 2 ** doublings) return doublings;
    }
    return -1;
  }
}
