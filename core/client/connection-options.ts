import type { Clock } from '../base/clock.ts';
import type { Endpoint, Network } from '../base/network.ts';

export interface BrokerConnectionOptions {
  readonly network: Network;
  readonly clock: Clock;
  readonly endpoint: Endpoint;
  readonly clientId: string | null;
  readonly requestTimeoutMs: number;
  /** For the connection itself, and again for the exchange that opens it. */
  readonly connectTimeoutMs: number;
  /** A longer response is refused before it is stored. */
  readonly maxResponseBytes: number;
}

export interface RequestOptions {
  /** Instead of the highest version both sides speak. */
  readonly version?: number | undefined;
  readonly timeoutMs?: number | undefined;
  /** The broker will not answer (acks=0): resolves with null once written. */
  readonly noResponse?: boolean | undefined;
}
