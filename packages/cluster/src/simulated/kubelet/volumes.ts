/**
 * Whether the volumes of a pod can be mounted. Source: https://kubernetes.io/docs/concepts/storage/volumes/; `pkg/volume/configmap`,
 * `pkg/volume/secret`, `pkg/volume/projected`; `pkg/kubelet/volumemanager`
 */
import type { Pod } from '../../model/kinds.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { CSI_DRIVERS, PERSISTENT_VOLUME_CLAIMS, PERSISTENT_VOLUMES } from '../api/built-in-types.ts';
import { SYNC_RETRY_MS } from './images.ts';
import { dataOf, isAbsent } from './container-config.ts';
import { tell, wake, type Kubelet, type PodRuntime } from './pod-runtime.ts';

type Volume = NonNullable<NonNullable<Pod['spec']>['volumes']>[number];
type Item = { readonly key: string };

/** Delays between tries. Source: `pkg/volume/util/nestedpendingoperations`, `exponentialbackoff`. */
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 122_000;
/** Then the whole pod counts as failed to mount, once. Source: `podAttachAndMountTimeout`. */
const TIMEOUT_MS = 123_000;

/** Why a volume is not mounted. */
interface Unmounted {
  readonly volume: string;
  /** As the event says it; `''` while it only waits. */
  readonly error: string;
  /** It is not attached to the node yet. */
  readonly isDetached: boolean;
  /** The claim itself is not usable. */
  readonly processing?: string;
}

/** Mounts what is not mounted; afterwards {@link PodRuntime.mounted} says whether all is. */
export function mountVolumes(kubelet: Kubelet, pod: PodRuntime): void {
  if (pod.mounted) return;
  const { now } = kubelet.clock;
  if (stayStuck(kubelet, pod)) return;
  const waiting = unmountedOf(kubelet, pod);
  if (waiting.length === 0) {
    pod.mounted = true;
    pod.mounting = undefined;
    return;
  }
  pod.mounting ??= { since: now, retryAt: now, delayMs: FIRST_RETRY_MS, giveUpAt: now + TIMEOUT_MS };
  const { mounting } = pod;
  if (mounting.retryAt <= now) {
    for (const { error } of waiting) if (error !== '') tell(kubelet, pod, 'Warning', 'FailedMount', error);
    mounting.retryAt = now + mounting.delayMs;
    mounting.delayMs = Math.min(LONGEST_RETRY_MS, mounting.delayMs * 2);
  }
  if (mounting.giveUpAt <= now) {
    tell(kubelet, pod, 'Warning', 'FailedMount', timedOut(waiting));
    mounting.giveUpAt = now + TIMEOUT_MS + SYNC_RETRY_MS;
  }
  wake(pod, Math.min(mounting.retryAt, mounting.giveUpAt));
}

/** A recorded pod that did not start, for a reason that lies outside of the objects, goes on not starting. */
function stayStuck(kubelet: Kubelet, pod: PodRuntime): boolean {
  const { stuck } = pod;
  if (stuck === undefined) return false;
  const { now } = kubelet.clock;
  pod.mounting ??= { since: now, retryAt: now + LONGEST_RETRY_MS, delayMs: LONGEST_RETRY_MS, giveUpAt: Infinity };
  if (pod.mounting.retryAt <= now) {
    if (stuck.reason !== '') tell(kubelet, pod, 'Warning', stuck.reason, stuck.message);
    pod.mounting.retryAt = now + LONGEST_RETRY_MS;
  }
  wake(pod, pod.mounting.retryAt);
  return true;
}

function timedOut(waiting: readonly Unmounted[]): string {
  const names = (some: readonly Unmounted[]) => `[${some.map(({ volume }) => volume).join(' ')}]`;
  const processing = waiting.filter((one) => one.processing !== undefined);
  const error = processing.map((one) => one.processing as string)[0] ?? 'context deadline exceeded';
  return (
    `Unable to attach or mount volumes: unmounted volumes=${names(waiting)}, ` +
    `unattached volumes=${names(waiting.filter(({ isDetached }) => isDetached))}, ` +
    `failed to process volumes=${names(processing)}: ${error}`
  );
}

/** Volumes that no container uses are not mounted at all. */
function unmountedOf(kubelet: Kubelet, pod: PodRuntime): readonly Unmounted[] {
  const { volumes = [] } = pod.object.spec ?? {};
  if (volumes.length === 0) return [];
  const used = new Set(
    pod.containers.flatMap(({ spec: { volumeMounts = [], volumeDevices = [] } }) =>
      [...volumeMounts, ...volumeDevices].map(({ name }) => name),
    ),
  );
  return volumes.filter(({ name }) => used.has(name)).flatMap((volume) => unmounted(kubelet, pod, volume) ?? []);
}

function unmounted(kubelet: Kubelet, pod: PodRuntime, volume: Volume): Unmounted | undefined {
  const claim = claimOf(pod, volume);
  if (claim !== undefined) return unmountedClaim(kubelet, pod, volume.name, claim);
  const error = setUpError(kubelet, pod, volume) ?? brokenMount(kubelet, pod, volume);
  if (error === undefined) return undefined;
  return {
    volume: volume.name,
    error: `MountVolume.SetUp failed for volume "${volume.name}" : ${error}`,
    isDetached: false,
  };
}

