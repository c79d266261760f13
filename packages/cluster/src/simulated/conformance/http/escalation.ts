import type { ConformanceCase } from '../conformance-case.ts';
import { clusterRole, role, roleBinding, rule, SHOP, user } from './rbac-objects.ts';

const SOURCE = 'https://kubernetes.io/docs/reference/access-authn-authz/rbac/';
const RBAC = 'rbac.authorization.k8s.io';
const ROLES = { resource: `${RBAC}/v1/roles`, ...SHOP } as const;
const BINDINGS = { resource: `${RBAC}/v1/rolebindings`, ...SHOP } as const;
const JANE = { name: 'jane' } as const;
const WRITE = ['create', 'update', 'patch'] as const;

const MANAGER = [
  role('manager', rule(WRITE, ['roles', 'rolebindings'], RBAC), rule(['get', 'list'], ['pods'])),
  roleBinding('managers', 'manager', user('jane')),
];

/** Nobody grants what they have not. */
export const ESCALATION_CASES: readonly ConformanceCase[] = [
  {
    name: 'a role with more than its maker has is refused, with what is missing',
    source: SOURCE,
    given: MANAGER,
    steps: [
      {
        ...{ verb: 'create', ...ROLES, body: role('more', rule(['get', 'delete', 'watch'], ['pods'])), user: JANE },
        expect: {
          code: 403,
          message:
            'roles.rbac.authorization.k8s.io "more" is forbidden: user "jane" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["pods"], Verbs:["delete" "watch"]}',
        },
      },
      {
        ...{ verb: 'create', ...ROLES, body: role('same', rule(['get'], ['pods'])), user: JANE },
        expect: { code: 201 },
      },
    ],
  },
  {
    name: 'a binding to a role with more than its maker has is refused',
    source: SOURCE,
    given: [...MANAGER, role('secrets', rule(['get'], ['secrets']))],
    steps: [
      {
        ...{ verb: 'create', ...BINDINGS, body: roleBinding('more', 'secrets', user('joe')), user: JANE },
        expect: {
          code: 403,
          message:
            'rolebindings.rbac.authorization.k8s.io "more" is forbidden: user "jane" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["secrets"], Verbs:["get"]}',
        },
      },
      {
        ...{ verb: 'create', ...BINDINGS, body: roleBinding('nothing', 'absent', user('joe')), user: JANE },
        expect: { code: 404, message: 'roles.rbac.authorization.k8s.io "absent" not found' },
      },
    ],
  },
  {
    name: 'the verb bind lets a role be granted that its granter has not',
    source: SOURCE,
    given: [
      ...MANAGER,
      role('binder', rule(['bind'], ['roles'], RBAC, ['secrets'])),
      roleBinding('binders', 'binder', user('jane')),
      role('secrets', rule(['get'], ['secrets'])),
    ],
    steps: [
      {
        ...{ verb: 'create', ...BINDINGS, body: roleBinding('more', 'secrets', user('joe')), user: JANE },
        expect: { code: 201 },
      },
    ],
  },
  {
    name: 'the verb escalate lets a role be written with more than its writer has',
    source: SOURCE,
    given: [
      ...MANAGER,
      role('escalator', rule(['escalate'], ['roles'], RBAC)),
      roleBinding('escalators', 'escalator', user('jane')),
    ],
    steps: [
      {
        ...{ verb: 'create', ...ROLES, body: role('more', rule(['*'], ['*'], '*')), user: JANE },
        expect: { code: 201 },
      },
    ],
  },
  {
    name: 'administrators grant anything',
    source: SOURCE,
    steps: [
      {
        ...{ verb: 'create', resource: `${RBAC}/v1/clusterroles`, body: clusterRole('all', [rule(['*'], ['*'], '*')]) },
        expect: { code: 201 },
      },
    ],
  },
];
