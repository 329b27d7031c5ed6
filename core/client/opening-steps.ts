import type { TidemarkError } from '../base/errors.ts';
import type { BrokerConnection } from './broker-connection.ts';
import type { BrokerConnectionOptions } from './connection-options.ts';
import { explainFailedLogin, explainFailedNegotiation } from './opening-errors.ts';
import { networkError } from './request-errors.ts';
import { Login } from './security/login.ts';
import { type BrokerVersions, negotiateVersions } from './version-negotiation.ts';

/** Asks what the broker speaks, before anything else, as Kafka's clients do; `firstBytes` is what it sent first. */
export async function negotiate(
  connection: BrokerConnection,
  options: BrokerConnectionOptions,
  firstBytes: () => Buffer | null,
): Promise<BrokerVersions> {
  try {
    return await negotiateVersions(connection, stepTimeoutMs(options));
  } catch (error) {
    throw explainFailedNegotiation(options, error, firstBytes());
  }
}

/**
 * Logs in, if the configuration asks for it; null otherwise. `fail` is told when the login cannot be renewed later, in
 * words of a lost connection: requests may go out again on the next, whose own login says whether it is hopeless.
 */
export async function logIn(
  connection: BrokerConnection,
  options: BrokerConnectionOptions,
  fail: (error: TidemarkError) => void,
): Promise<Login | null> {
  const { sasl } = options.security;
  if (sasl === null) return null;
  const login = new Login(connection, {
    sasl,
    clock: options.clock,
    random: options.random,
    timeoutMs: options.requestTimeoutMs,
    onFailure: (error) => {
      const reason = error instanceof Error ? error.message : String(error);
      fail(networkError(`connection to ${connection.name} closed: ${reason}`, error));
    },
  });
  try {
    await login.run(stepTimeoutMs(options));
    return login;
  } catch (error) {
    throw explainFailedLogin(options, error);
  }
}

function stepTimeoutMs({ requestTimeoutMs, connectTimeoutMs }: BrokerConnectionOptions): number {
  return Math.min(requestTimeoutMs, connectTimeoutMs);
}
