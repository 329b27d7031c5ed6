/** Another client, asked where it puts keys. */
export interface Party {
  /** With its version. */
  readonly name: string;
  /** The strategy of the lab that it must agree with. */
  readonly strategy: string;
  /** The partition of each key, in order; null where the client draws one. */
  readonly place: (keys: readonly Buffer[], partitions: number) => Promise<readonly (number | null)[]>;
}

/** Keys as lines of hex, which programs read from standard input. */
export function hexLines(keys: readonly Buffer[]): string {
  return keys.map((key) => `${key.toString('hex')}\n`).join('');
}

/** One number per line, as many as keys. */
export function partitionsOf(output: string, keyCount: number): number[] {
  const partitions = output.trimEnd().split('\n').map(Number);
  if (partitions.length === keyCount && partitions.every(Number.isInteger)) return partitions;
  throw new Error(`expected ${keyCount} partitions, got ${partitions.length} lines: ${output.slice(0, 200)}`);
}
