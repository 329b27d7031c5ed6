import { fileURLToPath } from 'node:url';
import type { OptionValue } from '../../../../core/base/options.ts';
import { readSecurity } from '../../../../core/client/security/read-security.ts';

/** The path of a file that fixtures/make-stores.sh made. */
export function fixture(name: string): string {
  return fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url));
}

/** Reads properties as the user's only ones. */
export function read(properties: Readonly<Record<string, OptionValue>>) {
  const values = new Map(Object.entries(properties));
  const { security, problems } = readSecurity(values, new Set(values.keys()));
  return { security, problems, messages: problems.map((problem) => problem.message) };
}

export const PLAIN_MODULE = 'org.apache.kafka.common.security.plain.PlainLoginModule';
export const SCRAM_MODULE = 'org.apache.kafka.common.security.scram.ScramLoginModule';
export const OAUTH_MODULE = 'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule';
