import { TidemarkError } from '../../base/errors.ts';
import { Secret } from '../../base/secret.ts';
import type { TokenSource } from '../../client/security/security-config.ts';
import { describeValue } from '../../record/described.ts';
import { isPartitioner, PARTITIONER_FORM } from '../partitioners/partitioner-module.ts';
import type { ProducerOptions } from './producer-options.ts';

/** A token given as text is a secret here. */
export interface KeptOptions extends Omit<ProducerOptions, 'oauthBearerToken'> {
  readonly oauthBearerToken?: TokenSource;
}

/**
 * The options as a producer keeps them: a token that no print-out of the producer shows. Throws CONFIG for what is no
 * set of options, and for a partitioner that cannot be one.
 */
export function keptOptions(given: ProducerOptions | null): KeptOptions {
  const options = given ?? {};
  if (typeof options !== 'object') {
    throw new TidemarkError('CONFIG', `options must be an object, got ${describeValue(options)}`);
  }
  checkPartitioner(options.partitioner);
  const { oauthBearerToken: token, ...others } = options;
  if (token === undefined) return others;
  return { ...others, oauthBearerToken: typeof token === 'string' ? new Secret(token) : token };
}

function checkPartitioner(partitioner: unknown): void {
  if (partitioner === undefined || typeof partitioner === 'string' || isPartitioner(partitioner)) return;
  throw new TidemarkError(
    'CONFIG',
    `partitioner must be an object ${PARTITIONER_FORM}, a name or a module's path, got ${describeValue(partitioner)}`,
  );
}
