/**
 * Helm without a controller behind it: nobody undoes a change at once, but the next upgrade may.
 * Source: https://helm.sh/docs/topics/advanced/#storage-backends and https://helm.sh/docs/faq/changes_since_helm2/
 */
import type { ClusterSnapshot, KubeObject } from '@aia/cluster';
import { fieldEvidence } from '../../diagnose/examination.ts';
import { nameOf, type Reconciler } from './reconciler.ts';

const RELEASE = 'meta.helm.sh/release-name';

/** The release that an object belongs to. */
export function byHelm(object: KubeObject, snapshot: ClusterSnapshot): Reconciler | undefined {
  const { annotations, labels, namespace = '' } = object.metadata;
  const marked = annotations?.[RELEASE];
  const managed = labels?.['app.kubernetes.io/managed-by'] ?? labels?.['heritage'];
  const release =
    marked ?? (managed === 'Helm' ? (labels?.['app.kubernetes.io/instance'] ?? labels?.['release']) : undefined);
  if (release === undefined) return undefined;
  const home = annotations?.['meta.helm.sh/release-namespace'] ?? namespace;
  const stored = lastRevision(snapshot, home, release);
  const evidence =
    marked === undefined
      ? fieldEvidence(object, 'metadata.labels["app.kubernetes.io/managed-by"]', managed ?? '')
      : fieldEvidence(object, `metadata.annotations["${RELEASE}"]`, marked);
  const chart = labels?.['helm.sh/chart'];
  return {
    reconciler: 'helm',
    name: `release ${nameOf('', home, release).trim()}`,
    isActive: false,
    evidence: [
      evidence,
      ...(stored === undefined ? [] : [fieldEvidence(stored, 'metadata.name', stored.metadata.name)]),
    ],
    source: `values of release ${release}${chart === undefined ? '' : ` (chart ${chart})`}: the next \`helm upgrade\` overwrites what is changed in the cluster`,
    form: 'values',
  };
}

/** Secrets of releases are named `sh.helm.release.v1.‹release›.v‹revision›`. */
function lastRevision(snapshot: ClusterSnapshot, namespace: string, release: string): KubeObject | undefined {
  const revision = (name: string) => Number(/\.v(\d{1,9})$/.exec(name)?.[1] ?? 0);
  return snapshot
    .withLabels('Secret', namespace, { owner: 'helm', name: release })
    .filter(({ metadata }) => metadata.name.startsWith(`sh.helm.release.v1.${release}.v`))
    .toSorted((a, b) => revision(b.metadata.name) - revision(a.metadata.name))[0];
}
