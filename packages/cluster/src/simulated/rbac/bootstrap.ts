/** Puts the roles and bindings of every cluster's start into one, and keeps what is there. */
import type { KubeObject } from '../../model/kube-object.ts';
import { CLUSTER_ROLE_BINDINGS, CLUSTER_ROLES } from '../api/built-in-types.ts';
import type { ApiServer } from '../api/api-server.ts';
import type { ResourceType } from '../api/resource-type.ts';
import { BOOTSTRAP_BINDINGS, BOOTSTRAP_ROLES, type BootstrapRole } from './bootstrap-roles.ts';
import type { Rule } from './rules.ts';

const API_VERSION = 'rbac.authorization.k8s.io/v1';
const AGGREGATE = 'rbac.authorization.k8s.io/aggregate-to-';

/** Does nothing for what is there already. */
export function bootstrapRbac(api: ApiServer): void {
  for (const role of BOOTSTRAP_ROLES) make(api, CLUSTER_ROLES, roleObject(role));
  for (const [name, subjects] of Object.entries(BOOTSTRAP_BINDINGS))
    make(api, CLUSTER_ROLE_BINDINGS, bindingObject(name, subjects));
}

function make(api: ApiServer, type: ResourceType, object: KubeObject): void {
  if (api.store.get(type, '', object.metadata.name) === undefined) api.create(type, object);
}

function roleObject({ name, rules, partOf, madeOf }: BootstrapRole): KubeObject {
  const labels = {
    'kubernetes.io/bootstrapping': 'rbac-defaults',
    ...(partOf !== undefined && { [`${AGGREGATE}${partOf}`]: 'true' }),
  };
  return {
    apiVersion: API_VERSION,
    kind: 'ClusterRole',
    metadata: { name, labels, annotations: AUTO_UPDATE },
    ...(madeOf !== undefined && {
      aggregationRule: { clusterRoleSelectors: [{ matchLabels: { [`${AGGREGATE}${madeOf}`]: 'true' } }] },
    }),
    rules: madeOf === undefined ? rules : partsOf(madeOf),
  } as KubeObject;
}

const AUTO_UPDATE = { 'rbac.authorization.kubernetes.io/autoupdate': 'true' };

/** What the aggregation comes to, so that nobody has to wait for it. */
function partsOf(role: string): readonly Rule[] {
  return BOOTSTRAP_ROLES.filter(({ partOf }) => partOf === role).flatMap(({ madeOf, rules }) =>
    madeOf === undefined ? rules : partsOf(madeOf),
  );
}

function bindingObject(name: string, subjects: readonly object[]): KubeObject {
  return {
    apiVersion: API_VERSION,
    kind: 'ClusterRoleBinding',
    metadata: { name, labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' }, annotations: AUTO_UPDATE },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
    subjects,
  } as KubeObject;
}
