/** What the API server fills into kinds other than pods and workloads. Source: `pkg/apis/*\/v1/defaults.go`. */
import { isRecord, type Json } from '../../../model/unknown-json.ts';
import {
  all,
  canonical,
  derive,
  each,
  fill,
  isUnset,
  when,
  within,
  withField,
  type DefaultRule,
} from './default-rule.ts';
import { claimSpecDefaults } from './pod/pod-defaults.ts';

const isOneOf =
  (field: string, ...types: readonly string[]) =>
  (value: Json): boolean =>
    types.includes(String(value[field]));

export const serviceDefaults = all(
  fill({ spec: {} }),
  within(
    'spec',
    fill({ sessionAffinity: 'None', type: 'ClusterIP' }),
    when(
      isOneOf('sessionAffinity', 'ClientIP'),
      fill({ sessionAffinityConfig: {} }),
      within('sessionAffinityConfig', fill({ clientIP: {} }), within('clientIP', fill({ timeoutSeconds: 10_800 }))),
    ),
    each('ports', fill({ protocol: 'TCP' }), (port) =>
      port['targetPort'] === 0 || isUnset(port['targetPort']) ? { ...port, targetPort: port['port'] } : port,
    ),
    when(isExternal, fill({ externalTrafficPolicy: 'Cluster' })),
    when(isOneOf('type', 'ClusterIP', 'NodePort', 'LoadBalancer'), fill({ internalTrafficPolicy: 'Cluster' })),
    when(isOneOf('type', 'LoadBalancer'), fill({ allocateLoadBalancerNodePorts: true })),
  ),
);

function isExternal({ type, externalIPs }: Json): boolean {
  if (type === 'LoadBalancer' || type === 'NodePort') return true;
  return type === 'ClusterIP' && Array.isArray(externalIPs) && externalIPs.length > 0;
}

const SCALE_UP = {
  stabilizationWindowSeconds: 0,
  selectPolicy: 'Max',
  policies: [
    { type: 'Pods', value: 4, periodSeconds: 15 },
    { type: 'Percent', value: 100, periodSeconds: 15 },
  ],
};
const SCALE_DOWN = { selectPolicy: 'Max', policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }] };
const METRIC_SOURCES = ['resource', 'containerResource', 'pods', 'object', 'external'];
const AVERAGE_CPU = {
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } },
};

export const horizontalPodAutoscalerDefaults = within(
  'spec',
  fill({ minReplicas: 1 }),
  (spec) => (isEmptyList(spec['metrics']) ? { ...spec, metrics: [AVERAGE_CPU] } : spec),
  each(
    'metrics',
    ...METRIC_SOURCES.map((source) => within(source, within('target', canonical('value', 'averageValue')))),
  ),
  within(
    'behavior',
    fill({ scaleUp: SCALE_UP, scaleDown: SCALE_DOWN }),
    within('scaleUp', fill(SCALE_UP)),
    within('scaleDown', fill(SCALE_DOWN)),
  ),
);

export const persistentVolumeDefaults = within(
  'spec',
  canonical('capacity'),
  fill({ persistentVolumeReclaimPolicy: 'Retain', volumeMode: 'Filesystem' }),
  within('hostPath', fill({ type: '' })),
  within('iscsi', fill({ iscsiInterface: 'default' })),
  // Not the reference to a claim by somebody else: what a volume holds for names its kind.
  within('claimRef', fill({ apiVersion: 'v1', kind: 'PersistentVolumeClaim' })),
);

export const persistentVolumeClaimDefaults = all(fill({ spec: {} }), within('spec', claimSpecDefaults));

export const storageClassDefaults = fill({ reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' });

export const secretDefaults = all(fill({ type: 'Opaque' }), plainData);

/** `stringData` is for writing only: it goes into `data`. */
function plainData(secret: Json): Json {
  const { stringData, ...rest } = secret;
  if (!isRecord(stringData)) return secret;
  const encoded = Object.fromEntries(Object.entries(stringData).map(([key, text]) => [key, base64(String(text))]));
  return { ...rest, data: { ...(isRecord(rest['data']) ? rest['data'] : {}), ...encoded } };
}

function base64(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''));
}

