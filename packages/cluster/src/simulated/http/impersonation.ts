/**
 * Acting as somebody else, for those who may. Source: https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/
 */
import { apiError } from '../api/api-error.ts';
import { AUTHENTICATED, withGroup } from './authentication.ts';
import { authorize } from './authorization.ts';
import type { Identity } from './call.ts';
import type { RbacAuthorizer } from '../rbac/authorizer.ts';

const EXTRA = 'impersonate-extra-';

/** Who the request is made as. @throws ApiError 403, 500 for headers that belong to no user */
export function impersonate(headers: Headers, user: Identity, authorizer: RbacAuthorizer): Identity {
  const name = headers.get('impersonate-user') ?? '';
  const groups = listOf(headers.get('impersonate-group'));
  const uid = headers.get('impersonate-uid') ?? '';
  const extra = extraOf(headers);
  if (name === '') {
    if (groups.length === 0 && uid === '' && extra.length === 0) return user;
    throw apiError(
      500,
      'InternalError',
      'Internal error occurred: requested impersonation without impersonating a user',
    );
  }
  const check = (
    resource: string,
    of: string,
    more: { group?: string; namespace?: string; subresource?: string } = {},
  ) => authorize(authorizer, user, { ...NOTHING, resource, name: of, ...more });
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(name);
  if (account === null) check('users', name);
  else check('serviceaccounts', account[2] as string, { namespace: account[1] as string });
  for (const group of groups) check('groups', group);
  if (uid !== '') check('uids', uid, { group: AUTHENTICATION });
  for (const [key, values] of extra)
    for (const value of values) check('userextras', value, { group: AUTHENTICATION, subresource: key });
  return identityOf(name, groups, account?.[1], uid, extra);
}

const AUTHENTICATION = 'authentication.k8s.io';
const NOTHING = { verb: 'impersonate', isResource: true, group: '', subresource: '', namespace: '', path: '' };

function identityOf(
  name: string,
  groups: readonly string[],
  namespace: string | undefined,
  uid: string,
  extra: readonly (readonly [string, readonly string[]])[],
): Identity {
  const accountGroups =
    namespace === undefined ? [] : ['system:serviceaccounts', `system:serviceaccounts:${namespace}`];
  const identity: Identity = {
    name,
    groups: groups.length === 0 ? accountGroups : groups,
    ...(uid !== '' && { uid }),
    ...(extra.length > 0 && { extra: Object.fromEntries(extra) }),
  };
  if (name === 'system:anonymous') return withGroup(identity, 'system:unauthenticated');
  return identity.groups.includes('system:unauthenticated') ? identity : withGroup(identity, AUTHENTICATED);
}

function extraOf(headers: Headers): readonly (readonly [string, readonly string[]])[] {
  return [...headers]
    .filter(([header]) => header.startsWith(EXTRA))
    .map(([header, value]) => [unescaped(header.slice(EXTRA.length)), listOf(value)] as const);
}

function unescaped(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

/** Several headers of one name reach us joined. */
function listOf(value: string | null): readonly string[] {
  return (value ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
}
