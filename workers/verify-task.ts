import { SeededRandom } from '../core/base/random.ts';
import { realClock } from '../core/base/real-clock.ts';
import { Cluster } from '../core/client/cluster.ts';
import { createTcpNetwork } from '../core/client/tcp-network.ts';
import { fetchPartitions } from '../core/consumer/fetch-partitions.ts';
import type { RecordCursor } from '../core/record/record-cursor.ts';
import { createRecordPool, type RecordPool } from './record-source.ts';
import { readBinaryStamp, readTextStamp, STAMP_HEADER, type Stamp } from './record-stamp.ts';
import { SequenceLedger } from './sequence-ledger.ts';
import type { WorkloadSpec } from './trial-spec.ts';

/** Reads partitions 0 to n-1 from their beginning up to the offsets given. */
export interface VerifyTask {
  readonly bootstrapServers: string;
  readonly topic: string;
  readonly endOffsets: readonly number[];
  readonly workload: WorkloadSpec;
  readonly seed: number;
  readonly generators: readonly { readonly sent: number; readonly failedSequences: Float64Array }[];
}

export interface VerifyReport {
  readonly records: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly reordered: number;
  readonly corrupted: number;
  readonly failedButWritten: number;
}

/** The pool's task: reads a topic back and holds each record against what was sent. */
export default async function verifyTopic(task: VerifyTask): Promise<VerifyReport> {
  const pool = createRecordPool(task.workload, task.seed);
  const checker = new RecordChecker(pool, task);
  const cluster = await Cluster.connect({
    bootstrapServers: task.bootstrapServers.split(','),
    clientId: 'tidemark-verify',
    network: createTcpNetwork(),
    clock: realClock,
    random: new SeededRandom(task.seed),
  });
  try {
    await fetchPartitions({
      cluster,
      topic: task.topic,
      ranges: task.endOffsets.map((end, partition) => ({ partition, startOffset: 0, endOffset: end })),
      onBatch: (partition, cursor) => checker.check(partition, cursor),
    });
  } finally {
    await cluster.close();
  }
  return checker.report();
}

/** Compares records read back with the pool they were made from. */
class RecordChecker {
  private records = 0;
  private readonly pool: RecordPool;
  private readonly ledgers: readonly SequenceLedger[];
  private readonly task: VerifyTask;
  private readonly stamp: Stamp = { generator: 0, sequence: 0 };

  constructor(pool: RecordPool, task: VerifyTask) {
    this.pool = pool;
    this.task = task;
    this.ledgers = task.generators.map(({ sent }) => new SequenceLedger(sent, pool.keyOrder.keys.length));
  }

  check(partition: number, cursor: RecordCursor): void {
    while (cursor.next()) {
      this.records++;
      const ledger = this.readStamp(cursor) ? this.ledgers[this.stamp.generator] : undefined;
      if (ledger === undefined) {
        this.ledgers[0]!.observeUnreadable();
        continue;
      }
      const { sequence } = this.stamp;
      const keyIndex = this.pool.keyOrder.keyIndexAt(sequence);
      ledger.observe(partition, sequence, keyIndex, this.isIntact(cursor, sequence, keyIndex));
    }
  }

  report(): VerifyReport {
    const findings = this.ledgers.map((ledger, generator) =>
      ledger.findings(this.task.generators[generator]!.failedSequences),
    );
    const sum = (figure: (one: (typeof findings)[number]) => number): number =>
      findings.reduce((total, one) => total + figure(one), 0);
    return {
      records: this.records,
      lost: sum((one) => one.lost),
      duplicated: sum((one) => one.duplicated),
      reordered: sum((one) => one.reordered),
      corrupted: sum((one) => one.corrupted),
      failedButWritten: sum((one) => one.failedButWritten),
    };
  }

  private readStamp(cursor: RecordCursor): boolean {
    if (this.pool.stampOffset >= 0) {
      return cursor.value !== null && readTextStamp(cursor.value, this.pool.stampOffset, this.stamp);
    }
    const header = cursor.headers().find(({ key }) => key === STAMP_HEADER);
    return header?.value instanceof Buffer && readBinaryStamp(header.value, this.stamp);
  }

  private isIntact(cursor: RecordCursor, sequence: number, keyIndex: number): boolean {
    const { payloads, keyOrder, stampOffset } = this.pool;
    const expected = payloads[sequence % payloads.length]!;
    const value = cursor.value;
    if (value === null || value.length !== expected.length) return false;
    // The stamp inside a value was read already; the rest must be as it was sent.
    const from = stampOffset < 0 ? 0 : stampOffset + 20;
    if (expected.compare(value, from, value.length, from, expected.length) !== 0) return false;
    if (stampOffset > 0 && expected.compare(value, 0, stampOffset, 0, stampOffset) !== 0) return false;
    const key = cursor.key;
    return keyIndex < 0 ? key === null : key !== null && keyOrder.keys[keyIndex]!.equals(key);
  }
}
