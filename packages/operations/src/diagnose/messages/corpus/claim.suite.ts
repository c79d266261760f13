/** Claims and volumes: each text with who writes it since when, and what must be read from it. */
import type { ClaimCause, ClaimMessage } from '../claim.ts';
import type { Row } from './corpus-row.ts';

const of = (versions: string, cause: ClaimCause, text: string, more: Partial<ClaimMessage> = {}): Row<ClaimMessage> => [
  versions,
  text,
  { cause, ...more },
];

export const rows: readonly Row<ClaimMessage>[] = [
  of('1.14–1.36', 'no-class', 'no persistent volumes available for this claim and no storage class is set'),
  of('1.14–1.36', 'class-missing', 'storageclass.storage.k8s.io "fast" not found', { storageClass: 'fast' }),
  of('1.14–1.36', 'waits-for-pod', 'waiting for first consumer to be created before binding'),
  of('1.20–1.36', 'waits-for-pod', 'waiting for pod web-0 to be scheduled'),
  of(
    '1.14–1.27',
    'waits-for-provisioner',
    'waiting for a volume to be created, either by external provisioner "pd.csi.storage.gke.io" or manually created by system administrator',
    { driver: 'pd.csi.storage.gke.io' },
  ),
  of(
    '1.28–1.36',
    'waits-for-provisioner',
    "Waiting for a volume to be created either by the external provisioner 'pd.csi.storage.gke.io' or manually by the system administrator.",
    { driver: 'pd.csi.storage.gke.io' },
  ),
  of('1.14–1.36', 'mismatch', 'volume "pv-1" already bound to a different claim.', { volume: 'pv-1' }),
  of('1.14–1.36', 'lost', 'Bound claim has lost its PersistentVolume. Data on the volume is lost!'),
  of(
    '1.14–1.36',
    'resize',
    'resize volume "pvc-1" by resizer "pd.csi.storage.gke.io" failed: rpc error: code = Internal',
    { volume: 'pvc-1', driver: 'pd.csi.storage.gke.io' },
  ),
  of(
    '1.14–1.36',
    'cloud',
    `failed to provision volume with StorageClass "ssd": rpc error: code = ResourceExhausted desc = CreateVolume failed: Quota 'SSD_TOTAL_GB' exceeded.  Limit: 250.0 in region us-central1.`,
    { storageClass: 'ssd' },
  ),
  of(
    '1.14–1.36',
    'cloud',
    'Failed to provision volume with StorageClass "ssd": googleapi: Error 400: Invalid value for field',
    { storageClass: 'ssd' },
  ),
  of(
    '1.14–1.36',
    'timeout',
    'failed to provision volume with StorageClass "ssd": rpc error: code = DeadlineExceeded desc = context deadline exceeded',
    { storageClass: 'ssd' },
  ),
  of('1.14–1.36', 'other', 'failed to provision volume with StorageClass "ssd": something new', {
    storageClass: 'ssd',
  }),
  ['all', 'Successfully provisioned volume pvc-1', undefined],
];
