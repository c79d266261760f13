/** HorizontalPodAutoscalers, and what they scale. */
import {
  groupOf,
  KIND_GROUPS,
  refKey,
  type KindMap,
  type KubeObject,
  type PodSpec,
  type ResourceRef,
} from '@aia/cluster';
import { absenceOf, type Absence } from '../absence.ts';
import { isYoung } from '../age.ts';
import { conditionOf, isTrue } from '../conditions.ts';
import type { Examination } from '../examination.ts';
import { parseAutoscaling } from '../messages/autoscaling.ts';
import { livingOf } from './workload-templates.ts';

export type Autoscaler = KindMap['HorizontalPodAutoscaler'];

/** What an autoscaler scales, as far as it can be told. */
export type ScaleTarget =
  | { readonly state: 'found'; readonly ref: ResourceRef; readonly object: KubeObject & Scalable }
  /** Not in the snapshot; `likely` where that may be the snapshot's fault. */
  | { readonly state: 'absent'; readonly ref: ResourceRef; readonly absence: Exclude<Absence, 'unknown'> }
  /** No kind that can be scaled; `why` says it of `Deployment "web"`, say. */
  | { readonly state: 'unsupported'; readonly ref: ResourceRef | undefined; readonly why: string }
  /** Nothing shows whether it is there. */
  | { readonly state: 'unknown'; readonly ref: ResourceRef };

interface Scalable {
  readonly spec?: {
    readonly replicas?: number;
    readonly template?: {
      readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
      readonly spec?: PodSpec;
    };
  };
}

/** An autoscaler that is old enough to be judged, with its target. */
export interface AutoscalerCase {
  readonly hpa: Autoscaler;
  readonly target: ScaleTarget;
}

const known = new WeakMap<Examination, readonly AutoscalerCase[]>();
/** Built-in kinds with a scale subresource. */
const SCALABLE: ReadonlyMap<string, string> = new Map([
  ['Deployment', 'apps'],
  ['StatefulSet', 'apps'],
  ['ReplicaSet', 'apps'],
  ['ReplicationController', ''],
]);
const BUILT_IN: ReadonlySet<string> = new Set(['', 'apps', 'batch', 'extensions', ...Object.values(KIND_GROUPS)]);

/** Judged autoscalers beyond the grace, in a stable order; worked out once. */
export function autoscalers(examination: Examination): readonly AutoscalerCase[] {
  let cases = known.get(examination);
  if (cases === undefined) {
    const settled = livingOf(examination, 'HorizontalPodAutoscaler').filter((hpa) => !isYoung(examination, hpa));
    known.set(examination, (cases = settled.map((hpa) => ({ hpa, target: targetOf(examination, hpa) }))));
  }
  return cases;
}

/** Key of the target, the fact `workload` by which findings are joined. */
export function targetKey({ target }: AutoscalerCase): string | undefined {
  return target.ref === undefined ? undefined : refKey(target.ref);
}

/** Whether the target is missing for certain or cannot be scaled: another finding then says why nothing works. */
export function isOutOfReach(target: ScaleTarget): boolean {
  return target.state === 'unsupported' || (target.state === 'absent' && target.absence === 'certain');
}

/** `Autoscaler shop/web`. */
export function autoscalerName({ metadata }: Autoscaler): string {
  return `Autoscaler ${metadata.namespace ?? 'default'}/${metadata.name}`;
}

/** Replicas below which it does not go; the API's default is 1. */
export function leastReplicas({ spec }: Autoscaler): number {
  return spec?.minReplicas ?? 1;
}

function targetOf(examination: Examination, hpa: Autoscaler): ScaleTarget {
  const { apiVersion, kind = '', name = '' } = hpa.spec?.scaleTargetRef ?? {};
  if (kind === '') return { state: 'unsupported', ref: undefined, why: 'it names no target' };
  const named = apiVersion === undefined ? SCALABLE.get(kind) : groupOf(apiVersion);
  // Deployments and ReplicaSets moved from `extensions` to `apps`, where the same objects are found.
  const group = named === 'extensions' ? 'apps' : (named ?? '');
  const ref = { group, kind, namespace: hpa.metadata.namespace ?? '', name };
  const why = unsupported(examination, ref);
  if (why !== undefined) return { state: 'unsupported', ref, why };
  const object = examination.snapshot.resolve(ref);
  if (object !== undefined) return { state: 'found', ref, object: object as KubeObject & Scalable };
  return absent(examination, hpa, ref);
}

/** A built-in kind without replicas, or a custom one whose definition has no scale subresource. */
function unsupported({ snapshot }: Examination, { group, kind }: ResourceRef): string | undefined {
  if (SCALABLE.get(kind) === group) return undefined;
  if (BUILT_IN.has(group)) return `${kind} is no kind that has replicas`;
  const definition = snapshot
    .listOf('apiextensions.k8s.io', 'CustomResourceDefinition')
    .find((one) => isOfKind(one as Definition, group, kind)) as Definition | undefined;
  const versions = definition?.spec?.versions;
  if (!Array.isArray(versions)) return undefined;
  return versions.some((version) => version?.subresources?.scale !== undefined)
    ? undefined
    : `the definition of ${kind} has no scale subresource`;
}

/** Read without types. */
interface Definition extends KubeObject {
  readonly spec?: {
    readonly group?: unknown;
    readonly names?: { readonly kind?: unknown };
    readonly versions?: readonly ({ readonly subresources?: { readonly scale?: unknown } } | null)[];
  };
}

function isOfKind({ spec }: Definition, group: string, kind: string): boolean {
  return spec?.group === group && spec.names?.kind === kind;
}

/** The controller's own words count for more than what was read. */
function absent({ snapshot }: Examination, hpa: Autoscaler, ref: ResourceRef): ScaleTarget {
  const able = conditionOf(hpa.status?.conditions, 'AbleToScale');
  const said = able?.status === 'False' ? parseAutoscaling(able.message ?? '')?.cause : undefined;
  if (said === 'kind-unknown')
    return { state: 'unsupported', ref, why: `the cluster knows no ${ref.kind} of that version` };
  if (said === 'target-missing') return { state: 'absent', ref, absence: 'certain' };
  const absence = absenceOf(snapshot, ref.group, ref.kind, ref.namespace);
  const wasThere = isTrue(hpa.status?.conditions, 'AbleToScale');
  return absence === 'unknown' || (absence === 'likely' && wasThere)
    ? { state: 'unknown', ref }
    : { state: 'absent', ref, absence };
}
