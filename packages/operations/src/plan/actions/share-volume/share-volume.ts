/** Lets pods have a disk that one node at a time can have. */
import { compare, refOf, refText, type KubeObject, type PodSpec } from '@aia/cluster';
import type { AssessedRootCause, Change } from '@aia/contract';
import type { Planning } from '../../planning.ts';
import type { ActionDraft, ActionKind, Remedy } from '../../remedy.ts';
import { earlierRevisions } from '../../revisions/revisions.ts';
import { podSpecIn, templateRemedies } from '../../rollout/template-repair.ts';
import { without } from '../../rollout/without.ts';
import { claimsOf, usersOfClaim } from '../../storage/claims-of-cause.ts';

const MINUTE = 60_000;

/** For disks that are attached to one node while a pod on another waits for them. */
export const shareVolume: ActionKind = {
  kind: 'share-volume',
  title: 'Share a volume',
  explanation:
    'A rollout of one pod ends the old pod before it begins the new one (Recreate). Several replicas of one Deployment go back to the revision that did without the shared disk, or onto one node together. A volume of its own for each, as a StatefulSet gives, is for a person to introduce; replicas are never taken away.',
  capability: 'storage',
  prior: { alpha: 8, beta: 2, basis: 'attaching waits for detaching, which a node may hold up' },
  durationMs: { optimistic: 2 * MINUTE, likely: 5 * MINUTE, pessimistic: 20 * MINUTE },
  baseRisk: 0.12,
  propose: (planning) => planning.causesOf('volume-held').flatMap((cause) => remediesFor(cause, planning)),
};

interface Rolling {
  readonly spec?: {
    readonly replicas?: number;
    readonly strategy?: { readonly type?: string };
    readonly selector?: unknown;
  };
}
type Deployed = KubeObject & Rolling;

function remediesFor(cause: AssessedRootCause, planning: Planning): readonly Remedy[] {
  const users = claimsOf(cause, planning)
    .flatMap((claim) => usersOfClaim(claim, planning))
    .filter(({ kind }) => kind === 'Deployment')
    .toSorted((a, b) => compare(a.metadata.name, b.metadata.name));
  const [workload] = users as readonly Deployed[];
  const spec = workload === undefined ? undefined : podSpecIn(workload);
  if (workload === undefined || spec === undefined || users.length > 1) return [asked(cause)];
  const { replicas = 1, strategy } = workload.spec ?? {};
  if (replicas === 1) return strategy?.type === 'Recreate' ? [asked(cause)] : [recreating(cause, workload)];
  return [...apart(cause, workload, spec, planning), ...together(cause, workload, spec, planning)];
}

const OUTAGE = 'the old pods end before the new ones begin';

function recreating(cause: AssessedRootCause, workload: KubeObject): Remedy {
  const target = refOf(workload);
  const title = `End the old pod before the new one begins (${refText(target)})`;
  const draft: ActionDraft = {
    ...{ kind: shareVolume.kind, title, target, outage: OUTAGE },
    reason:
      'The new pod waits for a disk that the old one has, and the rollout keeps the old one until the new one is ready.',
    evidence: cause.evidence.slice(0, 3),
    confidence: 0.9,
    changes: [strategyChange(workload)],
  };
  return { title, resolves: [cause.id], fit: 0.96, drafts: [draft] };
}

function strategyChange(workload: KubeObject): Change {
  const operations = [{ op: 'add' as const, path: '/spec/strategy', value: { type: 'Recreate' } }];
  return { kind: 'patch', target: refOf(workload), patch: { type: 'json', operations } };
}

/** As before it had the disk. */
function apart(cause: AssessedRootCause, workload: KubeObject, spec: PodSpec, planning: Planning): readonly Remedy[] {
  const claims = new Set(claimNames(spec));
  const earlier = earlierRevisions(workload, planning.snapshot).find(
    ({ template }) => template.spec !== undefined && !claimNames(template.spec).some((name) => claims.has(name)),
  );
  const before = earlier?.template.spec;
  if (earlier === undefined || before === undefined) return [];
  const title = `Go back to revision ${earlier.name}, which shares no disk`;
  const reason = `Revision ${earlier.name} did without the claim; what is on the disk stays there.`;
  const repairs = [{ spec: before, title, reason, confidence: 0.85, fit: 0.9 }];
  return templateRemedies({ kind: shareVolume.kind, cause, workload, repairs }, planning);
}

function claimNames(spec: PodSpec): readonly string[] {
  return (spec.volumes ?? []).flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);
}

/** All on one node, which has the disk then. */
function together(cause: AssessedRootCause, workload: Deployed, spec: PodSpec, planning: Planning): readonly Remedy[] {
  const term = { topologyKey: 'kubernetes.io/hostname', labelSelector: workload.spec?.selector };
  const affinity = {
    ...without(spec.affinity ?? {}, 'podAntiAffinity'),
    podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] },
  };
  const repaired = { ...without(spec, 'topologySpreadConstraints'), affinity } as PodSpec;
  const repairs = [
    {
      ...{ spec: repaired, before: [strategyChange(workload)], confidence: 0.7, fit: 0.75 },
      title: 'Run its replicas on one node',
      reason: 'One node at a time can have the disk, and all pods of that node may use it.',
      risks: [{ reason: 'all replicas fail with that node', adds: 0.15 }],
    },
  ];
  return templateRemedies({ kind: shareVolume.kind, cause, workload, repairs }, planning);
}

function asked(cause: AssessedRootCause): Remedy {
  const title = `Find out who is to have the volume (${refText(cause.resource)})`;
  const instruction = `See which pods use ${refText(cause.resource)} and on which nodes. If the one that has it is on a node that is gone for good, delete that pod with --force --grace-period=0 only after the machine is certainly off: two nodes that write to one disk destroy its file system.`;
  const draft: ActionDraft = {
    ...{ kind: shareVolume.kind, title, target: cause.resource, confidence: 0.5 },
    reason: 'What holds it is no Deployment whose rollout could be changed.',
    evidence: cause.evidence.slice(0, 3),
    changes: [{ kind: 'manual', instruction }],
  };
  return { title, resolves: [cause.id], fit: 0.4, drafts: [draft] };
}
