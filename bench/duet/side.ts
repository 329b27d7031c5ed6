/**
 * One of the two things measured side by side: code that produces, and the properties it is given. Whatever the user
 * named (a directory, git:REF, a tarball, npm:VERSION, properties, a client) has been made ready by then.
 */
export interface Side {
  /** As the user named it. */
  readonly label: string;
  /** What that was: a version, a commit, a directory's name. No secrets. */
  readonly description: string;
  readonly driver: DriverSource;
  /** Producer properties on top of the load's own, under Kafka's names. */
  readonly properties: Readonly<Record<string, string>>;
}

/** What is started for a side, as a process of its own. */
export type DriverSource =
  /** A build of Tidemark: its own Producer under our load loop. `entry` is the absolute path of its public entry. */
  | { readonly kind: 'tidemark'; readonly directory: string; readonly entry: string }
  /** A module with the driver contract (driver-contract.ts), loaded into our load loop. */
  | { readonly kind: 'module'; readonly directory: string; readonly path: string }
  /** A program that speaks the driver protocol (driver-protocol.ts) on its standard streams. */
  | { readonly kind: 'command'; readonly directory: string; readonly command: readonly string[] };
