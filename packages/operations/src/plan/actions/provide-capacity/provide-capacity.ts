/** What keeps further nodes away and only people can change: address ranges, policies, reservations, device plugins. */
import { nodePoolOf, refOf, refText, type ClusterSnapshot, type NodePool, type Pod } from '@aia/cluster';
import type { AssessedRootCause } from '@aia/contract';
import { isAutopilot } from '../../../diagnose/nodes/growth.ts';
import { podsWaiting } from '../../capacity/pool-growth.ts';
import { shellWord } from '../../effects/shell.ts';
import { byPerson } from '../../network/by-person.ts';
import type { Planning } from '../../planning.ts';
import type { ActionKind, Remedy } from '../../remedy.ts';

const HOUR = 3_600_000;

/** Hands to people what the cloud refuses for a reason that no action changes. */
export const provideCapacity: ActionKind = {
  kind: 'provide-capacity',
  title: 'Have capacity provided',
  explanation:
    'For refusals of further nodes that lie outside of the cluster: address ranges that are used up (another secondary range, or a pool with fewer pods per node, with the numbers), permissions, service accounts, organisation policies, reservations, limits of the autoscaler, rejected configurations; machines that are out of stock for pods whose volumes bind them to that zone; and resources whose device plugin is not known. A precise instruction to a person, below every change that removes the cause.',
  capability: 'capacity',
  prior: { alpha: 2, beta: 1, basis: 'it depends on who is asked' },
  durationMs: { optimistic: HOUR, likely: 8 * HOUR, pessimistic: 5 * 24 * HOUR },
  baseRisk: 0.03,
  propose: (planning) =>
    planning
      .causesOf('ip-space-exhausted', 'scale-up-refused-*', 'stock-out', 'resource-not-offered')
      .flatMap((cause) => remedyFor(cause, planning)),
};

function remedyFor(cause: AssessedRootCause, planning: Planning): readonly Remedy[] {
  const instruction = instructionFor(cause, planning);
  if (instruction === undefined) return [];
  return [
    byPerson(cause, {
      kind: provideCapacity.kind,
      title: `Have somebody see to it: ${cause.title}`,
      target: cause.resource,
      instruction,
      statement: `The cloud gives the nodes that are needed: ${cause.title}`,
      fit: 0.4,
    }),
  ];
}

function instructionFor(cause: AssessedRootCause, planning: Planning): string | undefined {
  if (cause.class === 'ip-space-exhausted') return addressRange(planning);
  if (cause.class === 'stock-out') return boundToZone(cause, planning);
  return `${cause.statement} ${cause.remediation.text}`;
}

/** Pods that could use machines elsewhere need no person. */
function boundToZone(cause: AssessedRootCause, planning: Planning): string | undefined {
  const bound = podsWaiting(cause, planning).flatMap((pod) => {
    const zones = zonesOfVolumes(pod, planning.snapshot);
    return zones.length === 0 ? [] : [`${refText(refOf(pod))} (volumes in ${zones.join(', ')})`];
  });
  if (bound.length === 0) return undefined;
  return `These pods cannot use machines of another zone, since their volumes bind them: ${bound.slice(0, 5).join(', ')}. Reserve capacity there or wait for it (gcloud compute reservations create), take another machine family in that zone, or restore a snapshot of the volumes in another zone and move the data.`;
}

const ZONES: ReadonlySet<string> = new Set(['topology.kubernetes.io/zone', 'topology.gke.io/zone']);

function zonesOfVolumes({ spec, metadata }: Pod, snapshot: ClusterSnapshot): readonly string[] {
  const zones = (spec?.volumes ?? []).flatMap(({ persistentVolumeClaim: claim }) => {
    const name =
      claim === undefined
        ? undefined
        : snapshot.get('PersistentVolumeClaim', metadata.namespace ?? '', claim.claimName)?.spec?.volumeName;
    const volume = name === undefined ? undefined : snapshot.get('PersistentVolume', '', name);
    const terms = volume?.spec?.nodeAffinity?.required?.nodeSelectorTerms ?? [];
    return terms
      .flatMap(({ matchExpressions = [] }) => matchExpressions)
      .flatMap(({ key, values = [] }) => (ZONES.has(key) ? values : []));
  });
  return [...new Set(zones)].sort();
}

/** A node takes a block of at least twice as many addresses as it may have pods. */
const DEFAULT_MOST_PODS = 110;

function addressRange({ snapshot }: Planning): string | undefined {
  const { cluster, project } = snapshot.cloud;
  const place = `--location=${shellWord(cluster?.location ?? '<location>')} --project=${shellWord(project ?? '<project>')}`;
  const range = `Add a secondary range to the subnet (gcloud compute networks subnets update <subnet> --add-secondary-ranges=pods-2=<range>) and let the cluster use it (gcloud container clusters update ${shellWord(cluster?.name ?? '<cluster>')} --additional-pod-ipv4-ranges=pods-2 ${place}).`;
  const lean = isAutopilot(snapshot) ? [] : (cluster?.nodePools ?? []).flatMap((pool) => leaner(pool, snapshot));
  return [range, ...lean.slice(0, 1)].join(' ');
}

/** Fewer pods per node take a smaller block of addresses each; it cannot be changed of a pool that exists. */
function leaner(pool: NodePool, snapshot: ClusterSnapshot): readonly string[] {
  const most = pool.maxPodsPerNode ?? DEFAULT_MOST_PODS;
  const names = new Set(
    snapshot
      .list('Node')
      .filter((node) => nodePoolOf(node) === pool.name)
      .map(({ metadata }) => metadata.name),
  );
  const counts = Map.groupBy(
    snapshot.list('Pod').filter(({ spec }) => names.has(spec?.nodeName ?? '')),
    ({ spec }) => spec?.nodeName ?? '',
  );
  const busiest = Math.max(0, ...[...counts.values()].map((pods) => pods.length));
  const wanted = [8, 16, 32, 64].find((one) => one >= busiest * 1.5);
  if (busiest === 0 || wanted === undefined || wanted >= most) return [];
  return [
    `Or make a pool like ${pool.name} with --max-pods-per-node=${wanted} instead of ${most} and drain the old one: no node of it runs more than ${busiest} pods, and each new node then takes ${2 * wanted} addresses instead of ${blockOf(most)}.`,
  ];
}

/** Addresses of the block of a node: the power of two from twice its pods on. */
function blockOf(mostPods: number): number {
  return 2 ** Math.ceil(Math.log2(2 * mostPods));
}
