/** Which disks are attached to which node. */
import { driverOf, type ClusterSnapshot, type Pod } from '@aia/cluster';
import { claimNamesOf } from './claim-users.ts';

/** Names of PersistentVolumes by `node driver`: those attached, and those of unfinished pods on the node. */
export function disksByNode(
  snapshot: ClusterSnapshot,
  podsOn: (node: string) => readonly Pod[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const disks = new Map<string, Set<string>>();
  const add = (node: string, driver: string, volume: string): void => {
    const key = `${node} ${driver}`;
    const known = disks.get(key);
    if (known === undefined) disks.set(key, new Set([volume]));
    else known.add(volume);
  };
  for (const { spec } of snapshot.list('VolumeAttachment')) {
    const volume = spec?.source?.persistentVolumeName;
    if (volume !== undefined) add(spec?.nodeName ?? '', spec?.attacher ?? '', volume);
  }
  for (const { metadata } of snapshot.list('CSINode')) {
    for (const pod of podsOn(metadata.name)) {
      for (const claim of claimNamesOf(pod)) {
        const volume = volumeOf(snapshot, pod.metadata.namespace ?? '', claim);
        if (volume !== undefined) add(metadata.name, volume.driver, volume.name);
      }
    }
  }
  return disks;
}

function volumeOf(snapshot: ClusterSnapshot, namespace: string, claim: string) {
  const name = snapshot.get('PersistentVolumeClaim', namespace, claim)?.spec?.volumeName;
  const spec = name === undefined ? undefined : snapshot.get('PersistentVolume', '', name)?.spec;
  if (name === undefined || spec === undefined) return undefined;
  const driver =
    spec.csi?.driver ?? (spec.gcePersistentDisk === undefined ? undefined : driverOf('kubernetes.io/gce-pd'));
  return driver === undefined ? undefined : { name, driver };
}
