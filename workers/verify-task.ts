import { SeededRandom } from '../core/base/random.ts';
import { realClock } from '../core/base/real-clock.ts';
import { Cluster } from '../core/client/cluster.ts';
import { createTcpNetwork } from '../core/client/tcp-network.ts';
import { fetchPartitions } from '../core/consumer/fetch-partitions.ts';
import type { RecordCursor } from '../core/record/record-cursor.ts';
import { keptRecordPool, type RecordPool } from './record-source.ts';
import {
  readBinaryStamp,
  readTextStamp,
  STAMP_HEADER,
  STAMP_HEADER_BYTES,
  STAMP_TEXT_BYTES,
  type Stamp,
} from './record-stamp.ts';
import { securityOf } from './run-security.ts';
import { SequenceLedger } from './sequence-ledger.ts';
import type { WorkloadSpec } from './trial-spec.ts';

/** Reads partitions 0 to n-1 between the offsets given. */
export interface VerifyTask {
  readonly bootstrapServers: string;
  /** Properties of the run's producers with their secrets, as which the reader's connections are secured. */
  readonly producer: Readonly<Record<string, string>>;
  readonly topic: string;
  readonly startOffsets: readonly number[];
  readonly endOffsets: readonly number[];
  readonly workload: WorkloadSpec;
  readonly seed: number;
  readonly generators: readonly { readonly sent: number; readonly failedSequences: Float64Array }[];
}

export interface VerifyReport {
  readonly lost: number;
  readonly duplicated: number;
  readonly reordered: number;
  readonly corrupted: number;
}

const STAMP_HEADER_NAME = Buffer.from(STAMP_HEADER);

/** The pool's task: reads a topic back and holds each record against what was sent. */
export default async function verifyTopic(task: VerifyTask): Promise<VerifyReport> {
  const pool = keptRecordPool(task.workload, task.seed);
  const checker = new RecordChecker(pool, task);
  const cluster = await Cluster.connect({
    bootstrapServers: task.bootstrapServers.split(','),
    clientId: 'tidemark-verify',
    network: createTcpNetwork(),
    clock: realClock,
    random: new SeededRandom(task.seed),
    config: { security: securityOf(task.producer) },
  });
  try {
    await fetchPartitions({
      cluster,
      topic: task.topic,
      ranges: task.endOffsets.map((endOffset, partition) => ({
        partition,
        startOffset: task.startOffsets[partition]!,
        endOffset,
      })),
      onBatch: (partition, cursor) => checker.check(partition, cursor),
    });
  } finally {
    await cluster.close();
  }
  return checker.report();
}

/** Compares records read back with the pool they were made from. */
class RecordChecker {
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
      lost: sum((one) => one.lost),
      duplicated: sum((one) => one.duplicated),
      reordered: sum((one) => one.reordered),
      corrupted: sum((one) => one.corrupted),
    };
  }

  private readStamp(cursor: RecordCursor): boolean {
    const { stampOffset } = this.pool;
    if (stampOffset >= 0) return readTextStamp(cursor.bytes, cursor.valueStart + stampOffset, this.stamp);
    const position = cursor.findHeader(STAMP_HEADER_NAME);
    if (position < 0 || cursor.headerLength !== STAMP_HEADER_BYTES) return false;
    readBinaryStamp(cursor.bytes, position, this.stamp);
    return true;
  }

  /** Compares in place: a view per key and value would cost more than the comparison. */
  private isIntact(cursor: RecordCursor, sequence: number, keyIndex: number): boolean {
    const { payloads, keyOrder, stampOffset } = this.pool;
    const { bytes, keyStart, keyLength, valueStart, valueLength } = cursor;
    const value = payloads[sequence % payloads.length]!;
    if (valueLength !== value.length) return false;
    // The stamp inside a value was read already; the rest must be as it was sent.
    const from = stampOffset < 0 ? 0 : stampOffset + STAMP_TEXT_BYTES;
    if (value.compare(bytes, valueStart + from, valueStart + valueLength, from) !== 0) return false;
    if (stampOffset > 0 && value.compare(bytes, valueStart, valueStart + stampOffset, 0, stampOffset) !== 0)
      return false;
    if (keyIndex < 0) return keyLength < 0;
    const key = keyOrder.keys[keyIndex]!;
    return keyLength === key.length && key.compare(bytes, keyStart, keyStart + keyLength) === 0;
  }
}
