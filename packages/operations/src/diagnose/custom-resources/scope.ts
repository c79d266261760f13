/** Which objects are custom resources that are judged by their conditions, and which of them are meant to rest. */
import { KIND_GROUPS, groupOf, type ClusterSnapshot, type KubeObject } from '@aia/cluster';
import { fieldAt } from '../open-fields.ts';

/** Groups of the API server, whose kinds have rules of their own or no conditions that these tables know. */
const BUILT_IN: ReadonlySet<string> = new Set<string>([
  ...Object.values(KIND_GROUPS),
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'certificates.k8s.io',
  'coordination.k8s.io',
  'events.k8s.io',
  'extensions',
  'flowcontrol.apiserver.k8s.io',
  'internal.apiserver.k8s.io',
  'node.k8s.io',
  'rbac.authorization.k8s.io',
  'resource.k8s.io',
  'storagemigration.k8s.io',
]);

/** Groups or kinds with rules of their own, and mirrors of what other objects say. */
const WITH_RULES: ReadonlySet<string> = new Set([
  'acme.cert-manager.io',
  'cert-manager.io',
  'cilium.io',
  'gateway.networking.k8s.io',
  'metrics.k8s.io',
  'networking.gke.io/ManagedCertificate',
  'reports.kyverno.io',
  'snapshot.storage.k8s.io',
  'wgpolicyk8s.io',
]);

/** Custom resources of every kind that is judged. */
export function customResources(snapshot: ClusterSnapshot): readonly KubeObject[] {
  return [...snapshot.kinds().keys()].flatMap((key) => {
    const [group = '', kind = ''] = key.split('/');
    const isOwn = BUILT_IN.has(group) || WITH_RULES.has(group) || WITH_RULES.has(key);
    return isOwn ? [] : snapshot.listOf(group, kind);
  });
}

/** `group/Kind`. */
export function kindKey({ apiVersion, kind }: KubeObject): string {
  return `${groupOf(apiVersion)}/${kind}`;
}

const PAUSED_FIELDS: readonly (readonly [path: string, value: unknown])[] = [
  ['spec.suspend', true],
  ['spec.suspended', true],
  ['spec.paused', true],
  ['spec.enabled', false],
  // KubeVirt: a machine that is switched off.
  ['spec.running', false],
  ['spec.runStrategy', 'Halted'],
  ['spec.replicas', 0],
  ['spec.instances', 0],
  ['spec.strategy.type', 'Paused'],
];

/** Annotations by which controllers are told to leave an object alone; `undefined` for any value. */
const PAUSED_ANNOTATIONS: Readonly<Record<string, string | undefined>> = {
  'autoscaling.keda.sh/paused': 'true',
  'autoscaling.keda.sh/paused-replicas': undefined,
  'autoscaling.keda.sh/paused-scale-in': 'true',
  'cluster.x-k8s.io/paused': undefined,
  'cnrm.cloud.google.com/reconcile-interval-in-seconds': '0',
  'common.k8s.elastic.co/managed': 'false',
  'crossplane.io/paused': 'true',
  'eck.k8s.elastic.co/managed': 'false',
  'kustomize.toolkit.fluxcd.io/reconcile': 'disabled',
  'strimzi.io/pause-reconciliation': 'true',
};

/** Whether somebody has told the controller to rest, so that what the object says of itself is wanted. */
export function isPaused(object: KubeObject): boolean {
  const { annotations = {} } = object.metadata;
  return (
    PAUSED_FIELDS.some(([path, value]) => fieldAt(object, path) === value) ||
    Object.entries(PAUSED_ANNOTATIONS).some(
      ([name, value]) => Object.hasOwn(annotations, name) && (value === undefined || annotations[name] === value),
    )
  );
}
