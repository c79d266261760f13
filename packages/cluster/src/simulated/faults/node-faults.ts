/** What befalls machines and their kubelets. Source: https://kubernetes.io/docs/concepts/architecture/nodes/ */
import type { Node } from '../../model/kinds.ts';
import { NODES } from '../api/built-in-types.ts';
import { entityOf } from '../entity.ts';
import type { Pressure } from '../kubelet/eviction.ts';
import type { SimulatedCluster } from '../simulated-cluster.ts';
import type { BroughtFault, FaultKind, ParameterValues } from './fault.ts';
import type { FaultSite } from './fault-site.ts';
import { CORDONS_AND_TAINTS } from './cordon-faults.ts';

const MINUTE = 60_000;
const MIB = 2 ** 20;
const EVICTION = 'https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/';

/** A kind of fault of one node. */
interface NodeRow extends Pick<FaultKind, 'name' | 'summary' | 'source'>, Partial<Pick<FaultKind, 'parameters'>> {
  readonly classes: readonly string[];
  readonly settlesMs: number;
  readonly remedy: string;
  /** Befalls the node, as a machine or its kubelet does: a moment later. @returns undoes it, and tells whether it holds */
  befall(site: FaultSite, node: Node, values: ParameterValues): Required<Pick<BroughtFault, 'repair' | 'isGone'>>;
}

const ROWS: readonly NodeRow[] = [
  {
    name: 'node-lost',
    summary: 'A machine dies with everything on it.',
    source: 'https://kubernetes.io/docs/concepts/architecture/nodes/#condition',
    classes: ['node-not-ready', 'nodes-lost'],
    settlesMs: 10 * MINUTE,
    remedy: 'Bring the machine back, or delete the node so that its pods are replaced.',
    befall: (site, node) => silence(site, node, true),
  },
  {
    name: 'kubelet-silent',
    summary: 'The kubelet of a node hangs while its containers run on.',
    source: 'https://kubernetes.io/docs/concepts/architecture/nodes/#condition',
    classes: ['node-not-ready', 'nodes-lost'],
    settlesMs: 10 * MINUTE,
    remedy: 'Restart the kubelet or the machine.',
    befall: (site, node) => silence(site, node, false),
  },
  pressureRow('memory', 90),
  pressureRow('disk', 2048),
  {
    name: 'sandbox-fails',
    summary: 'A node was rebooted, and its network plugin sets up no pods since.',
    source: 'https://kubernetes.io/docs/concepts/extend-kubernetes/compute-storage-net/network-plugins/',
    classes: ['pod-network-unavailable', 'pod-sandbox-failed'],
    settlesMs: 10 * MINUTE,
    remedy: 'Restart the agent of the network plugin on the node, or replace the node.',
    befall: (site, node) =>
      rebootInto(
        site,
        node,
        'plugin type="calico" failed (add): stat /var/lib/calico/nodename: no such file or directory: ' +
          'check that the calico/node container is running and has mounted /var/lib/calico/',
      ),
  },
  {
    name: 'pod-addresses-exhausted',
    summary: 'A node was rebooted, and the addresses that its pods had before were never given back.',
    source: 'https://www.cni.dev/plugins/current/ipam/host-local/',
    classes: ['pod-addresses-exhausted'],
    settlesMs: 10 * MINUTE,
    remedy: 'Remove the left reservations below /var/lib/cni/networks on the node, or replace the node.',
    befall: (site, node) =>
      rebootInto(
        site,
        node,
        'plugin type="ptp" failed (add): failed to allocate for range 0: ' +
          `no IP addresses available in range set: ${rangeSet(node)}`,
      ),
  },
];

export const NODE_FAULTS: readonly FaultKind[] = [...ROWS.map(nodeFault), ...CORDONS_AND_TAINTS];

function nodeFault({ classes, settlesMs, remedy, befall, ...row }: NodeRow): FaultKind {
  return {
    parameters: {},
    ...row,
    family: 'node',
    bring: (site, values) => {
      const node = site.node();
      site.touchOutside(`machine ${node.metadata.name}`);
      const undo = befall(site, node, values);
      return {
        truth: { entities: [entityOf(node)], classes },
        touched: site.takeTouched(),
        settlesMs,
        remedy,
        ...undo,
      };
    },
  };
}

function silence(site: FaultSite, { metadata: { name } }: Node, machine: boolean) {
  site.later(0, () => site.cluster.kubelets.stopNode(name, { machine }));
  return {
    repair: ({ kubelets, api }: SimulatedCluster) => {
      if (api.store.get(NODES, '', name) !== undefined) kubelets.startNode(name);
    },
    isGone: ({ api }: SimulatedCluster) => isReadyOrGone(api.store.get(NODES, '', name)),
  };
}

function isReadyOrGone(node: Node | undefined): boolean {
  return node === undefined || node.status?.conditions?.find(({ type }) => type === 'Ready')?.status === 'True';
}

/** `most`: available mebibytes that are still below the threshold of eviction. */
function pressureRow(what: Pressure, most: number): NodeRow {
  const condition = what === 'memory' ? 'MemoryPressure' : 'DiskPressure';
  return {
    name: `${what}-pressure`,
    summary: `Something beside the pods of a node takes its ${what}, so that its kubelet evicts them and takes no more.`,
    source: `${EVICTION}#node-conditions`,
    parameters: {
      available: {
        ...{ type: 'number', summary: `left of the ${what}`, unit: 'MiB' },
        ...{ min: 1, max: most, default: Math.round(most * 0.6) },
      },
    },
    classes: ['node-pressure'],
    settlesMs: 5 * MINUTE,
    remedy: `Find out what takes the ${what} of the node, and end it.`,
    befall: (site, { metadata: { name } }, { available }) => {
      const press = (bytes: number | undefined) => site.cluster.kubelets.press(name, what, bytes);
      site.later(0, () => press(Number(available) * MIB));
      return {
        repair: ({ api }) => {
          if (api.store.get(NODES, '', name) !== undefined) press(undefined);
        },
        isGone: ({ api }) =>
          api.store.get(NODES, '', name)?.status?.conditions?.find(({ type }) => type === condition)?.status !== 'True',
      };
    },
  };
}

/** From when a machine goes off to when it is there again. */
const REBOOT_MS = 25_000;

/** Reboots a machine, on which no pod gets a network any more. */
function rebootInto(site: FaultSite, { metadata: { name } }: Node, sandboxError: string) {
  const { kubelets } = site.cluster;
  const takeBack = site.behave({ node: (one) => (one === name ? { sandboxError } : undefined) });
  let isRepaired = false;
  site.later(0, () => kubelets.stopNode(name, { machine: true }));
  site.later(REBOOT_MS, () => kubelets.startNode(name));
  return {
    repair: () => {
      isRepaired = true;
      takeBack();
    },
    isGone: ({ api }: SimulatedCluster) => isRepaired || api.store.get(NODES, '', name) === undefined,
  };
}

/** First and last address that the plugin may give to pods of a node. Source: `plugins/ipam/host-local` */
function rangeSet({ spec }: Node): string {
  const [, a = 10, b = 0, c = 0, d = 0, bits = 24] =
    /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(spec?.podCIDR ?? '')?.map(Number) ?? [];
  const first = ((a * 256 + b) * 256 + c) * 256 + d;
  const dotted = (address: number) =>
    [16_777_216, 65_536, 256, 1].map((unit) => Math.floor(address / unit) % 256).join('.');
  return `${dotted(first + 1)}-${dotted(first + 2 ** (32 - bits) - 2)}`;
}
