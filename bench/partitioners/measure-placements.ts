import type {
  Disagreement,
  HotKey,
  HottestPartition,
  Moved,
  StrategyPlacement,
} from '../../reports/lab/lab-result.ts';
import { skewOf } from '../../reports/lab/skew.ts';
import { encodeKey } from '../../workers/decode-key.ts';
import { hottestKeys } from './hot-keys.ts';
import type { KeysRead } from './key-source.ts';
import { newLoads } from './spread-strategies.ts';
import type { PartitionLoads, Strategy } from './strategy.ts';

const HOTTEST_KEYS = 10;
const KEYS_OF_PARTITION = 3;
const MOVED_EXAMPLES = 5;

/** What is asked of placements, and of which records. */
export interface PlacementQuestion {
  readonly read: KeysRead;
  readonly partitions: readonly number[];
  /** Of a value, the same for every record. */
  readonly recordSizeBytes: number;
  readonly strategies: readonly Strategy[];
}

export interface Placements {
  readonly strategies: StrategyPlacement[];
  readonly disagreement: Disagreement[];
  readonly moved: Moved[];
}

/** Where a strategy has each key; null when it spreads them. */
type Placement = Int32Array | null;

/** Every figure of every strategy. Placements are made for one or two partition counts at a time, and not kept. */
export function measurePlacements(question: PlacementQuestion): Placements {
  const { read, partitions, strategies } = question;
  const hashes = strategies.map((one) => (one.kind === 'hash' ? one.hashes(read.table) : null));
  const placementOf = (strategy: number, count: number): Placement => {
    const one = strategies[strategy]!;
    if (one.kind === 'told') return one.placement(count, read.table);
    return placeAll(hashes[strategy]!, one.place, partitions[count]!);
  };
  const hottest = hottestKeys(read.table, HOTTEST_KEYS);
  const measured: StrategyPlacement[] = [];
  const disagreement: Disagreement[] = [];
  const keyed = new Set<number>();
  partitions.forEach((_, count) => {
    const placements = strategies.map((_, strategy) => placementOf(strategy, count));
    placements.forEach((placement, strategy) => {
      if (placement !== null) keyed.add(strategy);
      measured.push(describe(question, { strategy, count, placement, hottest }));
    });
    disagreement.push(...disagreements(question, placements, partitions[count]!));
  });
  const moved = [...keyed].flatMap((strategy) =>
    movesOf(question, strategy, (count) => placementOf(strategy, count)),
  );
  return { strategies: measured, disagreement, moved };
}

function placeAll(
  hashes: Int32Array,
  place: (hash: number, partitions: number) => number,
  partitions: number,
): Int32Array {
  const out = new Int32Array(hashes.length);
  for (let key = 0; key < out.length; key++) out[key] = place(hashes[key]!, partitions);
  return out;
}

interface Described {
  readonly strategy: number;
  readonly count: number;
  readonly placement: Placement;
  readonly hottest: readonly number[];
}

function describe(question: PlacementQuestion, described: Described): StrategyPlacement {
  const { strategy, count, placement } = described;
  const { text, ...one } = question.strategies[strategy]!;
  const partitions = question.partitions[count]!;
  const loads = one.kind === 'told' ? one.loads(count) : loadsOf(question, placement!, partitions);
  const { maxOverMean, gini, coefficientOfVariation } = skewOf(loads.records);
  const hottestPartition = hottestOf(question, loads, placement);
  return {
    name: text.name,
    rule: text.rule,
    service: text.service,
    clients: text.clients,
    isKeyed: placement !== null,
    partitions,
    recordsPerPartition: loads.records,
    bytesPerPartition: loads.bytes,
    maxOverMean,
    gini,
    coefficientOfVariation,
    bytesMaxOverMean: maxOverMeanOf(loads.bytes),
    emptyPartitions: loads.records.reduce((empty, records) => empty + (records === 0 ? 1 : 0), 0),
    hottestPartition,
    hottestKeys: hotKeysOf(question, described, { loads, hottestPartition: hottestPartition.partition }),
  };
}