function setUpError(kubelet: Kubelet, pod: PodRuntime, { configMap, secret, projected }: Volume): string | undefined {
  if (configMap !== undefined)
    return configMapError(kubelet, pod, configMap.name ?? '', configMap.optional, configMap.items);
  if (secret !== undefined) return secretError(kubelet, pod, secret.secretName ?? '', secret.optional, secret.items);
  const errors = (projected?.sources ?? []).flatMap(({ configMap: map, secret: own }) => {
    const error =
      map !== undefined
        ? configMapError(kubelet, pod, map.name ?? '', map.optional, map.items)
        : own && secretError(kubelet, pod, own.name ?? '', own.optional, own.items);
    return error ?? [];
  });
  if (errors.length === 0) return undefined;
  return errors.length === 1 ? errors[0] : `[${errors.join(', ')}]`;
}

/** Published in every namespace; a recorded cluster need not have it. Source: `root-ca-certificate-publisher-controller` */
const ROOT_CA = 'kube-root-ca.crt';

function configMapError(
  kubelet: Kubelet,
  pod: PodRuntime,
  name: string,
  optional = false,
  items: readonly Item[] = [],
) {
  if (name === ROOT_CA) return undefined;
  const data = dataOf(kubelet, pod, 'ConfigMap', name);
  if (data === undefined)
    return optional || !isAbsent(kubelet, 'ConfigMap', data) ? undefined : `configmap "${name}" not found`;
  const missing = optional ? undefined : items.find(({ key }) => !Object.hasOwn(data, key));
  return missing && `configmap references non-existent config key: ${missing.key}`;
}

function secretError(kubelet: Kubelet, pod: PodRuntime, name: string, optional = false, items: readonly Item[] = []) {
  const data = dataOf(kubelet, pod, 'Secret', name);
  if (data === undefined)
    return optional || !isAbsent(kubelet, 'Secret', data) ? undefined : `secret "${name}" not found`;
  const missing = optional ? undefined : items.find(({ key }) => !Object.hasOwn(data, key));
  return missing && `references non-existent secret key: ${missing.key}`;
}

/** What the machine's behaviour says of this type of volume. */
function brokenMount(kubelet: Kubelet, pod: PodRuntime, volume: Volume): string | undefined {
  const errors = kubelet.behaviours.node?.(pod.node.name).mountErrors;
  if (errors === undefined) return undefined;
  const type = Object.keys(volume).find((field) => field !== 'name') ?? 'emptyDir';
  return errors[volume.csi?.driver ?? type];
}

/** Name of the claim behind a volume, also of the one that an ephemeral volume makes. */
function claimOf(
  { object: { metadata } }: PodRuntime,
  { name, persistentVolumeClaim, ephemeral }: Volume,
): string | undefined {
  return persistentVolumeClaim?.claimName ?? (ephemeral === undefined ? undefined : `${metadata.name}-${name}`);
}

function unmountedClaim(kubelet: Kubelet, pod: PodRuntime, volume: string, name: string): Unmounted | undefined {
  const { store } = kubelet.api;
  const namespace = pod.object.metadata.namespace ?? '';
  const claim = store.get(PERSISTENT_VOLUME_CLAIMS, namespace, name);
  const waits = { volume, error: '', isDetached: true };
  const fault = (why: string) => ({
    ...waits,
    isDetached: false,
    processing: `error processing PVC ${namespace}/${name}: ${why}`,
  });
  if (claim === undefined)
    return fault(`failed to fetch PVC from API server: persistentvolumeclaims "${name}" not found`);
  if (claim.metadata.deletionTimestamp !== undefined) return fault('PVC is being deleted');
  const pv = claim.spec?.volumeName ?? '';
  if (pv === '' || claim.status?.phase !== 'Bound') return fault('PVC is not bound');
  const { driver, volumeHandle = '' } = store.get(PERSISTENT_VOLUMES, '', pv)?.spec?.csi ?? {};
  if (driver !== undefined && isDetached(kubelet, pod, driver, volumeHandle)) return waits;
  const errors = kubelet.behaviours.node?.(pod.node.name).mountErrors;
  const error = kubelet.recorded.damagedVolumes.get(pv) ?? errors?.[driver ?? '*'] ?? errors?.['*'];
  return error === undefined
    ? undefined
    : { volume, error: `MountVolume.MountDevice failed for volume "${pv}" : ${error}`, isDetached: false };
}

/** Kinds without which nobody attaches anything in a recorded cluster. */
const ATTACHING = ['/PersistentVolume', '/PersistentVolumeClaim', 'storage.k8s.io/VolumeAttachment'];

/** A volume whose driver attaches it has to be on the node's list first. */
function isDetached(
  { api: { store }, unread }: Kubelet,
  { node }: PodRuntime,
  driver: string,
  handle: string,
): boolean {
  const attaches = (store.get(CSI_DRIVERS, '', driver) as Driver | undefined)?.spec?.attachRequired !== false;
  if (!attaches || ATTACHING.some((kind) => unread.has(kind))) return false;
  const device = `kubernetes.io/csi/${driver}^${handle}`;
  return node.object?.status?.volumesAttached?.some(({ name }) => name === device) !== true;
}

type Driver = KubeObject & { readonly spec?: { readonly attachRequired?: boolean } };
