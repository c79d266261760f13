/**
 * Who asks: bearer tokens of a table, tokens of service accounts, and nobody in particular.
 * Source: https://kubernetes.io/docs/reference/access-authn-authz/authentication/
 */
import { apiError } from '../api/api-error.ts';
import type { Identity } from './call.ts';
import type { ServiceAccountTokens } from './service-account-tokens.ts';

/** Whoever sends no token. */
export const ANONYMOUS: Identity = { name: 'system:anonymous', groups: ['system:unauthenticated'] };
export const AUTHENTICATED = 'system:authenticated';
/** Longer than any token that is given out. */
const LONGEST_TOKEN = 16_384;

/** Where identities come from. */
export interface IdentitySources {
  readonly tokens: ReadonlyMap<string, Identity>;
  readonly serviceAccounts: ServiceAccountTokens;
  /** Who a request without a token counts as; refused where it is `undefined`. */
  readonly withoutToken: Identity | undefined;
}

/** @throws ApiError 401 */
export function authenticate(headers: Headers, { tokens, serviceAccounts, withoutToken }: IdentitySources): Identity {
  const [, scheme = '', token = ''] =
    /^(\S+) +(\S+)$/.exec((headers.get('authorization') ?? '').trim().slice(0, LONGEST_TOKEN)) ?? [];
  const known = scheme.toLowerCase() === 'bearer' ? (tokens.get(token) ?? serviceAccounts.identify(token)) : undefined;
  if (known !== undefined) return withGroup(known, AUTHENTICATED);
  // A token that is not known is no reason to treat its bearer as nobody.
  if (scheme.toLowerCase() === 'bearer' || withoutToken === undefined) throw unauthorized();
  return withoutToken;
}

export function unauthorized() {
  return apiError(401, 'Unauthorized', 'Unauthorized');
}

export function withGroup(identity: Identity, group: string): Identity {
  return identity.groups.includes(group) ? identity : { ...identity, groups: [...identity.groups, group] };
}
