/** The range that pods get their addresses from leaves room for few more nodes. */
import { nodePoolOf, type ManagedCluster, type NodePool } from '@aia/cluster';
import type { Examination } from '../../examination.ts';
import type { FindingDraft } from '../../finding.ts';
import { mayGrow } from '../../nodes/growth.ts';
import { unique } from '../../order.ts';
import type { Rule } from '../../rule.ts';

/** Share of a range from which it is nearly full. */
const NEAR = 0.8;

/** Facts: cidr, share, pools, furtherNodes (how many more fit; absent where only the share is known). */
export const rule: Rule = {
  code: 'pod-cidr-nearly-full',
  title: 'Range of pod addresses is nearly full',
  severity: 'low',
  explanation:
    'Each node takes a block of addresses for its pods from a range of the network, and more than 80 % of that range is taken; without a ' +
    'block there is no further node, whatever quota and pools allow. It is calculated from the range, the size of the blocks and the nodes, ' +
    'or from the utilisation that GKE states. It is medium when not one further node fits and the cluster is meant to grow by itself, low ' +
    'otherwise. The rule stays silent where the description of the cluster does not name ranges.',
  remediation: {
    class: 'add-capacity',
    text: 'Add a secondary range to the cluster and give it to new pools, or allow fewer pods per node in new pools.',
  },
  aliases: { gcpdiag: ['gke/WARN/2021_003'] },
  needs: [],
  *check(examination) {
    const { cluster } = examination.snapshot.cloud;
    if (cluster === undefined) return;
    const ranges = Map.groupBy(cluster.nodePools, ({ podRange }) => podRange?.cidr ?? '');
    ranges.delete('');
    for (const cidr of [...ranges.keys()].sort()) {
      const draft = nearlyFull(examination, cluster, cidr, ranges.get(cidr) ?? []);
      if (draft !== undefined) yield draft;
    }
  },
};

function nearlyFull(
  { snapshot }: Examination,
  cluster: ManagedCluster,
  cidr: string,
  pools: readonly NodePool[],
): FindingDraft | undefined {
  const taken = addressesTaken(snapshot.list('Node').map(nodePoolOf), pools);
  const all = sizeOf(cidr);
  const calculated = taken === undefined || all === undefined ? undefined : taken / all;
  const share = Math.max(calculated ?? 0, ...pools.map(({ podRange }) => podRange?.share ?? 0));
  if (share < NEAR) return undefined;
  const names = unique(pools.map(({ name }) => name));
  const block = Math.min(...pools.map(({ podRange }) => blockOf(podRange?.nodeMask) ?? Number.POSITIVE_INFINITY));
  const further =
    all === undefined || !Number.isFinite(block)
      ? undefined
      : Math.max(0, Math.floor((all * (1 - share) + 1e-6) / block));
  const used = `${Math.floor(share * 100)} %`;
  return {
    resource: { group: 'container.googleapis.com', kind: 'PodRange', namespace: '', name: cidr },
    severity: further === 0 && mayGrow(snapshot) ? 'medium' : 'low',
    message: `${used} of range ${cidr}, from which the pods of ${names.join(', ')} get their addresses, is taken${further === undefined ? '' : `; it has room for ${further === 0 ? 'no' : further} further ${further === 1 ? 'node' : 'nodes'}`}.`,
    evidence: [
      { kind: 'cloud', source: `node pools of ${cluster.name}`, text: `${cidr}: ${used} taken`, at: undefined },
    ],
    facts: {
      cidr,
      share: Math.round(share * 1000) / 1000,
      pools: names,
      ...(further !== undefined && { furtherNodes: further }),
    },
  };
}

/** Addresses in the blocks of all nodes; `undefined` where a pool with nodes does not say how large its blocks are. */
function addressesTaken(poolsOfNodes: readonly string[], pools: readonly NodePool[]): number | undefined {
  let taken = 0;
  for (const { name, podRange } of pools) {
    const nodes = poolsOfNodes.filter((pool) => pool === name).length;
    const block = blockOf(podRange?.nodeMask);
    if (nodes > 0 && block === undefined) return undefined;
    taken += nodes * (block ?? 0);
  }
  return taken;
}

function sizeOf(cidr: string): number | undefined {
  return blockOf(Number(/\/(\d{1,2})$/.exec(cidr)?.[1] ?? Number.NaN));
}

function blockOf(mask: number | undefined): number | undefined {
  return mask === undefined || !(mask >= 0 && mask <= 32) ? undefined : 2 ** (32 - mask);
}
