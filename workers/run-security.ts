import { TidemarkError } from '../core/base/errors.ts';
import type { SecurityConfig } from '../core/client/security/security-config.ts';
import { parseProducerConfig } from '../core/producer/config/config.ts';

/**
 * How all connections of a run are secured: as those of its producers, whose properties these are with their secrets
 * in place. Throws CONFIG.
 */
export function securityOf(producer: Readonly<Record<string, string>>): SecurityConfig {
  const { config, problems } = parseProducerConfig(producer);
  if (problems.length === 0) return config.security;
  throw new TidemarkError('CONFIG', problems.map(({ message }) => message).join('\n'));
}
