import { codecBenchmarks } from './codecs.ts';
import { crcBenchmarks } from './crc.ts';
import { encodeBenchmarks } from './encode.ts';
import { latencyBenchmarks } from './latency.ts';
import type { MicroBenchmark, MicroFigure } from './micro-benchmark.ts';
import { measure } from './micro-benchmark.ts';
import { murmur2Benchmarks } from './murmur2.ts';
import { partitionerBenchmarks } from './partitioners.ts';
import { readBenchmarks } from './read.ts';
import { requestBenchmarks } from './requests.ts';
import { sendBenchmarks } from './send.ts';

export interface MicroOptions {
  /** Part of a name; undefined or empty runs all. */
  readonly filter?: string | undefined;
  readonly json: boolean;
  /** Takes results, for stdout. */
  readonly write: (text: string) => void;
  /** Takes what goes wrong; stderr unless set. */
  readonly writeError?: (text: string) => void;
  /** Executes everything a few times only: figures mean nothing then, hashes are the same. */
  readonly tiny?: boolean;
}

const BAD_USAGE = 2;
const NAME_WIDTH = 30;

/** All micro-benchmarks, in the order of a record's journey. */
export function listMicroBenchmarks(): MicroBenchmark[] {
  return [
    ...partitionerBenchmarks(),
    ...murmur2Benchmarks(),
    ...encodeBenchmarks(),
    ...sendBenchmarks(),
    ...crcBenchmarks(),
    ...codecBenchmarks(),
    ...requestBenchmarks(),
    ...readBenchmarks(),
    ...latencyBenchmarks(),
  ];
}

/** `tidemark micro [filter] [--json]`; returns the exit code: 0, or 2 when the filter matches nothing. */
export async function runMicro(options: MicroOptions): Promise<number> {
  const all = listMicroBenchmarks();
  const filter = (options.filter ?? '').toLowerCase();
  const chosen = all.filter((benchmark) => benchmark.name.toLowerCase().includes(filter));
  if (chosen.length === 0) {
    const names = all.map((benchmark) => `  ${benchmark.name}`).join('\n');
    const writeError = options.writeError ?? ((text: string) => process.stderr.write(text));
    writeError(`no micro-benchmark has '${options.filter}' in its name. There are:\n${names}\n`);
    return BAD_USAGE;
  }
  const figures: MicroFigure[] = [];
  if (!options.json) options.write(heading());
  for (const benchmark of chosen) {
    const figure = await measure(benchmark, options.tiny === true);
    figures.push(figure);
    if (!options.json) options.write(line(figure));
  }
  if (options.json) options.write(`${JSON.stringify(figures, null, 2)}\n`);
  else options.write(footnote());
  return 0;
}

function heading(): string {
  const columns = [
    'median'.padStart(10),
    'p5 - p95'.padStart(19),
    '  unit     ',
    'MB/s'.padStart(8),
    'budget'.padStart(8),
  ];
  return `${'benchmark'.padEnd(NAME_WIDTH)}${columns.join('')}  hash\n`;
}

function line(figure: MicroFigure): string {
  const rate = figure.megabytesPerSecond;
  const columns = [
    number(figure.value).padStart(10),
    `${number(figure.lower)} - ${number(figure.upper)}`.padStart(19),
    `  ${figure.unit.padEnd(9)}`,
    (rate === undefined ? '' : number(rate)).padStart(8),
    budget(figure).padStart(8),
  ];
  return `${figure.name.padEnd(NAME_WIDTH)}${columns.join('')}  ${figure.hash}\n`;
}

/** `<= 30`, with an exclamation mark where the median exceeds it. */
function budget(figure: MicroFigure): string {
  if (figure.budget === undefined) return '';
  return `<= ${figure.budget}${figure.value > figure.budget ? '!' : ''}`;
}

function footnote(): string {
  return [
    'Medians over the samples; p5 - p95 is their spread. MB is 10^6 bytes. A budget with ! is exceeded.',
    'The hash is of what was computed: it must not depend on machine or run (but compressed bytes may on the CPU).\n',
  ].join('\n');
}

function number(value: number): string {
  if (value >= 1000) return value.toFixed(0);
  return value >= 100 ? value.toFixed(1) : value.toFixed(2);
}
