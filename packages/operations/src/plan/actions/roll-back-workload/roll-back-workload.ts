/** Back to the last revision that worked. */
import { refOf, refText, type KubeObject } from '@aia/cluster';
import type { AssessedRootCause, Change } from '@aia/contract';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import type { Planning } from '../../planning.ts';
import { isSameRef, templateOf } from '../../planning.ts';
import type { ActionKind, Remedy } from '../../remedy.ts';

const MINUTE = 60_000;
const REVISION = 'deployment.kubernetes.io/revision';

/** Proposes the previous revision of a Deployment for causes that lie in its newest one. */
export const rollBackWorkload: ActionKind = {
  kind: 'roll-back-workload',
  title: 'Roll back a workload',
  explanation:
    'Gives a Deployment the pod template of its last revision that had ready pods. Proposed for causes that lie in the newest revision and began with it; not where no earlier revision is left.',
  capability: 'rollout',
  prior: { alpha: 9, beta: 1, basis: 'a revision that worked before usually works again' },
  durationMs: { optimistic: MINUTE, likely: 3 * MINUTE, pessimistic: 15 * MINUTE },
  baseRisk: 0.08,
  propose: (planning) => planning.assessment.rootCauses.flatMap((cause) => remedyFor(cause, planning) ?? []),
};

function remedyFor(cause: AssessedRootCause, planning: Planning): Remedy | undefined {
  const workload = planning.workloadOf(cause.resource);
  if (workload?.kind !== 'Deployment') return undefined;
  const previous = previousRevision(workload, planning);
  const template = previous === undefined ? undefined : (previous as Templated).spec?.template;
  if (previous === undefined || template === undefined || !isSameRef(refOf(workload), cause.resource)) return undefined;
  const ref = refOf(workload);
  const revision = previous.metadata.annotations?.[REVISION] ?? '';
  const labels = Object.fromEntries(
    Object.entries(template.metadata?.labels ?? {}).filter(([name]) => name !== 'pod-template-hash'),
  );
  const before = { ...template, metadata: { ...template.metadata, labels } };
  const change: Change = {
    kind: 'patch',
    target: ref,
    patch: { type: 'json', operations: [{ op: 'replace', path: '/spec/template', value: before }] },
  };
  return {
    title: `Roll ${refText(ref)} back to revision ${revision}`,
    resolves: [cause.id],
    fit: 0.9,
    drafts: [
      {
        kind: rollBackWorkload.kind,
        title: `Roll ${refText(ref)} back to revision ${revision}`,
        target: ref,
        reason: `${cause.title}. Revision ${revision} is the one before.`,
        evidence: [
          fieldEvidence(previous, `metadata.annotations["${REVISION}"]`, revision),
          ...cause.evidence.slice(0, 2),
        ],
        confidence: 0.9,
        changes: [change],
        commands: [`kubectl rollout undo deployment/${ref.name} -n ${ref.namespace} --to-revision=${revision}`],
      },
    ],
  };
}

interface Templated {
  readonly spec?: { readonly template?: { readonly metadata?: { readonly labels?: Record<string, string> } } };
}

/** The newest ReplicaSet of another template. */
function previousRevision(workload: KubeObject, { snapshot }: Planning): KubeObject | undefined {
  const current = JSON.stringify(templateOf(workload)?.containers);
  return snapshot
    .ownedBy(workload)
    .filter((set) => set.kind === 'ReplicaSet' && JSON.stringify(templateOf(set)?.containers) !== current)
    .toSorted((a, b) => revisionOf(b) - revisionOf(a))[0];
}

function revisionOf({ metadata }: KubeObject): number {
  return Number(metadata.annotations?.[REVISION] ?? 0);
}
