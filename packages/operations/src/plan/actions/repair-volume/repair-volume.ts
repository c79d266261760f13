/** What only a person can do about a volume. */
import { refText, type Pod } from '@aia/cluster';
import type { AssessedRootCause } from '@aia/contract';
import { claimNamesOf } from '../../../diagnose/storage/claim-users.ts';
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
        changes: [
          {
            kind: 'manual',
            instruction: `Take a snapshot of the disk behind ${what} first. Scale what uses it to no pods, attach the disk to a machine of its own, run fsck on it without changing anything (fsck -n), then repair it; where that fails, restore the newest backup or snapshot into a new disk and bind the claim to it. Scale up again and check the data.`,
          },
        ],
      },
    ],
  };
}
