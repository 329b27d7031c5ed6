/**
 * `node scripts/bench-log.ts`: the file log beside a plain sequential writer with the same blocks on the same disk,
 * interleaved over rounds. Once into the page cache, as both write by default, and once with the bytes synced to
 * the disk at the end. Prints MB/s and the ratio within each round. Writes less than 2 GB and removes it.
 */
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { realClock } from '../core/base/real-clock.ts';
import { FileStorage } from '../core/log/file-storage.ts';
import { DEFAULT_LOG_CONFIG } from '../core/log/log-config.ts';
import { MemoryStorage } from '../core/log/memory-storage.ts';
import { PartitionLog } from '../core/log/partition-log.ts';
import { BatchBuilder } from '../core/record/batch-builder.ts';
import { median } from '../reports/statistics/averages.ts';

const MIB = 1024 * 1024;
const BLOCK_SIZES_BYTES = [16 * 1024, 64 * 1024, MIB];
const BYTES_PER_WRITE = 32 * MIB;
const ROUNDS: Readonly<Record<Mode, number>> = { 'page cache': 6, synced: 4 };
const WARM_UP_APPENDS = 20_000;
const RECORD_VALUE = Buffer.alloc(1000, 'v');

type Mode = 'page cache' | 'synced';

interface Round {
  readonly plain: number;
  readonly log: number;
}

/** A sealed batch that fills the block as far as whole records go. */
function makeBlock(blockBytes: number): Buffer {
  const builder = new BatchBuilder();
  builder.reset(Buffer.allocUnsafe(blockBytes));
  const nowMs = realClock.wallMs();
  while (builder.append(nowMs, null, RECORD_VALUE, null) > 0);
  return Buffer.from(builder.seal({ compression: 'none', level: null }));
}

function megabytesPerSecond(bytes: number, startNs: number): number {
  return bytes / 1e6 / ((realClock.nowNs() - startNs) / 1e9);
}

function writePlainly(directory: string, block: Buffer, count: number, mode: Mode): number {
  const path = join(directory, 'plain');
  const startNs = realClock.nowNs();
  const descriptor = fs.openSync(path, 'w');
  for (let index = 0; index < count; index++) fs.writeSync(descriptor, block, 0, block.length);
  if (mode === 'synced') fs.fsyncSync(descriptor);
  fs.closeSync(descriptor);
  const rate = megabytesPerSecond(block.length * count, startNs);
  fs.rmSync(path);
  return rate;
}

function writeLog(directory: string, block: Buffer, count: number, mode: Mode): number {
  const storage = new FileStorage(join(directory, 'log'));
  const startNs = realClock.nowNs();
  const log = PartitionLog.open({
    storage,
    directory: 'bench-0',
    config: DEFAULT_LOG_CONFIG,
    clock: realClock,
  });
  for (let index = 0; index < count; index++) log.append(block, 0);
  if (mode === 'synced') log.flush();
  const rate = megabytesPerSecond(block.length * count, startNs);
  log.delete();
  storage.close();
  return rate;
}

/** One round of both; who goes first alternates, since the second may find the disk busy with the first's pages. */
function measureRound(
  directory: string,
  block: Buffer,
  options: { count: number; mode: Mode; round: number },
): Round {
  const { count, mode, round } = options;
  if (round % 2 === 0) {
    const plain = writePlainly(directory, block, count, mode);
    return { plain, log: writeLog(directory, block, count, mode) };
  }
  const log = writeLog(directory, block, count, mode);
  return { plain: writePlainly(directory, block, count, mode), log };
}

function describe(rounds: readonly Round[]): string {
  const ratios = rounds.map((round) => round.log / round.plain);
  const percent = (value: number) => `${Math.round(value * 100)} %`;
  const rates = [rounds.map((round) => round.plain), rounds.map((round) => round.log)].map((each) =>
    median(each).toFixed(0).padStart(8),
  );
  const spread = `${percent(Math.min(...ratios))} to ${percent(Math.max(...ratios))}`;
  return `${rates.join(' ')}  ${percent(median(ratios)).padStart(6)}  (${spread})`;
}

/** Lets the compiler see the append first: it would otherwise be what the small blocks measure. */
function warmUp(block: Buffer): void {
  const config = { ...DEFAULT_LOG_CONFIG, segmentBytes: 8 * MIB, retentionBytes: 8 * MIB };
  const log = PartitionLog.open({
    storage: new MemoryStorage(),
    directory: 'warm-up',
    config,
    clock: realClock,
  });
  for (let index = 0; index < WARM_UP_APPENDS; index++) {
    log.append(block, 0);
    if (index % 256 === 0) log.enforceRetention();
  }
  log.delete();
}

function main(): void {
  const { values } = parseArgs({ options: { directory: { type: 'string', default: tmpdir() } } });
  const directory = fs.mkdtempSync(join(values.directory, 'tidemark-bench-log-'));
  console.log(`${BYTES_PER_WRITE / 1e6} MB per write, on ${values.directory}`);
  console.log('block       mode          plain      log   ratio   MB/s are medians; ratio: median (spread)');
  try {
    warmUp(makeBlock(BLOCK_SIZES_BYTES[0]!));
    for (const mode of Object.keys(ROUNDS) as Mode[]) {
      for (const blockBytes of BLOCK_SIZES_BYTES) {
        const block = makeBlock(blockBytes);
        const count = Math.floor(BYTES_PER_WRITE / block.length);
        const measured = Array.from({ length: ROUNDS[mode] }, (_, round) =>
          measureRound(directory, block, { count, mode, round }),
        );
        console.log(`${`${blockBytes / 1024} KiB`.padEnd(11)} ${mode.padEnd(10)} ${describe(measured)}`);
      }
    }
  } finally {
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

main();
