/** Image names that no registry has, put right from what nodes have pulled. */
import { refOf, refText, type ClusterSnapshot, type KubeObject } from '@aia/cluster';
import type { AssessedRootCause } from '@aia/contract';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import type { Planning } from '../../planning.ts';
import type { ActionKind, Remedy } from '../../remedy.ts';
import { concernedWorkloads, namedContainer } from '../../revisions/concerned-workloads.ts';
import { currentTemplate } from '../../revisions/revisions.ts';
import { templateMerged } from '../../revisions/template-change.ts';
import { nearImage } from './near-image.ts';

const MINUTE = 60_000;

/** Proposes the image that was meant, where nodes have pulled it. */
export const fixImage: ActionKind = {
  kind: 'fix-image',
  title: 'Correct an image',
  explanation:
    'Where an image cannot be pulled: names the one that was meant, of those that nodes have pulled already for any workload. That is the name without a scheme, in lower case or without an empty tag; the same repository with a tag that is a slip of the pen away or differs by a leading v; or the same tag of a repository that is. Refuses where no pulled image, or more than one, comes near: then a roll-back, or a push, is the way.',
  capability: 'rollout',
  prior: { alpha: 8, beta: 2, basis: 'an image that a node has pulled' },
  durationMs: { optimistic: MINUTE, likely: 3 * MINUTE, pessimistic: 15 * MINUTE },
  baseRisk: 0.08,
  *propose(planning) {
    const causes = planning.causesOf('image-unavailable');
    const pulled = causes.length === 0 ? [] : pulledImages(planning.snapshot);
    for (const cause of causes) {
      const remedy = remedyFor(cause, pulled, planning);
      if (remedy !== undefined) yield remedy;
    }
  },
};

/** Images, as specs name them, of containers that have an image id: some node has pulled them. */
function pulledImages(snapshot: ClusterSnapshot): readonly string[] {
  const pulled = new Set<string>();
  for (const { spec, status } of snapshot.list('Pod')) {
    const statuses = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
    const named = new Set(statuses.filter(({ imageID }) => (imageID ?? '') !== '').map(({ name }) => name));
    for (const { name, image } of [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])])
      if (image !== undefined && named.has(name)) pulled.add(image);
  }
  return [...pulled].sort();
}

function remedyFor(cause: AssessedRootCause, pulled: readonly string[], planning: Planning): Remedy | undefined {
  const [workload, ...others] = concernedWorkloads(cause, planning);
  if (workload === undefined || others.length > 0 || workload.kind === 'Job') return undefined;
  const found = containerOf(workload, namedContainer(cause, planning));
  const near = found === undefined ? undefined : nearImage(found.image, pulled);
  if (found === undefined || near === undefined) return undefined;
  const target = refOf(workload);
  const title = `Set the image of ${refText(target)} to ${near.image}`;
  return {
    title,
    resolves: [cause.id],
    fit: 0.85,
    drafts: [
      {
        kind: fixImage.kind,
        title,
        target,
        part: found.name,
        reason: `${cause.statement} Nodes have pulled ${near.image}, which ${near.because}.`,
        evidence: [fieldEvidence(workload, found.path, found.image), ...cause.evidence.slice(0, 2)],
        confidence: near.confidence,
        changes: templateMerged(
          workload,
          { [found.list]: [{ name: found.name, image: near.image }] },
          planning.snapshot,
        ),
      },
    ],
  };
}

/** The container that fails, or the only one. */
function containerOf(workload: KubeObject, name: string | undefined) {
  const spec = currentTemplate(workload)?.spec;
  const all = (['initContainers', 'containers'] as const).flatMap((list) =>
    (spec?.[list] ?? []).map((one, i) => ({
      list,
      name: one.name,
      image: one.image ?? '',
      path: `${list}[${i}].image`,
    })),
  );
  const [first, ...others] = name === undefined ? all : all.filter((one) => one.name === name);
  return first === undefined || others.length > 0 ? undefined : first;
}
