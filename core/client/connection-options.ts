import type { Clock } from '../base/clock.ts';
import type { Endpoint, Network } from '../base/network.ts';
import type { Random } from '../base/random.ts';
import type { SecurityConfig } from './security/security-config.ts';

export interface BrokerConnectionOptions {
  /** With TLS on it already, if `security` asks for it. */
  readonly network: Network;
  readonly clock: Clock;
  readonly endpoint: Endpoint;
  readonly clientId: string | null;
  readonly requestTimeoutMs: number;
  /** For the connection itself, and again for the exchange that opens it. */
  readonly connectTimeoutMs: number;
  /** A longer response is refused before it is stored. */
  readonly maxResponseBytes: number;
  readonly security: SecurityConfig;
  /** Spreads renewals of logins. */
  readonly random: Random;
  /** Nothing of the cluster has answered a request yet: see OpeningContext. */
  readonly isFirstContact: boolean;
  /** Ends the opening. */
  readonly signal?: AbortSignal | undefined;
}

export interface RequestOptions {
  /** Instead of the highest version both sides speak. */
  readonly version?: number | undefined;
  readonly timeoutMs?: number | undefined;
  /** The broker will not answer (acks=0): resolves with null once written. */
  readonly noResponse?: boolean | undefined;
}
