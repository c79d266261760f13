/**
 * Flux: its controllers label what they apply with the Kustomization or HelmRelease. Suspended ones leave objects alone.
 * Source: https://fluxcd.io/flux/components/kustomize/kustomizations/ and https://fluxcd.io/flux/components/helm/helmreleases/
 */
import { refOf, refText, type ClusterSnapshot, type KubeObject } from '@aia/cluster';
import { fieldEvidence } from '../../diagnose/examination.ts';
import { fieldAt, textAt } from '../../diagnose/open-fields.ts';
import { nameOf, type Reconciler } from './reconciler.ts';

const KUSTOMIZE = 'kustomize.toolkit.fluxcd.io';
const HELM = 'helm.toolkit.fluxcd.io';
const SOURCES = 'source.toolkit.fluxcd.io';

/** The Kustomization or HelmRelease that an object belongs to. */
export function byFlux(object: KubeObject, snapshot: ClusterSnapshot): Reconciler | undefined {
  return byRelease(object, snapshot) ?? byKustomization(object, snapshot);
}

function byKustomization(object: KubeObject, snapshot: ClusterSnapshot): Reconciler | undefined {
  const found = labelled(object, KUSTOMIZE, 'Kustomization', snapshot);
  if (found === undefined) return undefined;
  const { annotations } = object.metadata;
  const isLeft =
    annotations?.[`${KUSTOMIZE}/reconcile`] === 'disabled' ||
    /^(?:Ignore|IfNotPresent)$/i.test(annotations?.[`${KUSTOMIZE}/ssa`] ?? '');
  const path = textAt(found.owner, 'spec.path') ?? './';
  return {
    ...{ reconciler: 'flux', name: found.name, evidence: found.evidence, form: 'overlay' },
    isActive: !isLeft && !found.isSuspended,
    source: `${repositoryOf(fieldAt(found.owner, 'spec.sourceRef'), found.namespace, snapshot)}, path ${path}${told(found.isSuspended)}`,
  };
}

function byRelease(object: KubeObject, snapshot: ClusterSnapshot): Reconciler | undefined {
  const found = labelled(object, HELM, 'HelmRelease', snapshot);
  if (found === undefined) return undefined;
  const chart =
    textAt(found.owner, 'spec.chart.spec.chart') ?? textAt(found.owner, 'spec.chartRef.name') ?? 'its chart';
  const above = found.owner === undefined ? undefined : byKustomization(found.owner, snapshot);
  return {
    ...{ reconciler: 'flux', name: found.name, evidence: found.evidence, form: 'helm-release' },
    isActive: !found.isSuspended,
    source: `spec.values of ${found.name} (chart ${chart})${above === undefined ? '' : `, in ${above.source}`}${told(found.isSuspended)}`,
  };
}

function told(isSuspended: boolean): string {
  return isSuspended ? ' (it is suspended, and overwrites the change when it goes on)' : '';
}

function labelled(object: KubeObject, group: string, kind: string, snapshot: ClusterSnapshot) {
  const name = object.metadata.labels?.[`${group}/name`];
  if (name === undefined) return undefined;
  const namespace = object.metadata.labels?.[`${group}/namespace`] ?? object.metadata.namespace ?? '';
  const owner = snapshot.resolve({ group, kind, namespace, name });
  const isSuspended = fieldAt(owner, 'spec.suspend') === true;
  return {
    ...{ owner, namespace, isSuspended },
    name: owner === undefined ? nameOf(kind, namespace, name) : refText(refOf(owner)),
    evidence: [
      fieldEvidence(object, `metadata.labels["${group}/name"]`, name),
      ...(owner !== undefined && isSuspended ? [fieldEvidence(owner, 'spec.suspend', true)] : []),
    ],
  };
}

function repositoryOf(reference: unknown, home: string, snapshot: ClusterSnapshot): string {
  const [kind = 'GitRepository', name, namespace = home] = ['kind', 'name', 'namespace'].map((field) =>
    textAt(reference, field),
  );
  if (name === undefined) return 'its repository';
  const source = snapshot.resolve({ group: SOURCES, kind, namespace, name });
  const branch = textAt(source, 'spec.ref.branch');
  const url = textAt(source, 'spec.url') ?? nameOf(kind, namespace, name);
  return branch === undefined ? url : `${url}, branch ${branch}`;
}
