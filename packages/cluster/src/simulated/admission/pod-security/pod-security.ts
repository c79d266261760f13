/**
 * Pods keep to the level of their namespace: what is enforced refuses, what is warned of only warns, workloads included.
 * Source: https://kubernetes.io/docs/concepts/security/pod-security-admission/
 */
import type { KindMap, Pod, PodSpec } from '../../../model/kinds.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import type { Labels } from '../../../model/selector.ts';
import { apiError, fieldErrorText, type FieldError } from '../../api/api-error.ts';
import { NAMESPACES, PODS } from '../../api/built-in-types.ts';
import type { Admission, AdmissionPlugin } from '../../api/request.ts';
import type { ObjectStore } from '../../store/object-store.ts';
import type { AdmissionContext } from '../admission-context.ts';
import { aggregated, forbiddenLate } from '../refusal.ts';
import * as baseline from './baseline-checks.ts';
import type { SecurityCheck, Violation } from './check.ts';
import * as restricted from './restricted-checks.ts';

type Namespace = KindMap['Namespace'];
const LEVELS = ['privileged', 'baseline', 'restricted'] as const;
type Level = (typeof LEVELS)[number];

/** In the order of their names, as the real one asks; those of `restricted` stand in for some of `baseline`. */
const CHECKS: Readonly<Record<Level, readonly SecurityCheck[]>> = {
  privileged: [],
  baseline: [
    baseline.unusualCapabilities,
    baseline.hostNamespaces,
    baseline.hostPaths,
    baseline.hostPorts,
    baseline.probeHosts,
    baseline.privileged,
    baseline.procMount,
    baseline.seLinux,
    baseline.unconfinedSeccomp,
    baseline.sysctls,
    baseline.windowsHostProcess,
  ],
  restricted: [
    baseline.hostNamespaces,
    baseline.hostPorts,
    baseline.probeHosts,
    baseline.privileged,
    baseline.procMount,
    baseline.seLinux,
    baseline.sysctls,
    baseline.windowsHostProcess,
    restricted.privilegeEscalation,
    restricted.undroppedCapabilities,
    restricted.volumeTypes,
    restricted.rootAllowed,
    restricted.rootUser,
    restricted.confinedSeccomp,
  ],
};

const PREFIX = 'pod-security.kubernetes.io/';

interface Policy {
  readonly level: Level;
  /** `restricted:latest`. */
  readonly title: string;
}

function policyOf(labels: Labels | undefined, mode: 'enforce' | 'warn'): Policy {
  const given = labels?.[`${PREFIX}${mode}`];
  // What cannot be read is held to the strictest level, and not warned of.
  const unread = mode === 'enforce' ? 'restricted' : 'privileged';
  const level = given === undefined ? 'privileged' : (LEVELS.find((one) => one === given) ?? unread);
  return { level, title: `${level}:${labels?.[`${PREFIX}${mode}-version`] ?? 'latest'}` };
}

function violationsOf(level: Level, spec: PodSpec): readonly Violation[] {
  return CHECKS[level].map((check) => check(spec)).filter((one) => one !== undefined);
}

function detailsOf(violations: readonly Violation[]): string {
  return violations.map(({ reason, detail }) => (detail === '' ? reason : `${reason} (${detail})`)).join(', ');
}

export function podSecurity({ store }: AdmissionContext): AdmissionPlugin {
  return {
    name: 'PodSecurity',
    validate(admission) {
      const { type, operation, namespace, subresource } = admission;
      if (operation === 'DELETE' || IGNORED.has(subresource)) return;
      if (type === NAMESPACES) return checkNamespace(admission, store);
      // Kinds that others define are no workloads, whatever they are called.
      if (namespace === '' || type.isCustom === true) return;
      const labels = store.get(NAMESPACES, '', namespace)?.metadata.labels;
      const [enforced, warned] = [policyOf(labels, 'enforce'), policyOf(labels, 'warn')];
      if (enforced.level === 'privileged' && warned.level === 'privileged') return;
      const spec = podSpecOf(admission.object, type.kind);
      if (spec === undefined || isMinor(admission)) return;
      if (type === PODS) enforce(admission, enforced, spec);
      const wrong = violationsOf(warned.level, spec);
      if (wrong.length > 0) admission.warn(`would violate PodSecurity "${warned.title}": ${detailsOf(wrong)}`);
    },
  };
}

