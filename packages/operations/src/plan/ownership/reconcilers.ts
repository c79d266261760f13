/** Who reconciles what changes touch. */
import { refOf, refText, type KubeObject } from '@aia/cluster';
import type { Change, CloudCall } from '@aia/contract';
import { fieldEvidence } from '../../diagnose/examination.ts';
import { listAt, textAt } from '../../diagnose/open-fields.ts';
import type { ObjectChange } from '../effects/changed-objects.ts';
import { jsonDifference } from '../effects/json-difference.ts';
import { standingOf } from '../effects/standing.ts';
import type { Planning } from '../planning.ts';
import { byArgoCd } from './argo-cd.ts';
import { byFlux } from './flux.ts';
import { byHelm } from './helm.ts';
import { byFieldManager, byMark, byOperator, connectorOf } from './operators.ts';
import type { Detect, Reconciler } from './reconciler.ts';

/** The surest signs first: an operator writes the very object, whoever made its custom resource. */
const DETECTORS: readonly Detect[] = [byOperator, byArgoCd, byFlux, byMark, byHelm, byFieldManager];

/** Who reconciles an object; `undefined` where nothing tells of anybody. */
export function reconcilerOf(object: KubeObject, { snapshot }: Pick<Planning, 'snapshot'>): Reconciler | undefined {
  for (const detect of DETECTORS) {
    const found = detect(object, snapshot);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Who reconciles any of what changes touch, active ones first. What controllers of Kubernetes make themselves is nobody's. */
export function reconcilerOfChanges(
  changes: readonly Change[],
  objects: readonly ObjectChange[],
  planning: Planning,
): { readonly reconciler: Reconciler; readonly object: ObjectChange | undefined } | undefined {
  const found = [
    ...objects.flatMap((object) => {
      const reconciler = autoscalerOf(object, planning) ?? ownerOf(object, planning);
      return reconciler === undefined ? [] : [{ reconciler, object }];
    }),
    ...changes.flatMap((change) => {
      const reconciler = change.kind === 'cloud' ? connectorOfCall(change.call, planning) : undefined;
      return reconciler === undefined ? [] : [{ reconciler, object: undefined }];
    }),
  ];
  return found.find(({ reconciler }) => reconciler.isActive) ?? found[0];
}

function ownerOf({ change, before, after }: ObjectChange, planning: Planning): Reconciler | undefined {
  if (before === undefined || change.kind === 'evict' || MADE.has(before.kind)) return undefined;
  const reconciler = reconcilerOf(before, planning);
  if (reconciler?.reconciler === 'argo-cd' && after !== undefined && isIgnored(before, after, planning))
    return {
      ...reconciler,
      isActive: false,
      source: `${reconciler.source} (these fields are among its ignoreDifferences)`,
    };
  return reconciler;
}

/** Kinds that nobody keeps manifests of. */
const MADE: ReadonlySet<string> = new Set([
  'Pod',
  'Node',
  'EndpointSlice',
  'Endpoints',
  'Event',
  'ControllerRevision',
  'Lease',
]);

/** Whether an Application leaves all changed fields alone. Source: https://argo-cd.readthedocs.io/en/stable/user-guide/diffing/ */
function isIgnored(before: KubeObject, after: KubeObject, { snapshot }: Planning): boolean {
  const paths = jsonDifference(before, after).map(({ path }) => path);
  const rules = snapshot
    .listOf('argoproj.io', 'Application')
    .filter((one) => byArgoCd(before, snapshot)?.name === refText(refOf(one)))
    .flatMap((one) => listAt(one, 'spec.ignoreDifferences'))
    .filter(
      (rule) =>
        textAt(rule, 'kind') === before.kind && [undefined, '', before.metadata.name].includes(textAt(rule, 'name')),
    );
  const pointers = rules.flatMap((rule) => listAt(rule, 'jsonPointers')).filter((one) => typeof one === 'string');
  return (
    paths.length > 0 &&
    paths.every((path) => pointers.some((pointer) => path === pointer || path.startsWith(`${pointer}/`)))
  );
}

/** An autoscaler writes replicas, or requests, anew. A workload that was scaled to 0 is left alone by the horizontal one. */
function autoscalerOf({ ref, before, after }: ObjectChange, { snapshot }: Planning): Reconciler | undefined {
  if (before === undefined || after === undefined) return undefined;
  const standing = standingOf(snapshot);
  const paths = jsonDifference(before, after).map(({ path }) => path);
  const scaler = paths.includes('/spec/replicas') && replicasOf(before) !== 0 ? standing.scalerOf(ref) : undefined;
  if (scaler !== undefined) {
    const name = refText(refOf(scaler));
    const evidence = [fieldEvidence(scaler, 'spec.scaleTargetRef.name', ref.name)];
    return {
      reconciler: 'hpa',
      name,
      isActive: true,
      evidence,
      source: `spec.minReplicas and spec.maxReplicas of ${name}`,
      form: 'scaler',
    };
  }
  const sizer = paths.some((path) => /\/resources(?:\/|$)/.test(path)) ? standing.sizerOf(ref) : undefined;
  if (sizer === undefined) return undefined;
  const name = refText(refOf(sizer));
  const evidence = [fieldEvidence(sizer, 'spec.targetRef.name', ref.name)];
  return { reconciler: 'vpa', name, isActive: true, evidence, source: `spec.resourcePolicy of ${name}`, form: 'sizer' };
}

function replicasOf(object: KubeObject): number {
  return (object as { readonly spec?: { readonly replicas?: number } }).spec?.replicas ?? 1;
}

function connectorOfCall(call: CloudCall, { snapshot }: Planning): Reconciler | undefined {
  if ('pool' in call) return connectorOf(['ContainerNodePool'], call.pool, snapshot);
  if (call.operation === 'reserve-address' || call.operation === 'release-address')
    return connectorOf(['ComputeAddress'], call.name, snapshot);
  if (call.operation === 'set-autoscaling-profile')
    return connectorOf(['ContainerCluster'], snapshot.cloud.cluster?.name ?? '', snapshot);
  return undefined;
}
