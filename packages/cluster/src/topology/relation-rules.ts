/** The relations between resources, one row each. */
import { groupOf, type KubeObject } from '../model/kube-object.ts';
import { KIND_GROUPS, type KindMap, type Pod, type PodSpec } from '../model/kinds.ts';
import { refOf, type ResourceRef } from '../model/resource-ref.ts';
import { matchesSelector, type LabelSelector } from '../model/selector.ts';
import type { ClusterSnapshot } from '../snapshot/snapshot.ts';
import { configReferences } from './config-references.ts';
import {
  gatewaysOf,
  granted,
  listenerSecrets,
  routeBackends,
  scaled,
  serviceOfApi,
  watched,
} from './open-references.ts';
import type { Reference, RelationName, RelationRule } from './relation.ts';

type Targets<K extends keyof KindMap> = (object: KindMap[K], snapshot: ClusterSnapshot) => readonly Reference[];

/** Workload kinds with the place of their pod template's spec. */
const TEMPLATES = {
  Deployment: 'spec.template.spec',
  ReplicaSet: 'spec.template.spec',
  StatefulSet: 'spec.template.spec',
  DaemonSet: 'spec.template.spec',
  ReplicationController: 'spec.template.spec',
  Job: 'spec.template.spec',
  CronJob: 'spec.jobTemplate.spec.template.spec',
} as const;
const WORKLOADS = Object.keys(TEMPLATES) as (keyof typeof TEMPLATES)[];
const CONTENTS = ['ConfigMap', 'Secret', 'PersistentVolumeClaim', 'SecretProviderClass'];

/** All rules. Rows with the same name add up. */
export const RELATION_RULES: readonly RelationRule[] = [
  { name: 'owns', from: '*', to: ['*'], suffers: true, targets: (object, snapshot) => owned(snapshot.ownedBy(object)) },

  rule('selects', 'Service', ['Pod'], (service, snapshot) => servicePods(service, snapshot)),
  ...WORKLOADS.filter((kind) => kind !== 'CronJob').map((kind) =>
    rule('selects', kind, ['Pod'], (owner, snapshot) => workloadPods(owner, snapshot)),
  ),
  rule(
    'guards',
    'PodDisruptionBudget',
    ['Pod'],
    (budget, snapshot) => selected(budget, budget.spec?.selector, 'spec.selector', snapshot),
    false,
  ),
  rule(
    'guards',
    'NetworkPolicy',
    ['Pod'],
    (policy, snapshot) => selected(policy, policy.spec?.podSelector, 'spec.podSelector', snapshot),
    false,
  ),

  rule('mounts', 'Pod', CONTENTS, (pod) => contents(pod.spec, pod.metadata.namespace, 'spec', pod.metadata.name)),
  ...WORKLOADS.map((kind) =>
    rule('mounts', kind, CONTENTS, (owner) => contents(templateOf(owner), owner.metadata.namespace, TEMPLATES[kind])),
  ),
  rule('mounts', 'Ingress', ['Secret'], (ingress) =>
    (ingress.spec?.tls ?? []).flatMap(({ secretName }, i) =>
      named('Secret', ingress, secretName, `spec.tls[${i}].secretName`),
    ),
  ),
  rule('mounts', 'ServiceAccount', ['Secret'], (account) =>
    (account.imagePullSecrets ?? []).flatMap(({ name }, i) =>
      named('Secret', account, name, `imagePullSecrets[${i}]`, true),
    ),
  ),

  rule('binds', 'PersistentVolumeClaim', ['PersistentVolume'], (claim) =>
    named('PersistentVolume', claim, claim.spec?.volumeName, 'spec.volumeName'),
  ),
  rule('provisions', 'PersistentVolumeClaim', ['StorageClass'], (claim) =>
    named(
      'StorageClass',
      claim,
      claim.spec?.storageClassName,
      'spec.storageClassName',
      (claim.spec?.volumeName ?? '') !== '',
    ),
  ),
  rule('runs on', 'Pod', ['Node'], (pod) => named('Node', pod, pod.spec?.nodeName, 'spec.nodeName')),

  rule('routes to', 'Ingress', ['Service'], (ingress) => ingressBackends(ingress)),
  rule('routes to', 'Service', ['EndpointSlice'], (service, snapshot) => slicesOf(service, snapshot)),
  rule('routes to', 'EndpointSlice', ['Pod'], (slice) =>
    (slice.endpoints ?? []).flatMap(({ targetRef }, i) => podTarget(slice, targetRef, `endpoints[${i}].targetRef`)),
  ),
  ...['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute', 'UDPRoute'].flatMap((kind) => [
    open('routes to', `gateway.networking.k8s.io/${kind}`, ['Service'], routeBackends),
    open('attaches to', `gateway.networking.k8s.io/${kind}`, ['Gateway', 'Service'], gatewaysOf),
  ]),
  open('mounts', 'gateway.networking.k8s.io/Gateway', ['Secret'], listenerSecrets),

  rule('scales', 'HorizontalPodAutoscaler', ['*'], (autoscaler) => scaleTarget(autoscaler)),
  open('scales', 'autoscaling.k8s.io/VerticalPodAutoscaler', ['*'], scaled('targetRef')),
  open('scales', 'keda.sh/ScaledObject', ['*'], scaled('scaleTargetRef')),
  rule('uses account', 'Pod', ['ServiceAccount'], (pod) => account(pod, pod.spec, 'spec')),
  ...WORKLOADS.map((kind) =>
    rule('uses account', kind, ['ServiceAccount'], (owner) => account(owner, templateOf(owner), TEMPLATES[kind])),
  ),
  ...(['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'] as const).map((kind) =>
    rule('calls', kind, ['Service'], (configuration) => webhookServices(configuration)),
  ),
  open('calls', 'apiregistration.k8s.io/APIService', ['Service'], serviceOfApi),
  ...['RoleBinding', 'ClusterRoleBinding'].map((kind) =>
    open('grants', `rbac.authorization.k8s.io/${kind}`, ['Role', 'ClusterRole', 'ServiceAccount'], granted, false),
  ),
  open('watches', 'monitoring.coreos.com/ServiceMonitor', ['Service'], watched('Service'), false),
  open('watches', 'monitoring.coreos.com/PodMonitor', ['Pod'], watched('Pod'), false),
  rule('needs quota', 'Pod', ['ResourceQuota'], (pod, snapshot) => quotas(pod, snapshot)),
];

