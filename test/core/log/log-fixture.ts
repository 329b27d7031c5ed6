import { DEFAULT_LOG_CONFIG, type LogConfig } from '../../../core/log/log-config.ts';
import { BatchBuilder } from '../../../core/record/batch-builder.ts';
import { iterateBatches } from '../../../core/record/batch-view.ts';
import { RecordCursor } from '../../../core/record/record-cursor.ts';
import type { CompressionType } from '../../../core/record/types.ts';

const builder = new BatchBuilder();
const scratch = Buffer.allocUnsafe(1024 * 1024);

/** A sealed batch with one record per timestamp; values are `valueBytes` of text. */
export function makeBatch(
  timestampsMs: readonly number[],
  options: { valueBytes?: number; compression?: CompressionType; tag?: string } = {},
): Buffer {
  builder.reset(scratch);
  const value = (options.tag ?? '').padEnd(options.valueBytes ?? 20, 'v');
  for (const timestampMs of timestampsMs) builder.append(timestampMs, null, value, null);
  return Buffer.from(builder.seal({ compression: options.compression ?? 'none', level: null }));
}

/** Small segments and dense indexes unless told otherwise, so that little data meets every path. */
export function testConfig(overrides: Partial<LogConfig> = {}): LogConfig {
  return {
    ...DEFAULT_LOG_CONFIG,
    retentionMs: -1,
    segmentBytes: 1000,
    indexIntervalBytes: 100,
    ...overrides,
  };
}

/** Every record of the chunks as [offset, timestamp, value]. */
export function recordsOf(chunks: readonly Buffer[]): [number, number, string][] {
  const records: [number, number, string][] = [];
  const cursor = new RecordCursor();
  for (const chunk of chunks) {
    for (const batch of iterateBatches(chunk)) {
      cursor.reset(batch);
      while (cursor.next()) records.push([cursor.offset, cursor.timestampMs, String(cursor.value)]);
    }
  }
  return records;
}
