import type { Clock } from '../../../core/base/clock.ts';
import { TidemarkError } from '../../../core/base/errors.ts';
import type { FetchCluster, FetchConnection, FetchTopic } from '../../../core/consumer/fetcher.ts';
import { BatchBuilder } from '../../../core/record/batch-builder.ts';
import { BatchView } from '../../../core/record/batch-view.ts';
import type { CompressionType } from '../../../core/record/types.ts';
import { decodeRequest, decodeResponse, encodeRequest, encodeResponse } from '../../../core/wire/framing.ts';
import type { FetchRequest, FetchResponse } from '../../../core/wire/messages/fetch.ts';
import { fetchApi } from '../../../core/wire/messages/fetch.ts';
import { decodeRequestHeader } from '../../../core/wire/request-header.ts';
import type { Draft } from '../../../core/wire/schema.ts';

export const TOPIC_ID = '00112233445566778899aabbccddeeff';

/** A sealed batch of records `v<offset>` from `baseOffset` on. */
export function batchOf(baseOffset: number, count: number, compression: CompressionType = 'none'): Buffer {
  const builder = new BatchBuilder();
  builder.reset(Buffer.alloc(64 * 1024));
  for (let index = 0; index < count; index++) {
    builder.append(1000 + baseOffset + index, `k${baseOffset + index}`, `v${baseOffset + index}`, null);
  }
  const batch = Buffer.from(builder.seal({ compression, level: null }));
  BatchView.patchBaseOffset(batch, 0, baseOffset);
  return batch;
}

/** Batches of one partition, in order. */
export class FakeLog {
  readonly batches: Buffer[] = [];
  endOffset = 0;
  leaderId = 1;

  append(count: number, compression: CompressionType = 'none'): this {
    this.batches.push(batchOf(this.endOffset, count, compression));
    this.endOffset += count;
    return this;
  }

  read(offset: number, maxBytes: number): Buffer[] {
    const found: Buffer[] = [];
    let bytes = 0;
    for (const batch of this.batches) {
      if (new BatchView(batch).lastOffset < offset) continue;
      if (found.length > 0 && bytes + batch.length > maxBytes) break;
      found.push(batch);
      bytes += batch.length;
    }
    return found;
  }
}

export interface FakeExchange {
  readonly nodeId: number;
  readonly request: FetchRequest;
  /** Ends the request; by default with what the logs hold. */
  answer(response?: Draft<FetchResponse>): void;
  fail(error: TidemarkError): void;
}

type Partition = FetchRequest['topics'][number]['partitions'][number];

/**
 * One topic, `events`, whose brokers answer fetches as a test says: at once with what the logs hold, or by hand.
 * Responses travel as real frames, which are wiped after the callback unless they are to be kept.
 */
export class FakeCluster implements FetchCluster {
  readonly clock: Clock;
  readonly logs: FakeLog[];
  readonly version: number;
  readonly exchanges: FakeExchange[] = [];
  readonly inFlight = new Map<number, number>();
  maxInFlight = 0;
  refreshes = 0;
  isTopicCached = true;
  /** Called for each request; answering it may wait. */
  onFetch: (exchange: FakeExchange) => void = (exchange) => exchange.answer();

  constructor(clock: Clock, logs: FakeLog[], version = 18) {
    this.clock = clock;
    this.logs = logs;
    this.version = version;
  }

  cachedTopic(): FetchTopic | null {
    if (!this.isTopicCached) return null;
    return { topicId: TOPIC_ID, partitions: this.logs.map(({ leaderId }) => ({ leaderId, leaderEpoch: 4 })) };
  }

  async metadataFor(topic: string): Promise<FetchTopic> {
    if (topic !== 'events') throw new TidemarkError('INVALID_TOPIC_EXCEPTION', `no topic ${topic}`);
    this.isTopicCached = true;
    return this.cachedTopic()!;
  }

  requestRefresh(): void {
    this.refreshes++;
  }

  openConnectionTo(nodeId: number): FetchConnection | null {
    return nodeId === 2 ? null : this.#connection(nodeId);
  }

  async connectionTo(nodeId: number): Promise<FetchConnection> {
    return this.#connection(nodeId);
  }

  /** What the logs hold for a request; null when nothing. */
  response(request: FetchRequest): { response: Draft<FetchResponse>; isEmpty: boolean } {
    const partitions = request.topics.flatMap((topic) =>
      topic.partitions.map((asked) => this.#answer(asked)),
    );
    return {
      response: { responses: [{ topic: 'events', topicId: TOPIC_ID, partitions }] },
      isEmpty: partitions.every((partition) => partition.records.length === 0),
    };
  }

  #answer(asked: Partition) {
    const log = this.logs[asked.partition]!;
    const records = log.read(asked.fetchOffset, asked.partitionMaxBytes);
    return { partitionIndex: asked.partition, highWatermark: log.endOffset, records };
  }

  #connection(nodeId: number): FetchConnection {
    return {
      send: (api, body, callbacks) => {
        const chunks = encodeRequest(
          fetchApi,
          this.version,
          { correlationId: 1, clientId: 'test' },
          body as never,
        );
        const frame = Buffer.concat(chunks).subarray(4);
        const { bodyOffset } = decodeRequestHeader(frame);
        const request = decodeRequest(fetchApi, this.version, frame, bodyOffset);
        const count = (this.inFlight.get(nodeId) ?? 0) + 1;
        this.inFlight.set(nodeId, count);
        this.maxInFlight = Math.max(this.maxInFlight, count);
        const end = (error: TidemarkError | null, response: Draft<FetchResponse> | null) =>
          this.clock.defer(() => {
            this.inFlight.set(nodeId, this.inFlight.get(nodeId)! - 1);
            if (response === null) {
              callbacks.onResponse(error, null);
              return;
            }
            const answered = Buffer.concat(encodeResponse(api, this.version, 1, response as never)).subarray(
              4,
            );
            callbacks.onResponse(null, decodeResponse(api, this.version, answered).body);
            if (callbacks.keepsBuffers !== true) answered.fill(0xee);
          });
        const exchange: FakeExchange = {
          nodeId,
          request,
          answer: (response) => {
            const found = this.response(request);
            if (response !== undefined) end(null, response);
            else if (!found.isEmpty) end(null, found.response);
            // As a broker: wait for data up to max.wait, then answer with what there is.
            else this.clock.setTimer(() => end(null, this.response(request).response), request.maxWaitMs);
          },
          fail: (error) => end(error, null),
        };
        this.exchanges.push(exchange);
        this.onFetch(exchange);
      },
    };
  }
}
