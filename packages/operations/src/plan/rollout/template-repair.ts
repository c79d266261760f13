/** Remedies that give a workload another pod spec: one way to propose, try and word them for all kinds that do. */
import { refOf, refText, type KubeObject, type PodSpec } from '@aia/cluster';
import type { AssessedEvidence, AssessedRootCause, Change } from '@aia/contract';
import { fieldEvidence } from '../../diagnose/examination.ts';
import { templateOf, type Planning } from '../planning.ts';
import type { ActionDraft, Remedy } from '../remedy.ts';
import { earlierRevisions } from '../revisions/revisions.ts';
import { placingOf } from './placing.ts';
import { templateChanges } from './template-change.ts';

/** A pod spec that would do, and why. */
export interface TemplateRepair {
  readonly spec: PodSpec;
  /** Completes "of Deployment shop/web": `Ask for pool "general"`. */
  readonly title: string;
  /** What it rests on, in full sentences. */
  readonly reason: string;
  readonly evidence?: readonly AssessedEvidence[];
  readonly confidence: number;
  readonly fit: number;
  readonly risks?: ActionDraft['risks'];
  /** What it needs first, as a class that it names. */
  readonly before?: readonly Change[];
}

/** How a kind repairs templates. */
export interface TemplateRepairs {
  /** Name of the kind of action. */
  readonly kind: string;
  readonly cause: AssessedRootCause;
  readonly workload: KubeObject;
  readonly repairs: readonly TemplateRepair[];
  /** Only what would find a node is proposed; default. Not of pods that no node was ever looked for. */
  readonly isPlaced?: boolean;
  /** Where it shows elsewhere that it worked than in the workload itself. */
  readonly probe?: ActionDraft['probe'];
}

/** One remedy for each repair that changes anything and whose pods would find nodes; more nodes are less sure than none. */
export function templateRemedies(asked: TemplateRepairs, planning: Planning): readonly Remedy[] {
  return asked.repairs.flatMap((repair, i) => remedyOf(asked, repair, i, planning) ?? []);
}

const WITH_MORE_NODES = 0.9;

function remedyOf(
  { kind, cause, workload, isPlaced = true, probe }: TemplateRepairs,
  repair: TemplateRepair,
  i: number,
  planning: Planning,
): Remedy | undefined {
  const made = templateChanges(workload, repair.spec, planning);
  const changes = [...(repair.before ?? []), ...made];
  const placing = isPlaced ? placingOf(workload, repair.spec, planning) : 'now';
  if (made.length === 0 || placing === 'not') return undefined;
  const target = refOf(workload);
  const title = `${repair.title} (${refText(target)})`;
  const tried = !isPlaced
    ? ''
    : placing === 'now'
      ? ' By the scheduling filters all its pods would then find a node.'
      : ' By the scheduling filters all its pods would then find a node, once a pool has grown for them.';
  const draft: ActionDraft = {
    ...{ kind, title, target, part: `${i + 1}`, changes },
    reason: `${repair.reason}${tried}`,
    evidence: [...(repair.evidence ?? []), ...cause.evidence.slice(0, 2)],
    confidence: placing === 'now' ? repair.confidence : repair.confidence * WITH_MORE_NODES,
    ...(repair.risks !== undefined && { risks: repair.risks }),
    ...(probe !== undefined && { probe }),
  };
  return { title, resolves: [cause.id], fit: repair.fit, drafts: [draft] };
}

/** The workload of a cause with its pod spec; of a pod that nobody owns, the pod's. */
export function podSpecOf(
  cause: AssessedRootCause,
  planning: Planning,
): { readonly workload: KubeObject; readonly spec: PodSpec } | undefined {
  const workload = planning.workloadOf(cause.resource);
  if (workload === undefined) return undefined;
  const spec = podSpecIn(workload);
  return spec === undefined ? undefined : { workload, spec };
}

/** The pod spec of a workload or of a pod. */
export function podSpecIn(workload: KubeObject): PodSpec | undefined {
  if (workload.kind === 'Pod') return (workload as KubeObject & { readonly spec?: PodSpec }).spec;
  return templateOf(workload)?.spec as PodSpec | undefined;
}

/**
 * The newest revision in which some fields of the pod spec were otherwise, as a repair of these fields alone: what else the rollout changed
 * stays. Empty where no revision differs in them.
 */
export function restored(
  workload: KubeObject,
  spec: PodSpec,
  fields: readonly (keyof PodSpec)[],
  what: string,
  planning: Planning,
): readonly TemplateRepair[] {
  const pick = (one: PodSpec) => JSON.stringify(fields.map((field) => one[field]));
  const earlier = earlierRevisions(workload, planning.snapshot).find(
    ({ template }) => template.spec !== undefined && pick(template.spec) !== pick(spec),
  );
  if (earlier === undefined) return [];
  const before = Object.fromEntries(fields.map((field) => [field, earlier.template.spec?.[field]]));
  return [
    {
      spec: withoutUndefined({ ...spec, ...before }),
      title: `Restore ${what} of revision ${earlier.name}`,
      reason: `Revision ${earlier.name} had ${what} otherwise; only that is taken back.`,
      evidence: [fieldEvidence(earlier.object, 'metadata.name', earlier.object.metadata.name)],
      confidence: 0.92,
      fit: 0.97,
    },
  ];
}

/** Fields that are `undefined` are absent. */
function withoutUndefined(spec: PodSpec): PodSpec {
  return Object.fromEntries(Object.entries(spec).filter(([, value]) => value !== undefined)) as unknown as PodSpec;
}
