/**
 * How guarded pods and access are: fields of the Pod Security Standards' baseline and restricted levels
 * (https://kubernetes.io/docs/concepts/security/pod-security-standards/), NetworkPolicies, and who is cluster-admin.
 */
import { isFinished, refOf, refText, type KubeObject, type Pod } from '@aia/cluster';
import type { Posture } from '@aia/contract';
import { absenceOf } from '../diagnose/absence.ts';
import type { Examination } from '../diagnose/examination.ts';
import { isInternal, loadBalancers } from '../diagnose/services/load-balancers.ts';

/** Namespaces of the control plane and of the cloud's own add-ons, whose pods need what others should not have. */
const SYSTEM = /^(?:kube-|gke-|gmp-|config-management-)/;
const NAMED = 5;

interface PodCheck {
  readonly check: string;
  readonly text: string;
  readonly isBad: (pod: Pod) => boolean;
}

interface Guarded {
  readonly privileged?: unknown;
  readonly allowPrivilegeEscalation?: unknown;
  readonly runAsNonRoot?: unknown;
  readonly runAsUser?: unknown;
  readonly capabilities?: { readonly add?: unknown };
}

const CHECKS: readonly PodCheck[] = [
  {
    check: 'privileged-containers',
    text: 'workloads with a privileged container',
    isBad: (pod) => contexts(pod).some(({ privileged }) => privileged === true),
  },
  {
    check: 'host-namespaces',
    text: "workloads in the node's network, process or IPC namespace",
    isBad: ({ spec }) => spec?.hostNetwork === true || spec?.hostPID === true || spec?.hostIPC === true,
  },
  {
    check: 'host-paths',
    text: "workloads that mount a path of the node's disk",
    isBad: ({ spec }) => (spec?.volumes ?? []).some(({ hostPath }) => hostPath !== undefined),
  },
  {
    check: 'added-capabilities',
    text: 'workloads that add capabilities beyond NET_BIND_SERVICE',
    isBad: (pod) => contexts(pod).some(({ capabilities }) => addsMore(capabilities?.add)),
  },
  {
    check: 'may-run-as-root',
    text: 'workloads that may run as root',
    isBad: mayBeRoot,
  },
];

function contexts({ spec }: Pod): readonly Guarded[] {
  return [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])].map(
    ({ securityContext }) => (securityContext ?? {}) as Guarded,
  );
}

function addsMore(add: unknown): boolean {
  return Array.isArray(add) && add.some((one) => one !== 'NET_BIND_SERVICE');
}

function mayBeRoot(pod: Pod): boolean {
  const own = (pod.spec?.securityContext ?? {}) as Guarded;
  return contexts(pod).some(({ runAsNonRoot = own.runAsNonRoot, runAsUser = own.runAsUser }) => {
    const isUser = typeof runAsUser === 'number' && runAsUser > 0;
    return runAsNonRoot !== true && !isUser;
  });
}

/** All looks; those that could not be taken say why. */
export function postureOf(examination: Examination): readonly Posture[] {
  const { snapshot } = examination;
  const pods = snapshot
    .list('Pod')
    .filter((pod) => !isFinished(pod) && judges(examination, pod.metadata.namespace ?? ''));
  const workloads = new Map(pods.map((pod) => [snapshot.rootOwnerOf(pod), pod]));
  const checks = CHECKS.map(({ check, text, isBad }): Posture => {
    if (workloads.size === 0) return { check, text, examples: [], missing: 'no pod was read' };
    const bad = [...workloads].filter(([, pod]) => isBad(pod)).map(([workload]) => nameOf(workload));
    return { check, text, bad: bad.length, of: workloads.size, examples: bad.sort().slice(0, NAMED) };
  });
  return [...checks, exposed(examination), networkPolicies(examination, pods), admins(examination)];
}

function judges(examination: Examination, namespace: string): boolean {
  return examination.judges(namespace) && !SYSTEM.test(namespace);
}

function nameOf(object: KubeObject): string {
  return refText(refOf(object));
}

/** Ports of databases, caches, queues and monitoring, which rarely ask who calls. */
const INNER_PORTS: ReadonlySet<number> = new Set([
  2379, 3306, 5432, 5672, 6379, 8086, 9042, 9090, 9092, 9093, 9200, 11_211, 27_017,
]);

function exposed(examination: Examination): Posture {
  const described = {
    check: 'exposed-inner-ports',
    text: 'load balancers that ask for an address on the Internet for a port of a database, cache, queue or of the monitoring',
  };
  const all = loadBalancers(examination).filter(
    (service) => judges(examination, service.metadata.namespace ?? '') && !isInternal(service),
  );
  if (all.length === 0) return { ...described, bad: 0, of: 0, examples: [] };
  const bad = all.filter(({ spec }) => (spec?.ports ?? []).some(({ port }) => INNER_PORTS.has(port)));
  return { ...described, bad: bad.length, of: all.length, examples: bad.map(nameOf).sort().slice(0, NAMED) };
}

function networkPolicies({ snapshot }: Examination, pods: readonly Pod[]): Posture {
  const described = { check: 'namespaces-without-network-policy', text: 'namespaces with pods and no NetworkPolicy' };
  const namespaces = [...new Set(pods.map(({ metadata }) => metadata.namespace ?? ''))].sort();
  if (namespaces.length === 0) return { ...described, examples: [], missing: 'no pod was read' };
  const bare = namespaces.filter((name) => snapshot.listIn('NetworkPolicy', name).length === 0);
  const isUnread = bare.some((name) => absenceOf(snapshot, 'networking.k8s.io', 'NetworkPolicy', name) !== 'certain');
  if (isUnread && snapshot.list('NetworkPolicy').length === 0)
    return { ...described, examples: [], missing: 'NetworkPolicies were not read' };
  return { ...described, bad: bare.length, of: namespaces.length, examples: bare.slice(0, NAMED) };
}

interface Binding {
  readonly roleRef?: { readonly name?: unknown };
  readonly subjects?: unknown;
}

function admins({ snapshot }: Examination): Posture {
  const described = { check: 'cluster-admins', text: 'bindings that make a workload or everybody cluster-admin' };
  const bindings = snapshot.listOf('rbac.authorization.k8s.io', 'ClusterRoleBinding') as readonly (KubeObject &
    Binding)[];
  if (bindings.length === 0) return { ...described, examples: [], missing: 'ClusterRoleBindings were not read' };
  const bad = bindings.filter(({ roleRef, subjects }) => roleRef?.name === 'cluster-admin' && isOpen(subjects));
  return { ...described, bad: bad.length, of: bindings.length, examples: bad.map(nameOf).sort().slice(0, NAMED) };
}

/** Whether a service account beside the control plane's, or a group of everybody, is among them. */
function isOpen(subjects: unknown): boolean {
  if (!Array.isArray(subjects)) return false;
  return (subjects as readonly { kind?: unknown; name?: unknown; namespace?: unknown }[]).some(
    (subject) =>
      (subject?.kind === 'ServiceAccount' && !SYSTEM.test(String(subject.namespace))) ||
      (subject?.kind === 'Group' &&
        /^system:(?:unauthenticated|authenticated|serviceaccounts(?::.*)?)$/.test(String(subject.name))),
  );
}
