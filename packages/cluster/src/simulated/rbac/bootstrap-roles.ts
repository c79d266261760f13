/**
 * The roles and bindings that every cluster has from its start.
 * Source: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#default-roles-and-role-bindings
 */
import type { Rule } from './rules.ts';

/** A ClusterRole of the start. */
export interface BootstrapRole {
  readonly name: string;
  readonly rules: readonly Rule[];
  /** Which aggregated role it is part of: `admin`, `edit`, `view`. */
  readonly partOf?: string;
  /** Whose parts it is made of. */
  readonly madeOf?: string;
}

const READ = 'get list watch';
const WRITE = 'create delete deletecollection patch update';
const ALL = 'create delete deletecollection get list patch update watch';
const EVENTS = on('create patch update', ' events.k8s.io', 'events');
const TOKENS = on('create', 'authentication.k8s.io', 'tokenreviews');
const SUBJECTS = on('create', 'authorization.k8s.io', 'subjectaccessreviews');

/** Words apart by spaces; a leading space in `groups` is the core group. */
function on(verbs: string, groups: string, resources: string, names?: string): Rule {
  const rule = { verbs: verbs.split(' '), apiGroups: groups.split(' '), resources: resources.split(' ') };
  return names === undefined ? rule : { ...rule, resourceNames: names.split(' ') };
}

function at(paths: string): Rule {
  return { verbs: ['get'], nonResourceURLs: paths.split(' ') };
}

const APPS =
  'daemonsets deployments deployments/rollback deployments/scale replicasets replicasets/scale statefulsets statefulsets/scale';
const EXTENSIONS =
  'daemonsets deployments deployments/rollback deployments/scale ingresses networkpolicies replicasets replicasets/scale replicationcontrollers/scale';

const AGGREGATED: readonly BootstrapRole[] = [
  { name: 'admin', rules: [], madeOf: 'admin' },
  { name: 'edit', rules: [], madeOf: 'edit', partOf: 'admin' },
  { name: 'view', rules: [], madeOf: 'view', partOf: 'edit' },
  {
    name: 'system:aggregate-to-admin',
    partOf: 'admin',
    rules: [
      on('create', 'authorization.k8s.io', 'localsubjectaccessreviews'),
      on(ALL, 'rbac.authorization.k8s.io', 'rolebindings roles'),
    ],
  },
  {
    name: 'system:aggregate-to-edit',
    partOf: 'edit',
    rules: [
      on(READ, '', 'pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy'),
      on('impersonate', '', 'serviceaccounts'),
      on(WRITE, '', 'pods pods/attach pods/exec pods/portforward pods/proxy'),
      on('create', '', 'pods/eviction'),
      on(
        WRITE,
        '',
        'configmaps events persistentvolumeclaims replicationcontrollers replicationcontrollers/scale secrets serviceaccounts services services/proxy',
      ),
      on('create', '', 'serviceaccounts/token'),
      on(WRITE, 'apps', APPS),
      on(WRITE, 'autoscaling', 'horizontalpodautoscalers'),
      on(WRITE, 'batch', 'cronjobs jobs'),
      on(WRITE, 'extensions', EXTENSIONS),
      on(WRITE, 'policy', 'poddisruptionbudgets'),
      on(WRITE, 'networking.k8s.io', 'ingresses networkpolicies'),
      on(ALL, 'coordination.k8s.io', 'leases'),
    ],
  },
  {
    name: 'system:aggregate-to-view',
    partOf: 'view',
    rules: [
      on(
        READ,
        '',
        'configmaps endpoints persistentvolumeclaims persistentvolumeclaims/status pods replicationcontrollers replicationcontrollers/scale serviceaccounts services services/status',
      ),
      on(
        READ,
        '',
        'bindings events limitranges namespaces/status pods/log pods/status replicationcontrollers/status resourcequotas resourcequotas/status',
      ),
      on(READ, '', 'namespaces'),
      on(READ, 'discovery.k8s.io', 'endpointslices'),
      on(
        READ,
        'apps',
        'controllerrevisions daemonsets daemonsets/status deployments deployments/scale deployments/status replicasets replicasets/scale replicasets/status statefulsets statefulsets/scale statefulsets/status',
      ),
      on(READ, 'autoscaling', 'horizontalpodautoscalers horizontalpodautoscalers/status'),
      on(READ, 'batch', 'cronjobs cronjobs/status jobs jobs/status'),
      on(
        READ,
        'extensions',
        'daemonsets daemonsets/status deployments deployments/scale deployments/status ingresses ingresses/status networkpolicies replicasets replicasets/scale replicasets/status replicationcontrollers/scale',
      ),
      on(READ, 'policy', 'poddisruptionbudgets poddisruptionbudgets/status'),
      on(READ, 'networking.k8s.io', 'ingresses ingresses/status networkpolicies'),
    ],
  },
];

