/**
 * What the registration of Google's CSI driver leaves on a node of the cloud: a CSINode with the number of disks that it takes, and the
 * driver's own label of its zone. Recorded nodes are left as they were.
 * Source: https://kubernetes-csi.github.io/docs/csi-node-object.html; `pkg/volume/csi/nodeinfomanager`
 */
import type { KindMap } from '../../../model/kinds.ts';
import { DISK_DRIVER } from '../../../cloud/disk-need.ts';
import { machineType } from '../../../cloud/machine-types.ts';
import { CSI_NODES, NODES } from '../../api/built-in-types.ts';
import type { SimulationContext } from '../../simulation-context.ts';
import { isChangeOf } from '../../store/object-index.ts';
import type { Controller } from '../controller.ts';

type Node = KindMap['Node'];

const ZONE = 'topology.kubernetes.io/zone';
const DRIVER_ZONE = 'topology.gke.io/zone';
const NODE_IDS = 'csi.volume.kubernetes.io/nodeid';
/** Families of the fourth generation. Source: https://cloud.google.com/compute/docs/disks/hyperdisks#max-total-disks-per-vm */
const NEW_FAMILIES: ReadonlySet<string> = new Set(['c4', 'c4a', 'c4d', 'n4', 'n4d']);

export function csiNodeController({ api, clock, cloud }: SimulationContext): Controller {
  const startedAt = Math.floor(clock.now / 1000) * 1000;
  const isNew = ({ metadata }: Node) => Date.parse(metadata.creationTimestamp ?? '') >= startedAt;
  return {
    name: 'csi-node-registrar',
    needs: ['storage.k8s.io/CSINode'],
    keysOf: (change) =>
      cloud !== undefined && isChangeOf(change, NODES) && change.kind === 'ADDED' && isNew(change.object)
        ? [change.object.metadata.name]
        : [],
    reconcile: (name) => {
      const node = api.store.get(NODES, '', name);
      const zone = node?.metadata.labels?.[ZONE];
      if (cloud === undefined || node === undefined || zone === undefined) return undefined;
      const nodeID = `projects/${cloud.project}/zones/${zone}/instances/${name}`;
      api.change(NODES, '', name, (one) => ({
        ...one,
        metadata: {
          ...one.metadata,
          labels: { ...one.metadata.labels, [DRIVER_ZONE]: zone },
          annotations: { ...one.metadata.annotations, [NODE_IDS]: JSON.stringify({ [DISK_DRIVER]: nodeID }) },
        },
      }));
      if (api.store.get(CSI_NODES, '', name) === undefined) api.create(CSI_NODES, csiNodeOf(node, nodeID));
      return undefined;
    },
  };
}

function csiNodeOf({ metadata }: Node, nodeID: string): KindMap['CSINode'] {
  const { name, uid = '', labels } = metadata;
  const count = attachLimitOf(labels?.['node.kubernetes.io/instance-type'] ?? '');
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'CSINode',
    metadata: { name, ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name, uid }] },
    spec: { drivers: [{ name: DISK_DRIVER, nodeID, topologyKeys: [DRIVER_ZONE], allocatable: { count } }] },
  };
}

/** How many disks a machine takes beside its boot disk. Source: https://cloud.google.com/compute/docs/disks/persistent-disks#max_disks */
export function attachLimitOf(name: string): number {
  const type = machineType(name);
  if (type === undefined) return 127;
  if (NEW_FAMILIES.has(type.family)) return type.vcpus <= 8 ? 15 : 31;
  return type.sustainedMillis < type.vcpus * 1000 ? 15 : 127;
}
