import type { PartitionQueue } from '../batches/partition-queue.ts';
import type { ProducerBatch } from '../batches/producer-batch.ts';
import type { ProducerConnection } from '../producer-cluster.ts';

/** What makes a partition's first batch ready, beside being full. */
export interface Readiness {
  readonly nowNs: number;
  readonly lingerNs: number;
  /** Memory is waited for, or a flush or close is under way: nothing lingers. */
  readonly isUrgent: boolean;
}

/** One broker: the queues it leads, its connection, and what is in flight to it. */
export class BrokerNode {
  readonly nodeId: number;
  /** Of the partitions led here, in a fixed order. */
  queues: PartitionQueue[] = [];
  connection: ProducerConnection | null = null;
  isConnecting = false;
  /** No attempt to connect before this. */
  connectAtNs = 0;
  /** The broker asked for a pause until then (throttle_time_ms, KIP-219). */
  throttledUntilNs = 0;
  /** Requests not ended. */
  inFlight = 0;
  /** When batches were last ready for it, and when it last took some (partitioner.availability.timeout.ms). */
  readyNs = 0;
  drainedNs = 0;
  private drainIndex = 0;

  constructor(nodeId: number) {
    this.nodeId = nodeId;
  }

  /** 0 when a batch is ready now, else when the first will be; Infinity when there is none. */
  readyAtNs(readiness: Readiness): number {
    let earliestNs = Number.POSITIVE_INFINITY;
    for (let index = 0; index < this.queues.length; index++) {
      const atNs = this.queueReadyAtNs(this.queues[index]!, readiness);
      if (atNs <= readiness.nowNs) return 0;
      if (atNs < earliestNs) earliestNs = atNs;
    }
    return earliestNs;
  }

  /**
   * Takes the first batch of every partition, up to `maxBytes` by estimate but at least one batch, going round
   * from where the last drain stopped (RecordAccumulator.drainBatchesForOneNode: once a broker gets a request, it
   * gets what there is, lingering batches too).
   */
  drain(nowNs: number, maxBytes: number): ProducerBatch[] {
    const drained: ProducerBatch[] = [];
    const { queues } = this;
    if (queues.length === 0) return drained;
    let bytes = 0;
    const start = this.drainIndex % queues.length;
    let index = start;
    do {
      this.drainIndex = index;
      const queue = queues[index]!;
      index = (index + 1) % queues.length;
      const first = queue.batches.peekFront();
      if (first === undefined || first.backoffUntilNs > nowNs || !queue.maySend(first, this.nodeId)) continue;
      const wireBytes = first.wireBytes;
      if (drained.length > 0 && bytes + wireBytes > maxBytes) break;
      queue.takeFirst();
      first.sentToId = this.nodeId;
      first.leaderEpoch = queue.leaderEpoch;
      bytes += wireBytes;
      drained.push(first);
    } while (index !== start);
    return drained;
  }

  private queueReadyAtNs(queue: PartitionQueue, readiness: Readiness): number {
    const first = queue.batches.peekFront();
    if (first === undefined || !queue.maySend(first, this.nodeId)) return Number.POSITIVE_INFINITY;
    if (first.backoffUntilNs > readiness.nowNs) return first.backoffUntilNs;
    // Closed for appends: full, or sent before.
    if (first !== queue.open || readiness.isUrgent) return 0;
    return first.createdNs + readiness.lingerNs;
  }
}
