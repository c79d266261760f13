/** Other zones for a pool whose zones have no machines left. */
import type { NodePool } from '@aia/cluster';
import type { AssessedRootCause, Condition } from '@aia/contract';
import { podsWaiting, poolGrowths } from '../../capacity/pool-growth.ts';
import { workloadsWaiting } from '../../capacity/waiting-workloads.ts';
import type { Planning } from '../../planning.ts';
import type { ActionKind, Remedy } from '../../remedy.ts';
import { poolRef } from '../resize-node-pool/resize-draft.ts';

const MINUTE = 60_000;

/** Proposes zones that other pools of the cluster stand in, beside those that a pool has. */
export const changeZones: ActionKind = {
  kind: 'change-zones',
  title: 'Let a node pool use other zones',
  explanation:
    'Adds zones to a node pool where the cloud has no machines left in those it has: zones that other pools of the cluster stand in and that no refusal names, since such a zone is known to serve the cluster. The zones that it has stay, so that its nodes do. It refuses where no other zone is known, and for pods whose volumes bind them to a zone the scheduling filters still decide.',
  capability: 'capacity',
  prior: {
    alpha: 6,
    beta: 3,
    basis: 'a neighbouring zone often has machines, and is short of them often enough as well',
  },
  durationMs: { optimistic: 5 * MINUTE, likely: 15 * MINUTE, pessimistic: 90 * MINUTE },
  baseRisk: 0.08,
  propose: (planning) => planning.causesOf('stock-out').flatMap((cause) => remediesFor(cause, planning)),
};

function remediesFor(cause: AssessedRootCause, planning: Planning): readonly Remedy[] {
  const [best] = poolGrowths(podsWaiting(cause, planning), planning);
  const zones = best === undefined ? [] : otherZones(best.pool, cause, planning);
  if (best === undefined || zones.length === 0) return [];
  const { pool } = best;
  const to = [...new Set([...pool.zones, ...zones])].sort();
  const holds: readonly Condition[] = workloadsWaiting(cause, planning).map((target) => ({
    kind: 'scheduled',
    target,
  }));
  const title = `Let node pool ${pool.name} use ${zones.join(', ')} as well`;
  return [
    {
      title,
      resolves: [cause.id],
      fit: 0.85 * (best.fits / best.pods),
      drafts: [
        {
          kind: 'change-zones',
          title,
          target: poolRef(pool.name),
          reason: `${cause.title}. Other pools of the cluster stand in ${zones.join(', ')}, of which no refusal is known; ${best.more} more ${pool.machineType} would place ${best.fits} of ${best.pods} waiting pods.`,
          evidence: cause.evidence.slice(0, 3),
          confidence: 0.65,
          changes: [{ kind: 'cloud', call: { operation: 'set-pool-zones', pool: pool.name, from: pool.zones, to } }],
          ...(holds.length > 0 && { probe: { conditions: holds, withinMs: 60 * MINUTE } }),
          risks: [
            {
              reason:
                'traffic between zones costs, and pools that do not scale by themselves may get nodes in each new zone',
              adds: 0.08,
            },
          ],
        },
      ],
    },
  ];
}

/** Zones of the same region that any pool stands in, that this one has not, and that the refusal does not name. */
function otherZones({ zones }: NodePool, { resource }: AssessedRootCause, { snapshot }: Planning): readonly string[] {
  const refused = new Set(resource.name.split(', '));
  const regions = new Set(zones.map((zone) => zone.replace(/-[a-z]$/, '')));
  const known = (snapshot.cloud.cluster?.nodePools ?? []).flatMap((pool) => pool.zones);
  return [...new Set(known)]
    .filter((zone) => !zones.includes(zone) && !refused.has(zone) && regions.has(zone.replace(/-[a-z]$/, '')))
    .sort();
}
