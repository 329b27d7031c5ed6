import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { TidemarkError } from '../../base/errors.ts';
import { describeValue } from '../../record/described.ts';

/** What a partitioner may know of the cluster, under the names of Kafka's Cluster and in short for the record's topic. */
export interface PartitionerCluster {
  /** Partitions of the record's topic, with and without a leader; at least 1. */
  readonly partitionCount: number;
  /** Those of them that have a leader, ascending; may be empty. */
  readonly availablePartitions: readonly number[];
  /** As Kafka's Cluster; null for another topic than the record's. */
  partitionCountForTopic(topic: string): number | null;
  /** As Kafka's Cluster; empty for another topic than the record's. */
  availablePartitionsForTopic(topic: string): readonly number[];
}

/**
 * A user's partitioner, as a module's default export or as an option: an object, or a class without parameters, with
 * the method of Kafka's Partitioner. Key and value are the bytes that will be sent.
 */
export interface Partitioner {
  /** The partition, 0 to partitionCount - 1, at once: a promise fails the record, and so does what is thrown. */
  partition(
    topic: string,
    key: Uint8Array | null,
    value: Uint8Array | null,
    cluster: PartitionerCluster,
  ): number;
  /** Called once, when the producer has closed. */
  close?(): void;
}

/** How errors tell what is expected. */
export const PARTITIONER_FORM = '{ partition(topic, key, value, cluster) { return 0; } }';

/** Modules of CommonJS that were loaded, by file. */
const { cache: loadedModules } = createRequire(import.meta.url);

/**
 * Loads a user's partitioner, its path relative to the working directory. `where` begins every message, such as
 * `partitioner.class=./mine.ts`. Each `instance` has the module to itself. Throws TidemarkError CONFIG.
 */
export async function loadPartitioner(
  modulePath: string,
  where: string,
  instance?: string,
): Promise<Partitioner> {
  const url = pathToFileURL(path.resolve(modulePath));
  if (instance !== undefined) url.search = instance;
  let loaded: { default?: unknown };
  const before = new Set(Object.keys(loadedModules));
  try {
    loaded = await import(url.href);
  } catch (cause) {
    throw new TidemarkError('CONFIG', `${where} cannot be loaded: ${loadReason(cause, modulePath)}`, {
      cause,
    });
  }
  if (instance !== undefined) forgetModules(before);
  const exported = defaultOf(loaded);
  if (isPartitioner(exported)) return exported;
  if (typeof exported === 'function' && isPartitioner(exported.prototype)) {
    return construct(where, exported as new () => Partitioner);
  }
  const got =
    exported === undefined ? describeExports(loaded) : `its default export is ${describeExport(exported)}`;
  throw new TidemarkError(
    'CONFIG',
    `${where} has no partition function: ${got}; expected export default ${PARTITIONER_FORM}`,
  );
}

/** The query of the URL tells instances apart for modules of ES alone: those of CommonJS are kept by their file. */
function forgetModules(before: ReadonlySet<string>): void {
  for (const file of Object.keys(loadedModules)) {
    // Packages are no state of the user's, and an addon cannot be loaded twice.
    if (!before.has(file) && !/[\\/]node_modules[\\/]|\.node$/.test(file)) delete loadedModules[file];
  }
}

/** What a compiler made CommonJS of has its default export one deeper. */
function defaultOf({ default: exported }: { readonly default?: unknown }): unknown {
  if (typeof exported !== 'object' || exported === null || isPartitioner(exported)) return exported;
  const { __esModule: isCompiled, default: inner } = exported as { __esModule?: unknown; default?: unknown };
  return isCompiled === true ? inner : exported;
}

export function isPartitioner(candidate: unknown): candidate is Partitioner {
  if (typeof candidate !== 'object' || candidate === null) return false;
  return typeof (candidate as Partial<Partitioner>).partition === 'function';
}

/** What is wrong with an answer of partition(), after "partitioner mine.ts "; null when it is a partition. */
export function answerProblem(answer: unknown, partitionCount: number): string | null {
  if (Number.isInteger(answer) && (answer as number) >= 0 && (answer as number) < partitionCount) return null;
  const expected = `expected a whole number from 0 to ${partitionCount - 1}`;
  if (typeof (answer as PromiseLike<unknown> | null)?.then === 'function') {
    // Nobody will wait for it: its failure must not end the process.
    (answer as PromiseLike<unknown>).then(undefined, () => {});
    return `returned a promise, ${expected} at once (partition must not be async)`;
  }
  const got = typeof answer === 'number' ? String(answer) : describeValue(answer);
  return `returned ${got}, ${expected}`;
}

const MOST_SHOWN_BYTES = 64;

/** A key as an error shows it: text in quotes, other bytes as hex; long ones cut. */
export function keyText(key: Uint8Array | string | null): string {
  if (key === null) return 'no key';
  const bytes = typeof key === 'string' ? Buffer.from(key) : key;
  const shown = bytes.subarray(0, MOST_SHOWN_BYTES);
  const cut = bytes.length > MOST_SHOWN_BYTES ? `... (${bytes.length} bytes)` : '';
  const text = Buffer.from(shown).toString('utf8');
  if (!/[\p{Cc}\ufffd]/u.test(text)) return `key ${JSON.stringify(text)}${cut}`;
  return `key 0x${Buffer.from(shown).toString('hex')}${cut}`;
}

/** Of anything thrown, in one line. */
export function thrownReason(thrown: unknown): string {
  try {
    return (thrown instanceof Error ? thrown.message || thrown.name : String(thrown)).split('\n')[0]!;
  } catch {
    // An object without a prototype, say, has no text.
    return describeValue(thrown);
  }
}

/** Node names the place of an error of syntax in the stack, and for TypeScript alone. */
function loadReason(cause: unknown, modulePath: string): string {
  const reason = thrownReason(cause);
  if (reason.startsWith(`Cannot find module '${path.resolve(modulePath)}'`)) return 'there is no such file';
  if ((cause as NodeJS.ErrnoException).code === 'ERR_UNSUPPORTED_DIR_IMPORT') return 'it is a directory';
  if (!(cause instanceof SyntaxError)) return reason;
  const place = /^(?:file:\/\/)?(\/[^\n]*:\d+)$/m.exec(cause.stack ?? '')?.[1];
  return place === undefined
    ? `syntax error: ${reason} (node --check ${modulePath} shows where)`
    : `syntax error at ${place}: ${reason}`;
}

function construct(where: string, exported: new () => Partitioner): Partitioner {
  try {
    return new exported();
  } catch (cause) {
    throw new TidemarkError('CONFIG', `${where} cannot be constructed: ${thrownReason(cause)}`, { cause });
  }
}

function describeExport(exported: unknown): string {
  if (typeof exported === 'function') return 'a plain function';
  if (typeof exported === 'object' && exported !== null) return 'an object without a method partition';
  return describeValue(exported);
}

function describeExports(loaded: object): string {
  const names = Object.keys(loaded);
  return names.length === 0 ? 'it exports nothing' : `it has no default export, only ${names.join(', ')}`;
}
