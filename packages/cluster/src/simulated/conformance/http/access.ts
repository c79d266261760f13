import type { ConformanceCase } from '../conformance-case.ts';
import { clusterRole, clusterRoleBinding, group, role, roleBinding, rule, SHOP, user } from './rbac-objects.ts';

const RBAC = 'https://kubernetes.io/docs/reference/access-authn-authz/rbac/';
const REVIEWS = 'https://kubernetes.io/docs/reference/access-authn-authz/authorization/';
const JANE = { name: 'jane' } as const;
const READ = ['get', 'list', 'watch'] as const;
const PODS = { resource: 'v1/pods', ...SHOP } as const;
const SETTINGS = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', ...SHOP }, data: { a: 'b' } };

/** Who may do what, and what is said to whom may not. */
export const ACCESS_CASES: readonly ConformanceCase[] = [
  {
    name: 'a user without roles cannot list, and is told where',
    source: REVIEWS,
    steps: [
      {
        ...{ verb: 'list', ...PODS, user: JANE },
        expect: {
          code: 403,
          reason: 'Forbidden',
          message: 'pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace "shop"',
          body: { details: { kind: 'pods' } },
        },
      },
      {
        ...{ verb: 'list', resource: 'v1/nodes', user: JANE },
        expect: {
          code: 403,
          message: 'nodes is forbidden: User "jane" cannot list resource "nodes" in API group "" at the cluster scope',
        },
      },
    ],
  },
  {
    name: 'a refusal of a named object names it, and its group',
    source: 'staging/src/k8s.io/apiserver/pkg/endpoints/handlers/responsewriters/errors.go',
    steps: [
      {
        ...{ verb: 'get', resource: 'apps/v1/deployments', ...SHOP, name: 'web', user: JANE },
        expect: {
          code: 403,
          message:
            'deployments.apps "web" is forbidden: User "jane" cannot get resource "deployments" in API group "apps" in the namespace "shop"',
          body: { details: { name: 'web', group: 'apps', kind: 'deployments' } },
        },
      },
      {
        ...{ verb: 'get', resource: 'apps/v1/deployments', ...SHOP, name: 'web', subresource: 'scale', user: JANE },
        expect: {
          code: 403,
          message:
            'deployments.apps "web" is forbidden: User "jane" cannot get resource "deployments/scale" in API group "apps" in the namespace "shop"',
        },
      },
    ],
  },
  {
    name: 'a Role allows its verbs in its namespace and no others',
    source: RBAC,
    namespaces: ['shop', 'bank'],
    given: [SETTINGS, role('reader', rule(READ, ['configmaps'])), roleBinding('readers', 'reader', user('jane'))],
    steps: [
      { ...{ verb: 'get', resource: 'v1/configmaps', ...SHOP, name: 'settings', user: JANE }, expect: { code: 200 } },
      {
        ...{ verb: 'delete', resource: 'v1/configmaps', ...SHOP, name: 'settings', user: JANE },
        expect: { code: 403 },
      },
      { ...{ verb: 'list', resource: 'v1/configmaps', namespace: 'bank', user: JANE }, expect: { code: 403 } },
      { ...{ verb: 'list', resource: 'v1/configmaps', user: JANE }, expect: { code: 403 } },
    ],
  },
  {
    name: 'a RoleBinding to a ClusterRole grants it in one namespace alone',
    source: RBAC,
    namespaces: ['shop', 'bank'],
    given: [
      clusterRole('pod-reader', [rule(READ, ['pods'])]),
      roleBinding('readers', 'ClusterRole/pod-reader', user('jane')),
    ],
    steps: [
      { ...{ verb: 'list', ...PODS, user: JANE }, expect: { code: 200 } },
      { ...{ verb: 'list', resource: 'v1/pods', namespace: 'bank', user: JANE }, expect: { code: 403 } },
    ],
  },
  {
    name: 'a ClusterRoleBinding grants in all namespaces, to members of a group',
    source: RBAC,
    given: [
      clusterRole('pod-reader', [rule(READ, ['pods'])]),
      clusterRoleBinding('readers', 'pod-reader', group('team')),
    ],
    steps: [
      { ...{ verb: 'list', resource: 'v1/pods', user: { name: 'jane', groups: ['team'] } }, expect: { code: 200 } },
      { ...{ verb: 'list', resource: 'v1/pods', user: { name: 'jane', groups: ['other'] } }, expect: { code: 403 } },
    ],
  },
  {
    name: 'resourceNames restrict a rule to objects by name',
    source: RBAC,
    given: [
      SETTINGS,
      role('one', rule(['get', 'update'], ['configmaps'], '', ['settings'])),
      roleBinding('ones', 'one', user('jane')),
    ],
    steps: [
      { ...{ verb: 'get', resource: 'v1/configmaps', ...SHOP, name: 'settings', user: JANE }, expect: { code: 200 } },
      { ...{ verb: 'get', resource: 'v1/configmaps', ...SHOP, name: 'other', user: JANE }, expect: { code: 403 } },
      { ...{ verb: 'list', resource: 'v1/configmaps', ...SHOP, user: JANE }, expect: { code: 403 } },
    ],
  },
  {
    name: 'a rule for a resource does not cover its subresources',
    source: RBAC,
    given: [role('reader', rule(READ, ['pods'])), roleBinding('readers', 'reader', user('jane'))],
    steps: [
      {
        ...{ verb: 'get', ...PODS, name: 'web', subresource: 'log', user: JANE },
        expect: {
          code: 403,
          message:
            'pods "web" is forbidden: User "jane" cannot get resource "pods/log" in API group "" in the namespace "shop"',
        },
      },
    ],
  },
  {
    name: 'stars in a rule cover every verb, group and resource',
    source: RBAC,
    given: [role('all', rule(['*'], ['*'], '*')), roleBinding('all', 'all', user('jane'))],
    steps: [
      { ...{ verb: 'create', resource: 'v1/configmaps', ...SHOP, body: SETTINGS, user: JANE }, expect: { code: 201 } },
      { ...{ verb: 'list', resource: 'apps/v1/deployments', ...SHOP, user: JANE }, expect: { code: 200 } },
      { ...{ verb: 'list', resource: 'v1/nodes', user: JANE }, expect: { code: 403 } },
    ],
  },
  {
    name: 'a ServiceAccount is a subject of bindings',
    source: RBAC,
    given: [
      role('reader', rule(READ, ['pods'])),
      roleBinding('robots', 'reader', { kind: 'ServiceAccount', name: 'robot', namespace: 'shop' }),
    ],
    steps: [
      { ...{ verb: 'list', ...PODS, user: { name: 'system:serviceaccount:shop:robot' } }, expect: { code: 200 } },
      { ...{ verb: 'list', ...PODS, user: { name: 'system:serviceaccount:shop:other' } }, expect: { code: 403 } },
    ],
  },
  {
    name: 'the role view reads most things and no Secrets',
    source: RBAC,
    given: [roleBinding('viewers', 'ClusterRole/view', user('jane'))],
    steps: [
      { ...{ verb: 'list', resource: 'apps/v1/deployments', ...SHOP, user: JANE }, expect: { code: 200 } },
      { ...{ verb: 'list', resource: 'v1/secrets', ...SHOP, user: JANE }, expect: { code: 403 } },
      { ...{ verb: 'create', resource: 'v1/configmaps', ...SHOP, body: SETTINGS, user: JANE }, expect: { code: 403 } },
    ],
  },
  {
    name: 'the role edit writes workloads and no roles',
    source: RBAC,
    given: [roleBinding('editors', 'ClusterRole/edit', user('jane'))],
    steps: [
      { ...{ verb: 'create', resource: 'v1/configmaps', ...SHOP, body: SETTINGS, user: JANE }, expect: { code: 201 } },
      { ...{ verb: 'list', resource: 'v1/secrets', ...SHOP, user: JANE }, expect: { code: 200 } },
      {
        ...{ verb: 'list', resource: 'rbac.authorization.k8s.io/v1/roles', ...SHOP, user: JANE },
        expect: { code: 403 },
      },
    ],
  },
  {
    name: 'an aggregated ClusterRole gets the rules of roles with its labels',
    source: RBAC,
    given: [
      clusterRole('monitoring', [], {
        aggregationRule: { clusterRoleSelectors: [{ matchLabels: { 'example.com/aggregate-to-monitoring': 'true' } }] },
      }),
      {
        ...clusterRole('monitoring-endpoints', [rule(READ, ['services', 'endpointslices', 'pods'])]),
        metadata: { name: 'monitoring-endpoints', labels: { 'example.com/aggregate-to-monitoring': 'true' } },
      },
    ],
    steps: [
      {
        ...{ verb: 'get', resource: 'rbac.authorization.k8s.io/v1/clusterroles', name: 'monitoring' },
        eventuallyMs: 10_000,
        expect: { body: { rules: [rule(READ, ['services', 'endpointslices', 'pods'])] } },
      },
    ],
  },
  {
    name: 'everybody may ask what they may do',
    source: REVIEWS,
    given: [role('reader', rule(READ, ['pods'])), roleBinding('readers', 'reader', user('jane'))],
    steps: [
      {
        ...{ verb: 'create', resource: 'authorization.k8s.io/v1/selfsubjectaccessreviews', user: JANE },
        body: { spec: { resourceAttributes: { namespace: 'shop', verb: 'list', resource: 'pods' } } },
        expect: {
          code: 201,
          body: {
            status: {
              allowed: true,
              reason: 'RBAC: allowed by RoleBinding "readers/shop" of Role "reader" to User "jane"',
            },
          },
        },
      },
      {
        ...{ verb: 'create', resource: 'authorization.k8s.io/v1/selfsubjectaccessreviews', user: JANE },
        body: { spec: { resourceAttributes: { namespace: 'shop', verb: 'delete', resource: 'pods' } } },
        expect: { code: 201, body: { status: { allowed: false } } },
      },
      {
        ...{ verb: 'create', resource: 'authorization.k8s.io/v1/selfsubjectaccessreviews', user: JANE },
        body: { spec: { nonResourceAttributes: { path: '/version', verb: 'get' } } },
        expect: { code: 201, body: { status: { allowed: true } } },
      },
    ],
  },
  {
    name: 'an administrator may ask about others',
    source: REVIEWS,
    given: [role('reader', rule(READ, ['pods'])), roleBinding('readers', 'reader', user('jane'))],
    steps: [
      {
        ...{ verb: 'create', resource: 'authorization.k8s.io/v1/subjectaccessreviews' },
        body: { spec: { user: 'jane', resourceAttributes: { namespace: 'shop', verb: 'get', resource: 'pods' } } },
        expect: { code: 201, body: { status: { allowed: true } } },
      },
      {
        ...{ verb: 'create', resource: 'authorization.k8s.io/v1/subjectaccessreviews', user: JANE },
        body: { spec: { user: 'joe', resourceAttributes: { namespace: 'shop', verb: 'get', resource: 'pods' } } },
        expect: { code: 403 },
      },
      {
        ...{ verb: 'create', resource: 'authorization.k8s.io/v1/localsubjectaccessreviews', ...SHOP },
        body: {
          metadata: SHOP,
          spec: { user: 'joe', resourceAttributes: { namespace: 'shop', verb: 'get', resource: 'pods' } },
        },
        expect: { code: 201, body: { status: { allowed: false } } },
      },
    ],
  },
  {
    name: 'everybody may ask who they are',
    source: 'https://kubernetes.io/docs/reference/access-authn-authz/authentication/',
    steps: [
      {
        ...{ verb: 'create', resource: 'authentication.k8s.io/v1/selfsubjectreviews', body: {} },
        user: { name: 'jane', groups: ['team'] },
        expect: {
          code: 201,
          body: { status: { userInfo: { username: 'jane', groups: ['team', 'system:authenticated'] } } },
        },
      },
      {
        ...{ verb: 'create', resource: 'authentication.k8s.io/v1/selfsubjectreviews', body: {} },
        user: { name: 'system:serviceaccount:shop:robot' },
        expect: {
          body: {
            status: {
              userInfo: {
                username: 'system:serviceaccount:shop:robot',
                groups: ['system:serviceaccounts', 'system:serviceaccounts:shop', 'system:authenticated'],
              },
            },
          },
        },
      },
    ],
  },
  {
    name: 'a user cannot act as another without being allowed to',
    source: 'https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/',
    given: [role('acting', rule(['impersonate'], ['serviceaccounts'])), roleBinding('acting', 'acting', user('jane'))],
    steps: [
      {
        ...{ verb: 'create', resource: 'authorization.k8s.io/v1/subjectaccessreviews' },
        body: { spec: { user: 'jane', resourceAttributes: { verb: 'impersonate', resource: 'users', name: 'root' } } },
        expect: { body: { status: { allowed: false } } },
      },
      {
        ...{ verb: 'create', resource: 'authorization.k8s.io/v1/subjectaccessreviews' },
        body: {
          spec: {
            user: 'jane',
            resourceAttributes: { verb: 'impersonate', resource: 'serviceaccounts', name: 'robot', namespace: 'shop' },
          },
        },
        expect: { body: { status: { allowed: true } } },
      },
    ],
  },
];
