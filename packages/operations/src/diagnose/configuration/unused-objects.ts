/** ConfigMaps, Secrets and ServiceAccounts that nothing refers to, and those that are read in other ways. */
import { refOf, refText, type ConfigMap, type KindMap, type KubeObject, type Secret } from '@aia/cluster';
import { isReadIn } from '../absence.ts';
import { fieldEvidence, type Examination } from '../examination.ts';
import type { FindingDraft } from '../finding.ts';
import { isSystemNamespace } from '../namespaces/system-namespaces.ts';
import { listText } from '../wording.ts';
import { isMentioned } from './mentions.ts';
import { livingOf } from '../workloads/workload-templates.ts';

type Kind = 'ConfigMap' | 'Secret' | 'ServiceAccount';

/** Labels by which controllers and sidecars find objects through the API. */
const FOUND_BY_LABEL =
  /^(?:grafana_.*|prometheus_.*|.*dashboard.*|findme|k8s-sidecar.*|argocd\.argoproj\.io\/.*|app\.kubernetes\.io\/part-of|cert-manager\.io\/.*|sealedsecrets\.bitnami\.com\/.*|strimzi\.io\/.*|velero\.io\/.*|istio\.io\/.*|reloader\..*|olm\..*|operators\.coreos\.com\/.*|cluster\.x-k8s\.io\/.*)$/;

/** Annotations of objects that are written by what also reads them. */
const KEPT_BY_WRITER =
  /^(?:control-plane\.alpha\.kubernetes\.io\/leader|cert-manager\.io\/.*|kubernetes\.io\/service-account\..*)$/;

/** Put into every namespace by controllers, or made with it. */
const EVERYWHERE: ReadonlySet<string> = new Set([
  'ConfigMap/istio-ca-root-cert',
  'ConfigMap/kube-root-ca.crt',
  'ConfigMap/openshift-service-ca.crt',
  'ServiceAccount/builder',
  'ServiceAccount/default',
  'ServiceAccount/deployer',
]);

const READ_OTHERWISE: ReadonlySet<string> = new Set([
  'bootstrap.kubernetes.io/token',
  'helm.sh/release.v1',
  'kubernetes.io/service-account-token',
]);

/** Objects that a person or a chart made to be referred to: not a controller's, not found by label, not the system's own. */
export function ownConfiguration<K extends Kind>(examination: Examination, kind: K): readonly KindMap[K][] {
  return livingOf(examination, kind).filter((object) => {
    const { name, namespace = '', labels = {}, annotations = {}, ownerReferences = [] } = object.metadata;
    const isRead =
      isSystemNamespace(namespace) ||
      EVERYWHERE.has(`${kind}/${name}`) ||
      ownerReferences.length > 0 ||
      labels['owner'] === 'helm' ||
      READ_OTHERWISE.has((object as Secret).type ?? '') ||
      Object.keys(labels).some((label) => FOUND_BY_LABEL.test(label)) ||
      Object.keys(annotations).some((annotation) => KEPT_BY_WRITER.test(annotation));
    return !isRead;
  });
}

/** One finding for each namespace with objects of the kind that nothing refers to. */
export function* unusedDrafts(examination: Examination, kind: Kind): Iterable<FindingDraft> {
  const { snapshot, thresholds } = examination;
  const unused = ownConfiguration(examination, kind).filter(({ metadata }) => {
    const { namespace = '', name, creationTimestamp } = metadata;
    // Whoever made it may be about to make what uses it.
    const isYoung = (examination.ageMs(creationTimestamp) ?? Infinity) < thresholds.restartWindowMs;
    return !isYoung && isReadIn(snapshot, 'Pod', namespace) && !isMentioned(examination, namespace, name);
  });
  yield* byNamespace(unused, kind, 'that nothing which was read refers to');
}

const NAMED = 50;
const SHOWN = 5;

/** A single object speaks for itself, several are one finding of their namespace. Facts: objectKind, count, objects (names, at most 50). */
export function* byNamespace(
  objects: readonly (KindMap[Kind] | ConfigMap)[],
  kind: Kind,
  what: string,
): Iterable<FindingDraft> {
  const groups = Map.groupBy(objects, ({ metadata }) => metadata.namespace ?? '');
  for (const [namespace, group] of groups) {
    const [only] = group;
    if (group.length === 1 && only !== undefined) yield single(only, kind, what);
    else yield several(namespace, group, kind, what);
  }
}

function single(object: KubeObject, kind: Kind, what: string): FindingDraft {
  const { name } = object.metadata;
  return {
    resource: refOf(object),
    message: `${refText(refOf(object))} is a ${kind} ${what}.`,
    evidence: [fieldEvidence(object, 'metadata.name', name)],
    facts: { objectKind: kind, count: 1, objects: [name] },
  };
}

function several(namespace: string, group: readonly KubeObject[], kind: Kind, what: string): FindingDraft {
  const names = group.map(({ metadata }) => metadata.name);
  return {
    resource: { group: '', kind: 'Namespace', namespace: '', name: namespace },
    message: `Namespace ${namespace} has ${names.length} ${kind}s ${what}: ${listText(names, SHOWN)}.`,
    evidence: group.slice(0, SHOWN).map((object) => fieldEvidence(object, 'metadata.name', object.metadata.name)),
    facts: { objectKind: kind, count: names.length, objects: names.slice(0, NAMED) },
  };
}