/** A row for a kind that is read without types. */
function open(
  name: RelationName,
  from: string,
  to: readonly string[],
  targets: RelationRule['targets'],
  suffers = true,
): RelationRule {
  return { name, from, to, suffers, targets };
}

/** A row for a built-in kind. */
function rule<K extends keyof KindMap>(
  name: RelationName,
  kind: K,
  to: readonly string[],
  targets: Targets<K>,
  suffers = true,
): RelationRule {
  // The table is looked up by group and kind, so the object is of this kind.
  return {
    name,
    from: `${KIND_GROUPS[kind]}/${kind}`,
    to,
    suffers,
    targets: (object, snapshot) => targets(object as unknown as KindMap[K], snapshot),
  };
}

function reference(to: ResourceRef, path: string, optional = false, keys: readonly string[] = []): Reference {
  return { to, path, optional, keys };
}

const CLUSTER_KINDS: ReadonlySet<string> = new Set(['Node', 'PersistentVolume', 'StorageClass']);

/** A reference by name to a built-in kind, in the namespace of `from`; none when the name is empty. */
function named(
  kind: keyof KindMap,
  from: KubeObject,
  name: string | undefined,
  path: string,
  optional = false,
): readonly Reference[] {
  if (name === undefined || name === '') return [];
  const namespace = CLUSTER_KINDS.has(kind) ? '' : (from.metadata.namespace ?? '');
  return [reference({ group: KIND_GROUPS[kind], kind, namespace, name }, path, optional)];
}

function owned(objects: readonly KubeObject[]): readonly Reference[] {
  return objects.map((object) => reference(refOf(object), 'metadata.ownerReferences'));
}

function selected(
  from: KubeObject,
  selector: LabelSelector | undefined,
  path: string,
  snapshot: ClusterSnapshot,
): readonly Reference[] {
  if (selector === undefined) return [];
  const candidates = snapshot.withLabels('Pod', from.metadata.namespace ?? '', selector.matchLabels ?? {});
  return candidates
    .filter((pod) => matchesSelector(selector, pod.metadata.labels))
    .map((pod) => reference(refOf(pod), path));
}

/** A Service without selector has no pods of its own; its endpoints are written by somebody else. */
function servicePods(service: KindMap['Service'], snapshot: ClusterSnapshot): readonly Reference[] {
  const selector = service.spec?.selector;
  if (selector === undefined || Object.keys(selector).length === 0 || service.spec?.type === 'ExternalName') return [];
  return selected(service, { matchLabels: selector }, 'spec.selector', snapshot);
}

type Workload = KindMap[keyof typeof TEMPLATES];

function workloadPods(owner: Workload, snapshot: ClusterSnapshot): readonly Reference[] {
  const { selector } = (owner.spec ?? {}) as { readonly selector?: LabelSelector | Readonly<Record<string, string>> };
  if (selector === undefined) return [];
  // A ReplicationController's selector is a plain map.
  const isPlain = owner.kind === 'ReplicationController';
  const labels = isPlain ? { matchLabels: selector as Readonly<Record<string, string>> } : (selector as LabelSelector);
  return selected(owner, labels, 'spec.selector', snapshot);
}

