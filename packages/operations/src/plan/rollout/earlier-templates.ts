/** Pod templates that a workload had before: what its ReplicaSets or ControllerRevisions keep. */
import { sameJson, type ClusterSnapshot, type KubeObject, type PodSpec } from '@aia/cluster';
import { templateOf } from '../planning.ts';

/** A template of before. */
export interface EarlierTemplate {
  readonly revision: number;
  /** What keeps it. */
  readonly holder: KubeObject;
  readonly spec: PodSpec;
}

const REVISION = 'deployment.kubernetes.io/revision';

/** Templates that differ from today's, the newest first. */
export function earlierTemplates(workload: KubeObject, snapshot: ClusterSnapshot): readonly EarlierTemplate[] {
  const now = templateOf(workload)?.spec;
  if (now === undefined) return [];
  return snapshot
    .ownedBy(workload)
    .flatMap((holder) => earlierOf(holder) ?? [])
    .filter(({ spec }) => !sameJson(spec, now))
    .toSorted((a, b) => b.revision - a.revision);
}

interface Revision {
  readonly revision?: number;
  readonly data?: { readonly spec?: { readonly template?: { readonly spec?: PodSpec } } };
}

function earlierOf(holder: KubeObject): EarlierTemplate | undefined {
  if (holder.kind === 'ReplicaSet') {
    const spec = templateOf(holder)?.spec as PodSpec | undefined;
    const revision = Number(holder.metadata.annotations?.[REVISION] ?? 0);
    return spec === undefined ? undefined : { revision, holder, spec };
  }
  if (holder.kind !== 'ControllerRevision') return undefined;
  const { revision = 0, data } = holder as KubeObject & Revision;
  const spec = data?.spec?.template?.spec;
  return spec === undefined ? undefined : { revision, holder, spec };
}