const SIMPLE: readonly BootstrapRole[] = [
  { name: 'cluster-admin', rules: [on('*', '*', '*'), { verbs: ['*'], nonResourceURLs: ['*'] }] },
  {
    name: 'system:basic-user',
    rules: [
      on('create', 'authorization.k8s.io', 'selfsubjectaccessreviews selfsubjectrulesreviews'),
      on('create', 'authentication.k8s.io', 'selfsubjectreviews'),
    ],
  },
  {
    name: 'system:discovery',
    rules: [at('/api /api/* /apis /apis/* /healthz /livez /openapi /openapi/* /readyz /version /version/')],
  },
  { name: 'system:public-info-viewer', rules: [at('/healthz /livez /readyz /version /version/')] },
  {
    name: 'system:monitoring',
    rules: [at('/healthz /healthz/* /livez /livez/* /metrics /metrics/slis /readyz /readyz/*')],
  },
  { name: 'system:auth-delegator', rules: [TOKENS, SUBJECTS] },
  {
    name: 'system:service-account-issuer-discovery',
    rules: [at('/.well-known/openid-configuration /openid/v1/jwks')],
  },
  { name: 'system:kube-dns', rules: [on('list watch', '', 'endpoints services')] },
];

const COMPONENTS: readonly BootstrapRole[] = [
  {
    name: 'system:kube-scheduler',
    rules: [
      EVENTS,
      on('create', 'coordination.k8s.io', 'leases'),
      on('get update', 'coordination.k8s.io', 'leases', 'kube-scheduler'),
      on(READ, '', 'nodes'),
      on('delete get list watch', '', 'pods'),
      on('create', '', 'bindings pods/binding'),
      on('patch update', '', 'pods/status'),
      on(READ, '', 'replicationcontrollers services'),
      on(READ, 'apps extensions', 'replicasets'),
      on(READ, 'apps', 'statefulsets'),
      on(READ, 'policy', 'poddisruptionbudgets'),
      on(READ, '', 'persistentvolumeclaims persistentvolumes'),
      TOKENS,
      SUBJECTS,
      on(READ, 'storage.k8s.io', 'csinodes'),
      on(READ, '', 'namespaces'),
      on(READ, 'storage.k8s.io', 'csidrivers'),
      on(READ, 'storage.k8s.io', 'csistoragecapacities'),
    ],
  },
  {
    name: 'system:volume-scheduler',
    rules: [
      on('get list patch update watch', '', 'persistentvolumes'),
      on(READ, 'storage.k8s.io', 'storageclasses'),
      on('get list patch update watch', '', 'persistentvolumeclaims'),
    ],
  },
  {
    name: 'system:kube-controller-manager',
    rules: [
      EVENTS,
      on('create', 'coordination.k8s.io', 'leases'),
      on('get update', 'coordination.k8s.io', 'leases', 'kube-controller-manager'),
      on('create', '', 'secrets serviceaccounts'),
      on('delete', '', 'secrets'),
      on('get', '', 'configmaps namespaces secrets serviceaccounts'),
      on('update', '', 'secrets serviceaccounts'),
      TOKENS,
      SUBJECTS,
      on('list watch', '*', '*'),
      on('create', '', 'serviceaccounts/token'),
    ],
  },
  {
    name: 'system:node-proxier',
    rules: [
      on('list watch', '', 'endpoints services'),
      on(READ, '', 'nodes'),
      EVENTS,
      on('list watch', 'discovery.k8s.io', 'endpointslices'),
    ],
  },
  {
    name: 'system:node-bootstrapper',
    rules: [on('create get list watch', 'certificates.k8s.io', 'certificatesigningrequests')],
  },
  {
    name: 'system:node-problem-detector',
    rules: [on('get', '', 'nodes'), on('patch', '', 'nodes/status'), EVENTS],
  },
  {
    name: 'system:kubelet-api-admin',
    rules: [
      on(READ, '', 'nodes'),
      on('proxy', '', 'nodes'),
      on('*', '', 'nodes/log nodes/metrics nodes/proxy nodes/stats'),
    ],
  },
  {
    name: 'system:persistent-volume-provisioner',
    rules: [
      on('create delete get list watch', '', 'persistentvolumes'),
      on('get list update watch', '', 'persistentvolumeclaims'),
      on(READ, 'storage.k8s.io', 'storageclasses'),
      on('watch', '', 'events'),
      EVENTS,
    ],
  },
];

/** ClusterRoles. */
export const BOOTSTRAP_ROLES: readonly BootstrapRole[] = [...AGGREGATED, ...SIMPLE, ...COMPONENTS];

const group = (name: string) => ({ kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name });
const user = (name: string) => ({ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name });

/** ClusterRoleBindings by the name of the role that they bind, which mostly is theirs too. */
export const BOOTSTRAP_BINDINGS: Readonly<Record<string, readonly object[]>> = {
  'cluster-admin': [group('system:masters')],
  'system:basic-user': [group('system:authenticated')],
  'system:discovery': [group('system:authenticated')],
  'system:public-info-viewer': [group('system:authenticated'), group('system:unauthenticated')],
  'system:monitoring': [group('system:monitoring')],
  'system:service-account-issuer-discovery': [group('system:serviceaccounts')],
  'system:kube-dns': [{ kind: 'ServiceAccount', name: 'kube-dns', namespace: 'kube-system' }],
  'system:kube-scheduler': [user('system:kube-scheduler')],
  'system:volume-scheduler': [user('system:kube-scheduler')],
  'system:kube-controller-manager': [user('system:kube-controller-manager')],
  'system:node-proxier': [user('system:kube-proxy')],
};
