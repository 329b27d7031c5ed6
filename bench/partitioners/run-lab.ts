import { LAB_SCHEMA, type LabResult } from '../../reports/lab/lab-result.ts';
import { recommend } from '../../reports/lab/recommendation.ts';
import { countText } from '../../reports/number-text.ts';
import type { KeyEncoding } from '../../workers/decode-key.ts';
import { usageError } from '../cli-error.ts';
import { packageVersion } from '../package-root.ts';
import { HASH_STRATEGIES } from './hash-strategies.ts';
import { defaultRecords, type KeyDistribution, makeKeys } from './key-distribution.ts';
import type { KeysRead, OnRecord } from './key-source.ts';
import { KeyTable } from './key-table.ts';
import { measurePlacements } from './measure-placements.ts';
import { moduleStrategy } from './module-strategy.ts';
import { readKeyFile } from './read-key-file.ts';
import { random, roundRobin } from './spread-strategies.ts';
import type { Strategy } from './strategy.ts';

export interface LabSettings {
  readonly keys:
    | { readonly kind: 'file'; readonly path: string; readonly encoding: KeyEncoding }
    | {
        readonly kind: 'distribution';
        readonly name: string;
        readonly distribution: KeyDistribution;
        /** Null: enough. */
        readonly records: number | null;
      };
  readonly partitions: readonly number[];
  readonly recordSizeBytes: number;
  /** Modules of the user's, as given. */
  readonly modules: readonly string[];
  /** As modules see it. */
  readonly topic: string;
  readonly seed: number;
  readonly workingDirectory: string;
}

/** Reads or makes the keys, places them by every strategy, and says what follows. Throws CliError (exit 2). */
export async function runLab(settings: LabSettings): Promise<LabResult> {
  const { partitions, recordSizeBytes } = settings;
  const strategies = await allStrategies(settings);
  const told = strategies.filter((one) => one.kind === 'told');
  const record = { keys: new KeyTable(), key: 0, sizeBytes: 0, place: () => '' };
  let bytes = 0;
  const read = await readKeys(settings, (keys) => {
    record.keys = keys;
    return (key, place) => {
      record.key = key;
      record.sizeBytes = keys.lengthAt(key) + recordSizeBytes;
      record.place = place;
      bytes += record.sizeBytes;
      for (const strategy of told) strategy.tell(record);
    };
  });
  const placements = measurePlacements({ read, partitions, recordSizeBytes, strategies });
  const figures = {
    schema: LAB_SCHEMA,
    tidemark: packageVersion(),
    partitions,
    keys: read.table.count,
    records: read.records,
    bytes,
    recordSizeBytes,
    source: { kind: read.kind, name: read.name, encoding: read.encoding, emptyLines: read.emptyLines },
    ...placements,
    notes: notesOf(
      read,
      placements.strategies.filter((one) => !one.isKeyed && one.clients.length === 0),
    ),
  } as const;
  return { ...figures, recommendation: recommend(figures) };
}

async function allStrategies(settings: LabSettings): Promise<Strategy[]> {
  const { partitions, modules, topic, recordSizeBytes, seed, workingDirectory } = settings;
  const value = Buffer.alloc(recordSizeBytes);
  const own: Strategy[] = [];
  for (const path of modules) {
    own.push(await moduleStrategy(partitions, { path, topic, value, workingDirectory }));
  }
  return [...HASH_STRATEGIES, ...own, roundRobin(partitions), random(partitions, seed)];
}

/** `listen` is given the table that is about to be filled. */
async function readKeys(settings: LabSettings, listen: (keys: KeyTable) => OnRecord): Promise<KeysRead> {
  const { keys, workingDirectory } = settings;
  const table = new KeyTable();
  const onRecord = listen(table);
  switch (keys.kind) {
    case 'file':
      try {
        return await readKeyFile({ ...keys, workingDirectory }, table, onRecord);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        throw usageError(`--keys ${keys.path}: ${error.message}`);
      }
    case 'distribution': {
      const { name, distribution } = keys;
      const records = keys.records ?? defaultRecords(distribution);
      return makeKeys(distribution, { name, records, table, onRecord });
    }
  }
}

function notesOf({ emptyLines, name }: KeysRead, spreading: readonly { readonly name: string }[]): string[] {
  const notes: string[] = [];
  if (emptyLines > 0) {
    const lines = emptyLines === 1 ? '1 line' : `${countText(emptyLines)} lines`;
    notes.push(
      `left out ${lines} of ${name} without a key: where a record without a key goes, time and brokers decide`,
    );
  }
  for (const module of new Set(spreading.map((one) => one.name))) {
    notes.push(
      `${module} puts records of one key into several partitions: it keeps no order of keys, and nothing of it can move or disagree`,
    );
  }
  return notes;
}