const IGNORED: ReadonlySet<string> = new Set(['binding', 'eviction', 'finalize', 'scale', 'status']);

function enforce(admission: Admission, { level, title }: Policy, spec: PodSpec): void {
  const wrong = violationsOf(level, spec);
  if (wrong.length > 0) throw forbiddenLate(admission, `violates PodSecurity "${title}": ${detailsOf(wrong)}`);
}

/** Of changes of a pod only those of images and of containers count. */
function isMinor({ type, operation, object, previous }: Admission): boolean {
  if (operation !== 'UPDATE' || type !== PODS) return false;
  const images = (pod: Pod | undefined) =>
    [...(pod?.spec?.initContainers ?? []), ...(pod?.spec?.containers ?? [])].map(({ image }) => image).join(' ');
  return images(object as Pod) === images(previous as Pod);
}

type Templated = { readonly spec?: { readonly template?: { readonly spec?: PodSpec } } };

/** The pod that an object is, or makes. */
function podSpecOf(object: KubeObject, kind: string): PodSpec | undefined {
  const { spec } = object as Templated;
  if (kind === 'Pod') return (object as Pod).spec;
  if (kind === 'PodTemplate') return (object as { template?: { spec?: PodSpec } }).template?.spec;
  if (kind === 'CronJob') return (spec as { jobTemplate?: Templated } | undefined)?.jobTemplate?.spec?.template?.spec;
  return WORKLOADS.has(kind) ? spec?.template?.spec : undefined;
}

const WORKLOADS: ReadonlySet<string> = new Set([
  'DaemonSet',
  'Deployment',
  'Job',
  'ReplicaSet',
  'ReplicationController',
  'StatefulSet',
]);

/** Labels must be right; a stricter level warns of the pods that are there. */
function checkNamespace(admission: Admission, store: ObjectStore): void {
  const { object, previous, name, warn } = admission as Admission<Namespace>;
  const wrong = labelErrors(object.metadata.labels);
  if (wrong.length > 0 && aggregated(wrong) !== aggregated(labelErrors(previous?.metadata.labels)))
    throw apiError(422, 'Invalid', `namespaces "${name}" is forbidden: ${aggregated(wrong)}`);
  const [now, before] = [policyOf(object.metadata.labels, 'enforce'), policyOf(previous?.metadata.labels, 'enforce')];
  if (previous === undefined || LEVELS.indexOf(now.level) <= LEVELS.indexOf(before.level)) return;
  const reasons = new Map<string, string[]>();
  for (const pod of store.list(PODS, name)) {
    const reason = violationsOf(now.level, pod.spec as PodSpec)
      .map((one) => one.reason)
      .join(', ');
    if (reason !== '') reasons.set(reason, [...(reasons.get(reason) ?? []), pod.metadata.name]);
  }
  if (reasons.size === 0) return;
  warn(`existing pods in namespace "${name}" violate the new PodSecurity enforce level "${now.title}"`);
  const texts = [...reasons].map(
    ([reason, pods]) => `${[...pods].sort()[0] as string}${others(pods.length)}: ${reason}`,
  );
  for (const text of texts.sort()) warn(text);
}

function others(count: number): string {
  if (count === 1) return '';
  return count === 2 ? ' (and 1 other pod)' : ` (and ${count - 1} other pods)`;
}

function labelErrors(labels: Labels | undefined): readonly string[] {
  return ['enforce', 'audit', 'warn'].flatMap((mode) => {
    const [level, version] = [labels?.[`${PREFIX}${mode}`], labels?.[`${PREFIX}${mode}-version`]];
    const isLevel = level === undefined || LEVELS.some((one) => one === level);
    const isVersion = version === undefined || /^(latest|v1\.(0|[1-9]\d*))$/.test(version);
    return [
      ...(isLevel ? [] : [labelError(mode, level, 'must be one of privileged, baseline, restricted')]),
      ...(isVersion ? [] : [labelError(`${mode}-version`, version, 'must be "latest" or "v1.x"')]),
    ].map(fieldErrorText);
  });
}

function labelError(name: string, value: string, detail: string): FieldError {
  return { type: 'FieldValueInvalid', field: `metadata.labels[${PREFIX}${name}]`, value, detail };
}
