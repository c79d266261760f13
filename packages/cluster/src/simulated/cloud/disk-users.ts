/** Keeps the users of listed disks in step with what is attached to the cluster's nodes. */
import { PERSISTENT_VOLUMES, VOLUME_ATTACHMENTS } from '../api/built-in-types.ts';
import { diskNameOf } from '../controllers/persistent-volume/cloud-disk.ts';
import type { SimulationContext } from '../simulation-context.ts';
import { isChangeOf } from '../store/object-index.ts';
import { attachDisk, detachDisk } from './disks.ts';

/** What was attached when the cluster began stands in the recorded listing. */
export function startDiskUsers({ api, clock, cloud }: SimulationContext): void {
  if (cloud === undefined) return;
  api.store.listen((change) => {
    if (!isChangeOf(change, VOLUME_ATTACHMENTS) || change.kind === 'ADDED') return;
    const { nodeName = '', source } = change.object.spec ?? {};
    const volume = api.store.get(PERSISTENT_VOLUMES, '', source?.persistentVolumeName ?? '');
    const disk = volume === undefined ? source?.persistentVolumeName : diskNameOf(volume);
    if (disk === undefined) return;
    if (change.kind === 'DELETED') detachDisk(cloud, disk, nodeName, clock.now);
    else if (change.object.status?.attached === true) attachDisk(cloud, disk, nodeName);
  });
}
