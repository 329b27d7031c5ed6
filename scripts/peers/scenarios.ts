import type { DriverRun } from './driver-run.ts';

/** What all clients do alike in one comparison. */
export interface Scenario {
  readonly name: string;
  readonly recordSizeBytes: number;
  readonly acks: DriverRun['acks'];
  readonly isIdempotent: boolean;
  readonly compression: DriverRun['compression'];
}

export const PARTITIONS = 3;
export const LINGER_MS = 5;
/** The most that Kafka allows with idempotence on, and its default. */
export const MAX_IN_FLIGHT = 5;

const SIZES = { '100b': 100, '1kib': 1024 };
const KINDS: Readonly<Record<string, Omit<Scenario, 'name' | 'recordSizeBytes'>>> = {
  '': { acks: '1', isIdempotent: false, compression: 'none' },
  '-idempotent': { acks: 'all', isIdempotent: true, compression: 'none' },
  '-lz4': { acks: '1', isIdempotent: false, compression: 'lz4' },
  '-zstd': { acks: '1', isIdempotent: false, compression: 'zstd' },
};

export const SCENARIOS: readonly Scenario[] = Object.entries(KINDS).flatMap(([ending, kind]) =>
  Object.entries(SIZES).map(([size, recordSizeBytes]) => ({
    name: `${size}${ending}`,
    recordSizeBytes,
    ...kind,
  })),
);

/** In a title: `100 B, acks=1, no compression`. */
export function describeScenario({ recordSizeBytes, acks, isIdempotent, compression }: Scenario): string {
  const size = recordSizeBytes % 1024 === 0 ? `${recordSizeBytes / 1024} KiB` : `${recordSizeBytes} B`;
  const codec = compression === 'none' ? 'no compression' : compression;
  return `${size}, acks=${acks}, ${isIdempotent ? 'idempotence, ' : ''}${codec}`;
}
