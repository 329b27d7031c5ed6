/**
 * The process of a driver that does not speak the protocol by itself: loads a build of Tidemark or a user's module and
 * runs the load loop around it.
 *
 *     node driver-host.ts tidemark /path/of/entry
 *     node driver-host.ts module /path/of/driver
 *
 * It ends when told to, and when whoever started it is gone.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import { realClock } from '../../core/base/real-clock.ts';
import { prepareHistograms } from '../../reports/measure/hdr-library.ts';
import { DriverLoop } from './driver-load.ts';
import { loadDriversFrom } from './driver-modules.ts';
import type { DriverAnswer, DriverCommand } from './driver-protocol.ts';
import { LineSplitter } from './line-splitter.ts';
import { createLoadRecords } from './load-records.ts';
import { connectModule } from './module-target.ts';
import { connectTidemark } from './tidemark-target.ts';

/** How long a client may take to close before the process ends without. */
const CLOSE_MS = 10_000;

const [kind, path] = process.argv.slice(2);
const answer = takeStandardOutput();
let loop: DriverLoop | null = null;

process.on('uncaughtException', giveUp);
process.on('unhandledRejection', giveUp);
process.stdin.on('end', leave);

let earlier: Promise<unknown> = Promise.resolve();
// Whole, however long: properties may hold certificates.
const lines = new LineSplitter((line) => {
  earlier = earlier.then(() => obey(JSON.parse(line) as DriverCommand)).catch(giveUp);
}, Number.POSITIVE_INFINITY);
process.stdin.on('data', (chunk: Buffer) => lines.push(chunk));

async function obey(command: DriverCommand): Promise<void> {
  switch (command.type) {
    case 'connect':
      loop = await connect(command);
      answer({ type: 'ready' });
      break;
    case 'closed':
      answer(await loop!.closed(command.durationMs));
      break;
    case 'open':
      answer(await loop!.open(command.durationMs, command.recordsPerSecond));
      break;
    case 'finish':
      await finish(loop!);
  }
}

async function connect(command: Extract<DriverCommand, { type: 'connect' }>): Promise<DriverLoop> {
  prepareHistograms();
  const records = createLoadRecords(command.load);
  loadDriversFrom(process.cwd(), path!);
  const loaded = await import(pathToFileURL(path!).href);
  const { bootstrapServers, topic, partitions, properties } = command;
  const context = { bootstrapServers, topic, partitions, properties };
  const connectTo = kind === 'tidemark' ? connectTidemark : connectModule;
  return DriverLoop.connect({
    clock: realClock,
    load: command.load,
    cpuNs,
    connect: (handlers) => connectTo(loaded, context, { records, handlers }),
  });
}

function cpuNs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

/** Everything is acknowledged by now: a client that closes badly or not at all has lost nothing. */
async function finish(loop: DriverLoop): Promise<void> {
  const closing = Promise.race([loop.close(), delay(CLOSE_MS, undefined, { ref: false })]);
  await closing.catch((error) => process.stderr.write(`the client did not close: ${inspect(error)}\n`));
  answer({ type: 'finished', acknowledged: loop.acknowledgedInAll });
  process.exit(0);
}

/** Nobody listens any more: what the driver started goes with it, being of the same process group. */
function leave(): void {
  try {
    process.kill(-process.pid, 'SIGKILL');
  } catch {
    process.exit(1);
  }
}

function giveUp(error: unknown): void {
  process.stderr.write(`${inspect(error)}\n`);
  answer({ type: 'error', message: error instanceof Error ? error.message : String(error) });
  process.exit(1);
}

/** The stream for answers; what the driver itself prints there goes to standard error from now on. */
function takeStandardOutput(): (answer: DriverAnswer) => void {
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = process.stderr.write.bind(process.stderr) as typeof process.stdout.write;
  // Native code may have left half a line there.
  return (given) => void write(`\n${JSON.stringify(given)}\n`);
}