export const namespaceDefaults: DefaultRule = all(
  within('metadata', (metadata) => {
    const { name, labels } = metadata;
    if (isUnset(name)) return metadata;
    const own = isRecord(labels) ? labels : {};
    return withField(metadata, 'labels', withField(own, 'kubernetes.io/metadata.name', name));
  }),
  fill({ spec: {} }),
  within('spec', (spec) => {
    const finalizers = Array.isArray(spec['finalizers']) ? spec['finalizers'] : [];
    return finalizers.includes('kubernetes') ? spec : { ...spec, finalizers: [...finalizers, 'kubernetes'] };
  }),
);

const LIMIT_AMOUNTS = canonical('max', 'min', 'default', 'defaultRequest', 'maxLimitRequestRatio');

export const limitRangeDefaults = within(
  'spec',
  each('limits', LIMIT_AMOUNTS, when(isOneOf('type', 'Container'), containerLimits)),
);

/** A limit defaults to the largest that is allowed, a request to the limit, and to the smallest where there is no limit. */
function containerLimits(item: Json): Json {
  const { max, min, default: limit, defaultRequest: request } = item as Readonly<Record<string, Json | undefined>>;
  const limits = { ...max, ...limit };
  const requests = { ...min, ...limits, ...request };
  return completed(completed(item, 'default', limits), 'defaultRequest', requests);
}

function completed(item: Json, field: string, amounts: Json): Json {
  const own = isRecord(item[field]) ? item[field] : {};
  return Object.keys(amounts).length === Object.keys(own).length ? item : { ...item, [field]: amounts };
}

export const priorityClassDefaults = fill({ preemptionPolicy: 'PreemptLowerPriority', value: 0 });

const TCP = fill({ protocol: 'TCP' });

export const endpointsDefaults = each('subsets', each('ports', TCP));

export const endpointSliceDefaults = each(
  'ports',
  TCP,
  derive('name', () => ''),
);

export const networkPolicyDefaults = within(
  'spec',
  fill({ podSelector: {} }),
  each('ingress', each('ports', TCP)),
  each('egress', each('ports', TCP)),
  (spec) => {
    if (!isEmptyList(spec['policyTypes'])) return spec;
    return { ...spec, policyTypes: isEmptyList(spec['egress']) ? ['Ingress'] : ['Ingress', 'Egress'] };
  },
);

const SUBJECTS = each('subjects', (subject) => {
  const isAccount = subject['kind'] === 'ServiceAccount';
  return isAccount ? subject : fill({ apiGroup: 'rbac.authorization.k8s.io' })(subject);
});

export const roleBindingDefaults = all(within('roleRef', fill({ apiGroup: 'rbac.authorization.k8s.io' })), SUBJECTS);

export const nodeDefaults = within(
  'status',
  derive('allocatable', ({ capacity }) => capacity),
  canonical('capacity', 'allocatable'),
);

export const resourceQuotaDefaults = within('spec', canonical('hard'));

const WEBHOOK = all(
  fill({
    failurePolicy: 'Fail',
    matchPolicy: 'Equivalent',
    namespaceSelector: {},
    objectSelector: {},
    timeoutSeconds: 10,
  }),
  within('clientConfig', within('service', fill({ port: 443 }))),
  each('rules', fill({ scope: '*' })),
);

export const validatingWebhookDefaults = each('webhooks', WEBHOOK);
export const mutatingWebhookDefaults = each('webhooks', WEBHOOK, fill({ reinvocationPolicy: 'Never' }));

export const csiDriverDefaults = within(
  'spec',
  fill({
    attachRequired: true,
    podInfoOnMount: false,
    storageCapacity: false,
    fsGroupPolicy: 'ReadWriteOnceWithFSType',
    volumeLifecycleModes: ['Persistent'],
    requiresRepublish: false,
    seLinuxMount: false,
  }),
);

function isEmptyList(value: unknown): boolean {
  return !Array.isArray(value) || value.length === 0;
}
