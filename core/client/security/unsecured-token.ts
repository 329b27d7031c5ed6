import type { Clock } from '../../base/clock.ts';
import type { TokenFunction } from './security-config.ts';

const STRING_CLAIM = 'unsecuredLoginStringClaim_';
const NUMBER_CLAIM = 'unsecuredLoginNumberClaim_';
const LIST_CLAIM = 'unsecuredLoginListClaim_';
const PRINCIPAL_CLAIM_NAME = 'unsecuredLoginPrincipalClaimName';
const LIFETIME = 'unsecuredLoginLifetimeSeconds';
const DEFAULT_LIFETIME_S = 3600;
const RESERVED = ['iat', 'exp'];

/**
 * Unsecured tokens (`"alg":"none"`) with the claims that a login module's options list, as Kafka's
 * OAuthBearerUnsecuredLoginCallbackHandler makes them, for clusters under development; or what is wrong.
 */
export function unsecuredTokenSource(options: ReadonlyMap<string, string>): TokenFunction | string {
  const claims: Record<string, unknown> = {};
  for (const [option, value] of options) {
    const [name, claim] = claimOf(option, value);
    if (name === null) continue;
    if (RESERVED.includes(name)) return `sets the claim ${name}, which the token gets by itself`;
    if (typeof claim === 'number' && !Number.isFinite(claim)) return `must have a number as ${option}`;
    claims[name] = claim;
  }
  const principal = options.get(PRINCIPAL_CLAIM_NAME) ?? 'sub';
  if (typeof claims[principal] !== 'string' || claims[principal] === '') {
    return `has no ${STRING_CLAIM}${principal}="...", which says who logs in`;
  }
  const lifetimeS = Number(options.get(LIFETIME) ?? DEFAULT_LIFETIME_S);
  if (!(lifetimeS > 0)) return `must have a number above 0 as ${LIFETIME}`;
  return (clock: Clock) => {
    const issuedS = clock.wallMs() / 1000;
    const body = { ...claims, iat: issuedS, exp: issuedS + lifetimeS };
    return `${segment({ alg: 'none' })}.${segment(body)}.`;
  };
}

function claimOf(option: string, value: string): [string | null, unknown] {
  if (option.startsWith(STRING_CLAIM)) return [option.slice(STRING_CLAIM.length), value];
  if (option.startsWith(NUMBER_CLAIM)) {
    return [option.slice(NUMBER_CLAIM.length), value.trim() === '' ? Number.NaN : Number(value)];
  }
  // The first character of a list says what separates its items.
  if (option.startsWith(LIST_CLAIM)) {
    return [option.slice(LIST_CLAIM.length), value === '' ? [] : value.slice(1).split(value[0]!)];
  }
  return [null, null];
}

function segment(content: unknown): string {
  return Buffer.from(JSON.stringify(content)).toString('base64url');
}
