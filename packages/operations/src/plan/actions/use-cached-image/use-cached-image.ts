/** Pods that cannot have their image from its registry, on nodes that have it. */
import { refOf, refText, type KubeObject, type Node, type PodSpec } from '@aia/cluster';
import type { AssessedRootCause } from '@aia/contract';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import type { Planning } from '../../planning.ts';
import type { ActionDraft, ActionKind, Remedy } from '../../remedy.ts';
import { concernedWorkloads } from '../../revisions/concerned-workloads.ts';
import { imageHolders } from '../../revisions/image-holders.ts';
import { containersOf, currentTemplate } from '../../revisions/revisions.ts';
import { placingOf } from '../../rollout/placing.ts';
import { templateChanges } from '../../rollout/template-change.ts';

const MINUTE = 60_000;
const HOSTNAME = 'kubernetes.io/hostname';

/** Proposes the nodes that have the image of a workload, while its registry does not give it. */
export const useCachedImage: ActionKind = {
  kind: 'use-cached-image',
  title: 'Run on nodes that have the image',
  explanation:
    'Where a registry does not give an image that some nodes have: keeps the pods of the workload to these nodes, and has them use what is there (imagePullPolicy IfNotPresent). Where the registry as a whole gives nothing, the same is done with the last revision that worked, if its pods would otherwise find nodes without its image. Refuses for DaemonSets, where no ready node has all images of a pod, and where by the scheduling filters not all pods find a place on those that have. The rule is to be taken out again when the registry gives images.',
  capability: 'rollout',
  prior: { alpha: 8, beta: 2, basis: 'what is on a node needs no registry' },
  durationMs: { optimistic: MINUTE, likely: 3 * MINUTE, pessimistic: 15 * MINUTE },
  baseRisk: 0.1,
  propose: (planning) => planning.causesOf('image-unavailable').flatMap((cause) => remedyFor(cause, planning) ?? []),
};

function remedyFor(cause: AssessedRootCause, planning: Planning): Remedy | undefined {
  const [workload, ...others] = concernedWorkloads(cause, planning);
  const spec = workload === undefined ? undefined : currentTemplate(workload)?.spec;
  if (workload === undefined || spec === undefined || others.length > 0) return undefined;
  const draft = cachedImageDraft(workload, { spec, name: undefined }, cause, planning);
  return draft && { title: draft.title, resolves: [cause.id], fit: 0.6, drafts: [draft] };
}

/** A pod spec, and the revision that it is of; the present one without. */
interface Wanted {
  readonly spec: PodSpec;
  readonly name: string | undefined;
}

/** The draft that keeps a workload to nodes that have the images of a pod spec; `undefined` where there are none or too few. */
export function cachedImageDraft(
  workload: KubeObject,
  { spec, name }: Wanted,
  cause: AssessedRootCause,
  planning: Planning,
): ActionDraft | undefined {
  if (workload.kind === 'DaemonSet' || workload.kind === 'Job') return undefined;
  const images = [...new Set(containersOf({ spec }).map(({ image = '' }) => image))];
  const nodes = imageHolders(planning).nodesWith(images);
  const [first] = nodes;
  const kept = keptTo(nodes, spec);
  if (first === undefined || placingOf(workload, kept, planning) !== 'now') return undefined;
  const target = refOf(workload);
  const revision = name === undefined ? '' : ` with revision ${name}`;
  return {
    ...{ kind: useCachedImage.kind, target, confidence: 0.85 },
    title: `Run ${refText(target)}${revision} on nodes that have ${images.length === 1 ? 'its image' : 'its images'}`,
    reason: `${cause.statement} ${nodes.length === 1 ? `Node ${first.metadata.name} has` : `${nodes.length} nodes have`} ${images.join(', ')}, and by the scheduling filters all pods find a place there. The rule is to be taken out when the registry gives images again.`,
    evidence: [fieldEvidence(first, 'status.images', images.join(', ')), ...cause.evidence.slice(0, 2)],
    changes: templateChanges(workload, kept, planning),
    risks: [{ reason: 'no other node takes its pods, until the rule is taken out', adds: 0.05 }],
  };
}

/** In each term beside what it asks for already. */
function keptTo(nodes: readonly Node[], spec: PodSpec): PodSpec {
  const values = nodes.map(({ metadata }) => metadata.labels?.[HOSTNAME] ?? metadata.name);
  const rule = { key: HOSTNAME, operator: 'In', values };
  const { nodeAffinity, ...affinity } = spec.affinity ?? {};
  const terms = nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [{}];
  const nodeSelectorTerms = terms.map((term) => ({
    ...term,
    matchExpressions: [...(term.matchExpressions ?? []), rule],
  }));
  const required = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } };
  const fromNode = <T extends { readonly imagePullPolicy?: string }>(one: T): T => ({
    ...one,
    imagePullPolicy: 'IfNotPresent',
  });
  return {
    ...spec,
    affinity: { ...affinity, nodeAffinity: { ...nodeAffinity, ...required } },
    containers: spec.containers.map(fromNode),
    ...(spec.initContainers !== undefined && { initContainers: spec.initContainers.map(fromNode) }),
  };
}