function templateOf(owner: Workload): PodSpec | undefined {
  const { spec } = owner;
  if (spec === undefined) return undefined;
  return 'jobTemplate' in spec
    ? spec.jobTemplate?.spec?.template?.spec
    : 'template' in spec
      ? spec.template?.spec
      : undefined;
}

/** ConfigMaps, Secrets, claims and secret provider classes of a pod spec. */
function contents(spec: PodSpec | undefined, namespace = '', path: string, podName?: string): readonly Reference[] {
  if (spec === undefined) return [];
  const configs = configReferences(spec, namespace, path).map((found) =>
    reference({ group: '', kind: found.kind, namespace, name: found.name }, found.path, found.optional, found.keys),
  );
  const volumes = (spec.volumes ?? []).flatMap(
    ({ name, persistentVolumeClaim: claim, ephemeral, csi }, i): Reference[] => {
      const at = `${path}.volumes[${i}]`;
      const to = (kind: string, target: string, group = '') => ({ group, kind, namespace, name: target });
      if (claim !== undefined)
        return [reference(to('PersistentVolumeClaim', claim.claimName), `${at}.persistentVolumeClaim`)];
      if (ephemeral !== undefined && podName !== undefined)
        return [reference(to('PersistentVolumeClaim', `${podName}-${name}`), `${at}.ephemeral`)];
      const provider = csi?.volumeAttributes?.['secretProviderClass'];
      if (provider === undefined) return [];
      return [
        reference(
          to('SecretProviderClass', provider, 'secrets-store.csi.x-k8s.io'),
          `${at}.csi.volumeAttributes.secretProviderClass`,
        ),
      ];
    },
  );
  return [...configs, ...volumes];
}

function ingressBackends(ingress: KindMap['Ingress']): readonly Reference[] {
  const { defaultBackend, rules = [] } = ingress.spec ?? {};
  const fallback = named('Service', ingress, defaultBackend?.service?.name, 'spec.defaultBackend.service');
  const paths = rules.flatMap(({ http }, i) =>
    (http?.paths ?? []).flatMap(({ backend }, j) =>
      named('Service', ingress, backend?.service?.name, `spec.rules[${i}].http.paths[${j}].backend.service`),
    ),
  );
  return [...fallback, ...paths];
}

const SERVICE_NAME = 'kubernetes.io/service-name';

function slicesOf(service: KindMap['Service'], snapshot: ClusterSnapshot): readonly Reference[] {
  const { name, namespace = '' } = service.metadata;
  return snapshot
    .withLabels('EndpointSlice', namespace, { [SERVICE_NAME]: name })
    .map((slice) => reference(refOf(slice), `metadata.labels['${SERVICE_NAME}']`));
}

function podTarget(
  from: KubeObject,
  target: { readonly kind?: string; readonly name?: string } | undefined,
  path: string,
): readonly Reference[] {
  return target?.kind === 'Pod' ? named('Pod', from, target.name, path) : [];
}

function scaleTarget(autoscaler: KindMap['HorizontalPodAutoscaler']): readonly Reference[] {
  const target = autoscaler.spec?.scaleTargetRef;
  if (target === undefined) return [];
  const { apiVersion = '', kind, name } = target;
  return [
    reference(
      { group: groupOf(apiVersion), kind, namespace: autoscaler.metadata.namespace ?? '', name },
      'spec.scaleTargetRef',
    ),
  ];
}

/** Every pod has an account, `default` where it names none. */
function account(from: KubeObject, spec: PodSpec | undefined, path: string): readonly Reference[] {
  if (spec === undefined) return [];
  return named(
    'ServiceAccount',
    from,
    spec.serviceAccountName ?? spec.serviceAccount ?? 'default',
    `${path}.serviceAccountName`,
  );
}

/** A webhook that may fail is optional. */
function webhookServices(
  configuration: KindMap['ValidatingWebhookConfiguration'] | KindMap['MutatingWebhookConfiguration'],
): readonly Reference[] {
  return (configuration.webhooks ?? []).flatMap(({ clientConfig, failurePolicy }, i) => {
    const service = clientConfig?.service;
    if (service === undefined) return [];
    const to = { group: '', kind: 'Service', namespace: service.namespace, name: service.name };
    return [reference(to, `webhooks[${i}].clientConfig.service`, failurePolicy === 'Ignore')];
  });
}

/** Quotas of the namespace, whatever their scopes: a pod is created only when all that cover it have room. */
function quotas(pod: Pod, snapshot: ClusterSnapshot): readonly Reference[] {
  return snapshot
    .listIn('ResourceQuota', pod.metadata.namespace ?? '')
    .map((quota) => reference(refOf(quota), 'metadata.namespace'));
}