function loadsOf({ read, recordSizeBytes }: PlacementQuestion, placement: Int32Array, partitions: number) {
  const { table } = read;
  const loads = newLoads(partitions);
  for (let key = 0; key < placement.length; key++) {
    const records = table.recordsAt(key);
    loads.records[placement[key]!]! += records;
    loads.bytes[placement[key]!]! += records * (table.lengthAt(key) + recordSizeBytes);
  }
  return loads;
}

function maxOverMeanOf(loads: Float64Array): number {
  let max = 0;
  let total = 0;
  for (const load of loads) {
    total += load;
    if (load > max) max = load;
  }
  return (max * loads.length) / total;
}

function hottestOf(
  { read }: PlacementQuestion,
  { records }: PartitionLoads,
  placement: Placement,
): HottestPartition {
  let partition = 0;
  for (let at = 1; at < records.length; at++) if (records[at]! > records[partition]!) partition = at;
  const own = records[partition]!;
  const keys =
    placement === null
      ? []
      : hottestKeys(read.table, KEYS_OF_PARTITION, (key) => placement[key] === partition);
  return {
    partition,
    records: own,
    share: own / read.records,
    keys: keys.map((key) => ({ key: textOf(read, key), share: read.table.recordsAt(key) / own })),
  };
}

function hotKeysOf(
  { read }: PlacementQuestion,
  { placement, hottest }: Described,
  { loads, hottestPartition }: { readonly loads: PartitionLoads; readonly hottestPartition: number },
): HotKey[] {
  return hottest.map((key) => {
    const records = read.table.recordsAt(key);
    const known = { key: textOf(read, key), records, share: records / read.records };
    if (placement === null) {
      return { ...known, partition: null, shareOfPartition: null, shareOfHottestPartition: null };
    }
    const partition = placement[key]!;
    const shareOfPartition = records / loads.records[partition]!;
    const shareOfHottestPartition = partition === hottestPartition ? shareOfPartition : 0;
    return { ...known, partition, shareOfPartition, shareOfHottestPartition };
  });
}

function disagreements(
  { read, strategies }: PlacementQuestion,
  placements: readonly Placement[],
  partitions: number,
): Disagreement[] {
  const found: Disagreement[] = [];
  placements.forEach((one, a) => {
    placements.forEach((other, b) => {
      if (b <= a || one === null || other === null) return;
      const { keys, records } = difference(read, one, other);
      found.push({
        a: strategies[a]!.text.name,
        b: strategies[b]!.text.name,
        partitions,
        share: keys / read.table.count,
        shareOfRecords: records / read.records,
      });
    });
  });
  return found;
}

function difference({ table }: KeysRead, one: Int32Array, other: Int32Array) {
  let keys = 0;
  let records = 0;
  for (let key = 0; key < one.length; key++) {
    if (one[key] === other[key]) continue;
    keys++;
    records += table.recordsAt(key);
  }
  return { keys, records };
}

function movesOf(
  { read, partitions, strategies }: PlacementQuestion,
  strategy: number,
  placementAt: (count: number) => Placement,
): Moved[] {
  const found: Moved[] = [];
  for (let from = 0; from < partitions.length - 1; from++) {
    const before = placementAt(from);
    for (let to = from + 1; to < partitions.length; to++) {
      const after = placementAt(to);
      if (before === null || after === null) continue;
      const { keys, records } = difference(read, before, after);
      const worst = hottestKeys(read.table, MOVED_EXAMPLES, (key) => before[key] !== after[key]);
      found.push({
        from: partitions[from]!,
        to: partitions[to]!,
        strategy: strategies[strategy]!.text.name,
        share: keys / read.table.count,
        shareOfRecords: records / read.records,
        keys,
        examples: worst.map((key) => ({
          key: textOf(read, key),
          records: read.table.recordsAt(key),
          before: before[key]!,
          after: after[key]!,
        })),
      });
    }
  }
  return found;
}

function textOf({ table, encoding }: KeysRead, key: number): string {
  return encodeKey(table.keyAt(key), encoding);
}
