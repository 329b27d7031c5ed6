import type { Clock } from '../../base/clock.ts';
import { kafkaError, TidemarkError } from '../../base/errors.ts';
import type { Random } from '../../base/random.ts';
import { backoffMs } from '../../client/backoff.ts';
import { type InitProducerIdResponse, initProducerIdApi } from '../../wire/messages/init-producer-id.ts';
import { isRetriable } from '../delivery/produce-errors.ts';
import type { ProducerCluster } from '../producer-cluster.ts';

const LAST_EPOCH = 0x7fff;
const NS_PER_MS = 1e6;
/** Means something for transactions only; Kafka's producer sends this too. */
const NO_TRANSACTION_TIMEOUT_MS = 0x7fff_ffff;

export interface IdentityOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly retryBackoffMs: number;
  readonly retryBackoffMaxMs: number;
  /** The id is there, or another attempt is due. */
  readonly onChange: () => void;
  /** Asking again is of no use: whatever waits for the id must fail. */
  readonly onFatal: (error: TidemarkError) => void;
}

/**
 * Producer id and epoch (KIP-98, KIP-360). Fetched from any broker before the first batch is drained; the epoch is
 * then raised here, without asking, until it is used up and a new id is fetched.
 */
export class ProducerIdentity {
  /** -1 until there is one. */
  producerId = -1;
  epoch = -1;
  /** When to ask next, in clock nanoseconds; Infinity while a request is on its way. */
  retryAtNs = 0;
  private readonly options: IdentityOptions;
  private failures = 0;

  constructor(options: IdentityOptions) {
    this.options = options;
  }

  get isReady(): boolean {
    return this.producerId >= 0;
  }

  /** The next epoch; after the last there is no identity until request() has brought a new one. */
  bump(): void {
    if (this.epoch < LAST_EPOCH) {
      this.epoch++;
      return;
    }
    this.producerId = -1;
    this.epoch = -1;
  }

  /** Asks for an id, unless a request is on its way or its backoff has not passed. */
  request(cluster: ProducerCluster): void {
    if (this.isReady || this.options.clock.nowNs() < this.retryAtNs) return;
    this.retryAtNs = Number.POSITIVE_INFINITY;
    cluster.anyConnection().then(
      (connection) => {
        connection.send(
          initProducerIdApi,
          {
            transactionalId: null,
            transactionTimeoutMs: NO_TRANSACTION_TIMEOUT_MS,
            producerId: -1,
            producerEpoch: -1,
          },
          { onResponse: (error, body) => this.take(error, body) },
        );
      },
      (thrown: unknown) => this.fail(thrown as TidemarkError, 0),
    );
  }

  private take(error: TidemarkError | null, body: InitProducerIdResponse | null): void {
    if (error !== null || body === null) {
      this.fail(error ?? new TidemarkError('PROTOCOL', 'InitProducerId was not answered'), 0);
    } else if (body.errorCode !== 0) {
      this.fail(kafkaError(body.errorCode, 'no producer id (InitProducerId)'), body.throttleTimeMs);
    } else if (body.producerId < 0 || body.producerEpoch < 0) {
      const got = `id ${body.producerId} and epoch ${body.producerEpoch}`;
      this.fail(new TidemarkError('PROTOCOL', `InitProducerId was answered with ${got}`), 0);
    } else {
      this.producerId = body.producerId;
      this.epoch = body.producerEpoch;
      this.failures = 0;
      this.retryAtNs = 0;
      this.options.onChange();
    }
  }

  private fail(error: TidemarkError, throttleTimeMs: number): void {
    const { clock, random, retryBackoffMs: firstMs, retryBackoffMaxMs: maxMs } = this.options;
    const pauseMs = Math.max(backoffMs({ firstMs, maxMs }, ++this.failures, random), throttleTimeMs, 1);
    this.retryAtNs = clock.nowNs() + pauseMs * NS_PER_MS;
    if (!isRetriable(error)) this.options.onFatal(error);
    this.options.onChange();
  }
}
