/**
 * What a module must export to be measured: `export default { connect }`, in TypeScript or JavaScript. It is loaded
 * into a process of its own, where the load loop calls it. docs/drivers.md explains it with examples.
 */
export interface Driver {
  /** Makes a client that is ready to produce. */
  connect(context: DriverContext): Promise<DriverClient>;
}

export interface DriverContext {
  /** Comma separated. */
  readonly bootstrapServers: string;
  /** Exists already. */
  readonly topic: string;
  readonly partitions: number;
  /** As the user gave them, under Kafka's names; what a client cannot honour it should refuse. */
  readonly properties: Readonly<Record<string, string>>;
}

export interface DriverClient {
  /** Resolves once all of the records are acknowledged; rejects when one is not. Called again before it has resolved. */
  send(records: readonly DriverRecord[]): Promise<unknown>;
  close(): Promise<unknown>;
}

export interface DriverRecord {
  readonly key: Buffer | null;
  readonly value: Buffer;
}
