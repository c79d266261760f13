/** What only a person can do about a volume. */
import { refOf, refText, type ClusterSnapshot, type Pod } from '@aia/cluster';
import type { AssessedRootCause } from '@aia/contract';
import { claimNamesOf } from '../../../diagnose/storage/claim-users.ts';
import { named } from '../../effects/named.ts';
import type { Planning } from '../../planning.ts';
import type { ActionKind, Remedy } from '../../remedy.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** For volumes that cannot be mounted, are lost, or have failed. */
export const repairVolume: ActionKind = {
  kind: 'repair-volume',
  title: 'Repair a volume',
  explanation:
    'Tells a person what to look at and in which order where data is at stake: a file system that cannot be mounted, a volume that is lost or failed. Nothing is done by itself.',
  capability: 'storage',
  prior: { alpha: 6, beta: 4, basis: 'a damaged file system may have to be restored from a backup' },
  durationMs: { optimistic: 20 * MINUTE, likely: 90 * MINUTE, pessimistic: 8 * HOUR },
  baseRisk: 0.2,
  propose: (planning) =>
    planning
      .causesOf('pod-volume-mount-failed', 'volume-unavailable', 'volume-failed', 'claim-lost', 'volume-attach-failed')
      .map((cause) => remedyFor(cause, planning)),
};

function remedyFor(cause: AssessedRootCause, planning: Planning): Remedy {
  const pod = planning.object(cause.resource) as Pod | undefined;
  const claims = cause.resource.kind === 'Pod' && pod !== undefined ? claimNamesOf(pod) : [];
  const what = claims.length === 0 ? refText(cause.resource) : `the volume of claim ${claims.join(', ')}`;
  const title = `Repair ${what}`;
  const instruction = instructionFor(what, claims, pod, planning);
  return {
    title,
    resolves: [cause.id],
    fit: 0.5,
    drafts: [
      {
        ...{ kind: repairVolume.kind, title, target: cause.resource },
        reason: `${cause.title}. What is on the volume may be the only copy, so a person decides each step.`,
        evidence: cause.evidence.slice(0, 3),
        confidence: 0.6,
        changes: [{ kind: 'manual', instruction }],
      },
    ],
  };
}

/** In the order in which nothing is lost: a copy first, and nothing is written before somebody has read what is wrong. */
function instructionFor(what: string, claims: readonly string[], pod: Pod | undefined, { snapshot }: Planning): string {
  const disks = claims.flatMap((claim) => diskOf(claim, pod?.metadata.namespace ?? '', snapshot) ?? []);
  const [disk] = disks;
  const of = disk === undefined ? `the disk behind ${what}` : `disk ${disk.name}`;
  const copy = disks.map(
    ({ name, at }) => `gcloud compute disks snapshot ${name} ${at} --snapshot-names=${`before-${name}`.slice(0, 60)}`,
  );
  const scaling = scalingOf(pod, snapshot);
  return [
    `Take a snapshot of ${of} first${copy.length === 0 ? '' : `: ${copy.join('; ')}`}.`,
    `End what uses it${scaling === undefined ? '' : `: ${scaling.down}`}.`,
    `Attach it to a machine of its own${disk === undefined ? '' : ` (gcloud compute instances attach-disk MACHINE --disk=${disk.name} ${disk.at})`}, look without changing anything (fsck -n DEVICE), then repair it (fsck -y DEVICE) and detach it.`,
    'Where that fails, make a disk of the newest good snapshot, a PersistentVolume for it, and the claim anew with spec.volumeName of that.',
    `Start again what uses it${scaling === undefined ? '' : `: ${scaling.up}`}, and check the data.`,
  ].join(' ');
}

const HANDLE = /^projects\/([\w.:-]+)\/(zone|region)s\/([a-z0-9-]+)\/disks\/([a-z0-9-]+)$/;

/** The disk of Compute Engine behind a claim, and the flags that say where it is. */
function diskOf(claim: string, namespace: string, snapshot: ClusterSnapshot) {
  const volume = snapshot.get('PersistentVolumeClaim', namespace, claim)?.spec?.volumeName ?? '';
  const handle = snapshot.get('PersistentVolume', '', volume)?.spec?.csi?.volumeHandle ?? '';
  const [, project, scope, place, name] = HANDLE.exec(handle) ?? [];
  if (name === undefined) return undefined;
  return { name, at: `--${scope ?? ''}=${place ?? ''} --project=${project ?? ''}` };
}

/** How whoever owns the pod gives it up and takes it back. */
function scalingOf(pod: Pod | undefined, snapshot: ClusterSnapshot) {
  const owner = pod === undefined ? undefined : snapshot.rootOwnerOf(pod);
  if (owner?.kind !== 'StatefulSet' && owner?.kind !== 'Deployment') return undefined;
  const { replicas = 1 } = (owner as { readonly spec?: { readonly replicas?: number } }).spec ?? {};
  const scale = `kubectl scale ${named(refOf(owner))}`;
  return { down: `${scale} --replicas=0`, up: `${scale} --replicas=${replicas}` };
}
