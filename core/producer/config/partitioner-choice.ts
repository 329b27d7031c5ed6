import { isModulePath } from './module-path.ts';

/** Which partitioner a producer runs, as partitioner.class and its companions choose it. */
export type PartitionerChoice =
  /** KIP-794: sticky by bytes; the draw by queue length when adaptive, even otherwise. */
  | { readonly kind: 'built-in'; readonly adaptive: boolean; readonly ignoreKeys: boolean }
  /** KIP-480: sticky by batch. */
  | { readonly kind: 'sticky'; readonly ignoreKeys: boolean }
  | { readonly kind: 'round-robin' }
  | { readonly kind: 'random' }
  | { readonly kind: 'module'; readonly path: string };

/** The names of partitioner.class that are ours, with what each does. */
export const PARTITIONER_NAMES = {
  keyed: 'hash of the key (murmur2, as Kafka); records without a key as adaptive',
  sticky:
    'stays on a partition until a new batch opens there, then another at random (KIP-480, Kafka 2.4 to 3.2)',
  'uniform-sticky':
    'stays on a partition for batch.size bytes, then another, drawn evenly (KIP-794, adaptive off)',
  adaptive:
    'stays on a partition for batch.size bytes; drawn so that short queues get more (KIP-794, Kafka default)',
  'round-robin': 'the next available partition for every record; ignores keys',
  random: 'any available partition for every record; ignores keys',
} as const;

const JAVA_PREFIX = 'org.apache.kafka.clients.producer.';

export interface PartitionerSettings {
  readonly adaptive: boolean;
  readonly ignoreKeys: boolean;
}

/** Reads partitioner.class (our names, a module path, Java's class names, null for the built-in); null when unknown. */
export function choosePartitioner(
  name: string | null,
  settings: PartitionerSettings,
): PartitionerChoice | null {
  const { adaptive, ignoreKeys } = settings;
  switch (name) {
    case null:
    case '':
      return { kind: 'built-in', adaptive, ignoreKeys };
    case 'adaptive':
      return { kind: 'built-in', adaptive: true, ignoreKeys };
    case 'uniform-sticky':
      return { kind: 'built-in', adaptive: false, ignoreKeys };
    case 'keyed':
      return { kind: 'built-in', adaptive, ignoreKeys: false };
    case 'sticky':
    case `${JAVA_PREFIX}internals.DefaultPartitioner`:
      return { kind: 'sticky', ignoreKeys };
    case `${JAVA_PREFIX}UniformStickyPartitioner`:
    case `${JAVA_PREFIX}internals.UniformStickyPartitioner`:
      return { kind: 'sticky', ignoreKeys: true };
    case 'round-robin':
    case `${JAVA_PREFIX}RoundRobinPartitioner`:
      return { kind: 'round-robin' };
    case 'random':
      return { kind: 'random' };
    default:
      return isModulePath(name) ? { kind: 'module', path: name } : null;
  }
}
