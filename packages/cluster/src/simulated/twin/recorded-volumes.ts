/** What recorded events tell of storage systems: classes of which no volume can be made, and why. */
import type { ClusterSnapshot } from '../../snapshot/snapshot.ts';
import { sameJson } from '../../snapshot/diff.ts';
import { STORAGE_CLASSES } from '../api/built-in-types.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { BehaviourRow } from '../kubelet/behaviour-table.ts';

const REFUSAL = /failed to provision volume with StorageClass "([^"]+)": (.+)$/s;
/** The quotas of the cloud say that themselves. */
const QUOTA = /quota/i;

/** By the name of the class, why a volume for a claim that waits could not be made. */
export function provisioningErrors(snapshot: ClusterSnapshot): ReadonlyMap<string, string> {
  const errors = new Map<string, string>();
  for (const { reason, message = '', involvedObject } of snapshot.list('Event')) {
    const [, storageClass, why] = (reason === 'ProvisioningFailed' && REFUSAL.exec(message)) || [];
    if (storageClass === undefined || why === undefined || QUOTA.test(why)) continue;
    const { namespace = '', name = '' } = involvedObject ?? {};
    if (snapshot.get('PersistentVolumeClaim', namespace, name)?.status?.phase === 'Pending')
      errors.set(storageClass, why);
  }
  return errors;
}

/** Classes that could give no volume go on so, for new claims too, until somebody makes the class anew with other parameters. */
export function recordedVolumes(snapshot: ClusterSnapshot, store: ObjectStore): BehaviourRow | undefined {
  const errors = provisioningErrors(snapshot);
  if (errors.size === 0) return undefined;
  return {
    volume: ({ storageClass }) => {
      const provisionError = errors.get(storageClass);
      const was = snapshot.get('StorageClass', '', storageClass)?.parameters;
      const is = store.get(STORAGE_CLASSES, '', storageClass)?.parameters;
      return provisionError === undefined || !sameJson(was ?? {}, is ?? {}) ? undefined : { provisionError };
    },
  };
}
