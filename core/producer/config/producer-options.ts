import type { Clock } from '../../base/clock.ts';
import type { Network } from '../../base/network.ts';
import type { Random } from '../../base/random.ts';
import type { TokenSource } from '../../client/security/security-config.ts';
import type { Serializer } from '../../record/serializers.ts';
import type { ProducerInterceptor } from '../intake/interceptors.ts';
import type { Partitioner } from '../partitioners/partitioner-module.ts';
import type { ProducerCluster } from '../producer-cluster.ts';
import type { ProducerObserver } from '../types.ts';
import type { ProducerConfig } from './config.ts';
import type { PARTITIONER_NAMES } from './partitioner-choice.ts';
import type { SerializerName } from './serializer-choice.ts';

export type PropertyValue = string | number | boolean;

/** The properties that applications usually set: an editor completes them. */
export type UsualProperty =
  | 'bootstrap.servers'
  | 'client.id'
  | 'acks'
  | 'batch.size'
  | 'linger.ms'
  | 'buffer.memory'
  | 'max.block.ms'
  | 'max.request.size'
  | 'compression.type'
  | 'compression.gzip.level'
  | 'compression.lz4.level'
  | 'compression.zstd.level'
  | 'enable.idempotence'
  | 'max.in.flight.requests.per.connection'
  | 'retries'
  | 'retry.backoff.ms'
  | 'delivery.timeout.ms'
  | 'request.timeout.ms'
  | 'partitioner.class'
  | 'partitioner.ignore.keys'
  | 'key.serializer'
  | 'value.serializer'
  | 'interceptor.classes'
  | 'security.protocol'
  | 'ssl.truststore.type'
  | 'ssl.truststore.location'
  | 'ssl.truststore.certificates'
  | 'ssl.keystore.type'
  | 'ssl.keystore.location'
  | 'ssl.keystore.key'
  | 'ssl.keystore.certificate.chain'
  | 'ssl.key.password'
  | 'sasl.mechanism'
  | 'sasl.jaas.config';

/**
 * Properties under Kafka's own names (docs/producer-properties.md has all of them). Others than the usual ones
 * compile too, since a configuration often comes from a file; a name that Kafka does not have is refused when the
 * producer is made, with the nearest one that it has.
 */
export type ProducerProperties = { readonly [Name in UsualProperty]?: PropertyValue } & {
  readonly [name: string]: PropertyValue;
};

/** An object, the name of a built-in serializer, or the path of a module whose default export is one. */
export type SerializerOption<T> = Serializer<T> | SerializerName | (string & {});

/**
 * An object with the method partition, or what partitioner.class takes: a name, or a module's path.
 */
export type PartitionerOption = Partitioner | keyof typeof PARTITIONER_NAMES | (string & {});

/** What no property can say. Whatever of the outside world is not given is the real one. */
export interface ProducerOptions<K = unknown, V = unknown> {
  /** Goes before key.serializer. */
  readonly keySerializer?: SerializerOption<K>;
  /** Goes before value.serializer. */
  readonly valueSerializer?: SerializerOption<V>;
  /** Called after those of interceptor.classes, in this order. */
  readonly interceptors?: readonly ProducerInterceptor<K, V>[];
  /** Goes before partitioner.class. */
  readonly partitioner?: PartitionerOption;
  /** The token of sasl.mechanism=OAUTHBEARER, or a function asked for one whenever a connection logs in. */
  readonly oauthBearerToken?: string | TokenSource;
  readonly clock?: Clock;
  readonly random?: Random;
  readonly network?: Network;
  readonly observer?: ProducerObserver;
  /** Instead of a cluster of its own: for tests and benchmarks without a network. */
  readonly connect?: (config: ProducerConfig) => Promise<ProducerCluster>;
}
