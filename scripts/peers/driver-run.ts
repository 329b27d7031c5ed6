/**
 * What every driver is told, as JSON in its only argument, and what it answers, as one line of JSON on standard
 * output. A driver sends for `warmupMs` and waits until all of it is acknowledged; then starts its clocks, sends for
 * `windowMs`, again waits until all of it is acknowledged, and stops them.
 */
export interface DriverRun {
  readonly bootstrapServers: string;
  readonly topic: string;
  readonly partitions: number;
  /** One record value per line, each as long as the others. Records have no key. */
  readonly payloadFile: string;
  readonly recordSizeBytes: number;
  readonly warmupMs: number;
  readonly windowMs: number;
  readonly acks: '1' | 'all';
  readonly isIdempotent: boolean;
  readonly lingerMs: number;
  readonly batchSizeBytes: number;
  readonly maxInFlight: number;
  readonly compression: 'none' | 'lz4' | 'zstd';
}

export interface DriverFigures {
  /** Of the client library. */
  readonly version: string;
  /** Every record acknowledged in the life of the process, warm-up included: what the log must have grown by. */
  readonly acknowledged: number;
  /** Sent and acknowledged while the clocks ran. */
  readonly records: number;
  /** From the first counted send to the last acknowledgement. */
  readonly seconds: number;
  /** User and system time of the client's process, all its threads, within `seconds`. */
  readonly cpuSeconds: number;
  /** What the client ran with, under its own names. */
  readonly settings: Readonly<Record<string, string>>;
}

const NUMBERS = ['acknowledged', 'records', 'seconds', 'cpuSeconds'] as const;

/** The last line of a driver's output. Throws when it is not what a driver answers. */
export function parseFigures(output: string): DriverFigures {
  const line = output.trimEnd().split('\n').at(-1) ?? '';
  let figures: Partial<Record<keyof DriverFigures, unknown>>;
  try {
    figures = JSON.parse(line);
  } catch {
    throw new Error(`no line of JSON as its answer, but ${JSON.stringify(line.slice(0, 200))}`);
  }
  for (const name of NUMBERS) {
    const value = figures[name];
    if (typeof value !== 'number' || !(value > 0)) {
      throw new Error(`its answer has no ${name} above 0: ${line.slice(0, 200)}`);
    }
  }
  if (typeof figures.version !== 'string' || typeof figures.settings !== 'object') {
    throw new Error(`its answer has no version or no settings: ${line.slice(0, 200)}`);
  }
  return figures as DriverFigures;
}
