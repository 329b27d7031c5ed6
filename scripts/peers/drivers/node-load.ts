import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { DriverFigures, DriverRun } from '../driver-run.ts';

/** One client under load. */
export interface NodeLoad {
  /** Every record acknowledged so far. */
  readonly acknowledged: number;
  /** Sends as fast as the client takes it for `durationMs`; resolves when all of it is acknowledged. */
  run(durationMs: number): Promise<void>;
  close(): Promise<void>;
  readonly settings: Readonly<Record<string, string | number | boolean>>;
}

/** A Node client as a driver: reads the run, warms up, measures, and prints the figures. */
export async function drive(
  packageName: string,
  start: (run: DriverRun, payloads: readonly Buffer[]) => Promise<NodeLoad>,
): Promise<void> {
  const run: DriverRun = JSON.parse(process.argv[2] ?? '');
  const load = await start(run, readPayloads(run.payloadFile));
  await load.run(run.warmupMs);
  const before = load.acknowledged;
  const cpuBefore = process.cpuUsage();
  const startedMs = performance.now();
  await load.run(run.windowMs);
  const seconds = (performance.now() - startedMs) / 1000;
  const cpu = process.cpuUsage(cpuBefore);
  await load.close();
  const figures: DriverFigures = {
    version: versionOf(packageName),
    acknowledged: load.acknowledged,
    records: load.acknowledged - before,
    seconds,
    cpuSeconds: (cpu.user + cpu.system) / 1e6,
    settings: Object.fromEntries(Object.entries(load.settings).map(([name, value]) => [name, String(value)])),
  };
  console.log(JSON.stringify(figures));
}

function readPayloads(path: string): Buffer[] {
  return readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => Buffer.from(line));
}

function versionOf(packageName: string): string {
  const root = new URL('../../../', import.meta.url);
  const directory = packageName === 'tidemark' ? '' : `node_modules/${packageName}/`;
  const manifest = fileURLToPath(new URL(`${directory}package.json`, root));
  return JSON.parse(readFileSync(manifest, 'utf8')).version;
}
