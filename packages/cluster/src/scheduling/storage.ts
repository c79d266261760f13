/**
 * Persistent storage as the scheduler's volume filters see it.
 * Source: https://kubernetes.io/docs/concepts/storage/persistent-volumes/ and
 * https://kubernetes.io/docs/concepts/storage/storage-classes/#volume-binding-mode
 */
import { namespacedName } from '../model/resource-ref.ts';
import { wholeUnits } from '../model/quantity.ts';
import type { KindMap, PersistentVolume, PersistentVolumeClaim } from '../model/kinds.ts';
import { matchesSelector, type Labels } from '../model/selector.ts';
import type { ClusterSnapshot } from '../snapshot/snapshot.ts';
import { matchesNodeTerms } from './node-terms.ts';
import type { ClaimUse } from './pod-profile.ts';

type StorageClass = KindMap['StorageClass'];

/** What is known of one claim that a pod uses. */
export type Claim =
  /** Claims, or what they lead to, were not read: nothing can be said. */
  | { readonly state: 'unknown' }
  /** No node will do until this is repaired; `text` is the scheduler's. */
  | { readonly state: 'unusable'; readonly text: string }
  /** Bound; `volume` is `undefined` when the PersistentVolume does not exist. */
  | { readonly state: 'bound'; readonly claim: PersistentVolumeClaim; readonly volume: PersistentVolume | undefined }
  /** Binds when its pod is scheduled. */
  | { readonly state: 'delayed'; readonly claim: PersistentVolumeClaim; readonly storageClass: StorageClass };

/** A claim that binds when its pod is scheduled. */
export type DelayedClaim = Extract<Claim, { state: 'delayed' }>;
/** Volume by claim (`namespace/name`). */
export type Reservations = ReadonlyMap<string, string>;

/** A volume that counts against a driver's limit of a node. */
export interface Attachment {
  readonly driver: string;
  readonly id: string;
}

const UNKNOWN: Claim = { state: 'unknown' };
export const UNBOUND = 'pod has unbound immediate PersistentVolumeClaims';

/** Where storage objects are looked up. */
export interface StorageObjects extends Pick<ClusterSnapshot, 'get' | 'list'> {
  /** What was not read: `kind:storage.k8s.io/StorageClass`. */
  readonly missing: readonly { readonly input: string }[];
}

/** The storage objects of a cluster, with what they mean for pods; answers are kept. */
export class Storage {
  readonly #snapshot: StorageObjects;
  readonly #claims = new Map<string, Claim>();
  #available: ReadonlyMap<string, readonly PersistentVolume[]> | undefined;

  constructor(snapshot: StorageObjects) {
    this.#snapshot = snapshot;
  }

  /** Looks everything up anew from now on. */
  forget(): void {
    this.#claims.clear();
    this.#available = undefined;
  }

  claim(namespace: string, use: ClaimUse): Claim {
    const key = `${namespace}/${use.name}`;
    const known = this.#claims.get(key);
    if (known !== undefined) return known;
    const claim = this.#judge(namespace, use);
    this.#claims.set(key, claim);
    return claim;
  }

  /** The volume a claim attaches to a node, when a CSI driver does it. */
  attachment(namespace: string, use: ClaimUse): Attachment | undefined {
    const known = this.claim(namespace, use);
    if (known.state === 'bound' && known.volume !== undefined) return attachmentOf(known.volume);
    // A disk that is still to be made counts as well, under the name of its claim.
    if (known.state === 'delayed')
      return { driver: driverOf(known.storageClass.provisioner ?? ''), id: `claim ${namespace}/${use.name}` };
    return undefined;
  }

  /** How many volumes of each driver a node takes, from its CSINode; drivers without a limit are absent. */
  limitsOf(node: string): ReadonlyMap<string, number> {
    const limits = new Map<string, number>();
    for (const { name, allocatable } of this.#snapshot.get('CSINode', '', node)?.spec?.drivers ?? []) {
      if (allocatable?.count !== undefined) limits.set(name, allocatable.count);
    }
    return limits;
  }

  /**
   * Free volumes for claims that bind late, by claim (`namespace/name`), smallest first as the scheduler picks them; a claim
   * that is not in the answer gets a volume made for it. `undefined` when a claim can have neither on a node with these
   * labels. `reserved` are volumes that claims of other pods have been promised already.
   */
  bind(
    claims: readonly DelayedClaim[],
    node: string,
    labels: Labels,
    reserved: Reservations,
  ): Reservations | undefined {
    const found = new Map<string, string>();
    const taken = new Set(reserved.values());
    for (const delayed of claims.toSorted((a, b) => sizeOf(a.claim) - sizeOf(b.claim))) {
      const { claim, storageClass } = delayed;
      const selected = claim.metadata.annotations?.['volume.kubernetes.io/selected-node'];
      if (selected !== undefined && selected !== node) return undefined;
      const volume = selected === undefined ? this.#freeVolume(delayed, labels, taken, reserved) : undefined;
      if (volume !== undefined) {
        taken.add(volume.metadata.name);
        found.set(namespacedName(claim), volume.metadata.name);
      } else if (!canProvision(storageClass, labels)) return undefined;
    }
    return found;
  }

  #freeVolume(
    { claim, storageClass }: DelayedClaim,
    labels: Labels,
    taken: ReadonlySet<string>,
    reserved: Reservations,
  ): PersistentVolume | undefined {
    const own = reserved.get(namespacedName(claim));
    const fitting = this.#availableOf(storageClass.metadata.name).filter(
      (volume) =>
        (own === undefined ? !taken.has(volume.metadata.name) : own === volume.metadata.name) &&
        serves(volume, claim) &&
        reachable(volume, labels),
    );
    return fitting.reduce<PersistentVolume | undefined>((best, volume) => {
      if (volume.spec?.claimRef !== undefined) return volume;
      if (best?.spec?.claimRef !== undefined) return best;
      return best === undefined || capacityOf(volume) < capacityOf(best) ? volume : best;
    }, undefined);
  }

  #judge(namespace: string, { name, ephemeral }: ClaimUse): Claim {
    const claim = this.#snapshot.get('PersistentVolumeClaim', namespace, name);
    if (claim === undefined) {
      if (this.#unread('PersistentVolumeClaim')) return UNKNOWN;
      return unusable(
        ephemeral
          ? `waiting for ephemeral volume controller to create the persistentvolumeclaim "${name}"`
          : `persistentvolumeclaim "${name}" not found`,
      );
    }
    const bound = claim.spec?.volumeName ?? '';
    if (claim.status?.phase === 'Lost')
      return unusable(`persistentvolumeclaim "${name}" bound to non-existent persistentvolume "${bound}"`);
    if (claim.metadata.deletionTimestamp !== undefined)
      return unusable(`persistentvolumeclaim "${name}" is being deleted`);
    return isBound(claim) ? this.#bound(claim, bound) : this.#unbound(claim);
  }

  #bound(claim: PersistentVolumeClaim, name: string): Claim {
    const volume = this.#snapshot.get('PersistentVolume', '', name);
    return volume === undefined && this.#unread('PersistentVolume') ? UNKNOWN : { state: 'bound', claim, volume };
  }

  #unbound(claim: PersistentVolumeClaim): Claim {
    const name = classOf(claim);
    const storageClass = this.#snapshot.get('StorageClass', '', name);
    if (storageClass === undefined && name !== '' && this.#unread('StorageClass')) return UNKNOWN;
    if (storageClass?.volumeBindingMode !== 'WaitForFirstConsumer' || (claim.spec?.volumeName ?? '') !== '')
      return unusable(UNBOUND);
    return { state: 'delayed', claim, storageClass };
  }

  /** Absence proves nothing for kinds that the snapshot says were not read. */
  #unread(kind: keyof KindMap): boolean {
    if (this.#snapshot.list(kind).length > 0) return false;
    return this.#snapshot.missing.some(
      ({ input }) => input === `kind:${kind}` || (input.startsWith('kind:') && input.endsWith(`/${kind}`)),
    );
  }

  #availableOf(storageClass: string): readonly PersistentVolume[] {
    this.#available ??= Map.groupBy(
      this.#snapshot
        .list('PersistentVolume')
        .filter(({ metadata, status }) => status?.phase === 'Available' && metadata.deletionTimestamp === undefined),
      (volume) => volume.spec?.storageClassName ?? '',
    );
    return this.#available.get(storageClass) ?? [];
  }
}

/** Whether a volume may be used from a node with these labels, by its own node affinity. */
export function reachable(volume: PersistentVolume, labels: Labels): boolean {
  const terms = volume.spec?.nodeAffinity?.required?.nodeSelectorTerms;
  return volume.spec?.nodeAffinity?.required === undefined || matchesNodeTerms(terms ?? [], '', labels);
}

function unusable(text: string): Claim {
  return { state: 'unusable', text };
}

function classOf(claim: PersistentVolumeClaim): string {
  return claim.metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? claim.spec?.storageClassName ?? '';
}

/** Bound from both sides: the claim names a volume, and the binding was completed. */
function isBound({ metadata, spec, status }: PersistentVolumeClaim): boolean {
  if ((spec?.volumeName ?? '') === '') return false;
  return status?.phase === 'Bound' || metadata.annotations?.['pv.kubernetes.io/bind-completed'] !== undefined;
}

/** Drivers that took over in-tree volume types, with the field that names the volume. */
const MIGRATED: readonly (readonly [type: string, field: string, provisioner: string, driver: string])[] = [
  ['gcePersistentDisk', 'pdName', 'kubernetes.io/gce-pd', 'pd.csi.storage.gke.io'],
  ['awsElasticBlockStore', 'volumeID', 'kubernetes.io/aws-ebs', 'ebs.csi.aws.com'],
  ['azureDisk', 'diskName', 'kubernetes.io/azure-disk', 'disk.csi.azure.com'],
  ['cinder', 'volumeID', 'kubernetes.io/cinder', 'cinder.csi.openstack.org'],
  ['vsphereVolume', 'volumePath', 'kubernetes.io/vsphere-volume', 'csi.vsphere.vmware.com'],
];

function attachmentOf({ spec }: PersistentVolume): Attachment | undefined {
  if (spec?.csi !== undefined) return { driver: spec.csi.driver ?? '', id: spec.csi.volumeHandle ?? '' };
  for (const [type, field, , driver] of MIGRATED) {
    // Admission checks few of these types, so nothing is certain about the name.
    const source = (spec as Readonly<Record<string, unknown>> | undefined)?.[type];
    if (typeof source === 'object' && source !== null)
      return { driver, id: String((source as Readonly<Record<string, unknown>>)[field]) };
  }
  return undefined;
}

/** The CSI driver behind a provisioner: in-tree ones are carried out by drivers since 1.23–1.27, others are drivers themselves. */
export function driverOf(provisioner: string): string {
  return MIGRATED.find(([, , old]) => old === provisioner)?.[3] ?? provisioner;
}

function sizeOf(claim: PersistentVolumeClaim): number {
  return wholeUnits(claim.spec?.resources?.requests?.['storage'] ?? 0) ?? 0;
}

function capacityOf(volume: PersistentVolume): number {
  return wholeUnits(volume.spec?.capacity?.['storage'] ?? 0) ?? 0;
}

/** Whether an available volume satisfies a claim of its class: free for it, large enough, same modes, selected. */
function serves(volume: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  const { claimRef, accessModes = [], volumeMode = 'Filesystem' } = volume.spec ?? {};
  const { name, namespace } = claim.metadata;
  if (claimRef !== undefined && (claimRef.name !== name || claimRef.namespace !== namespace)) return false;
  if (capacityOf(volume) < sizeOf(claim) || volumeMode !== (claim.spec?.volumeMode ?? 'Filesystem')) return false;
  if (!(claim.spec?.accessModes ?? []).every((mode) => accessModes.includes(mode))) return false;
  return claim.spec?.selector === undefined || matchesSelector(claim.spec.selector, volume.metadata.labels);
}

/** Whether the class can make a volume for a node: it has a provisioner, and the node lies in `allowedTopologies`. */
function canProvision({ provisioner, allowedTopologies }: StorageClass, labels: Labels): boolean {
  if (provisioner === '' || provisioner === undefined || provisioner === 'kubernetes.io/no-provisioner') return false;
  const terms: unknown = allowedTopologies;
  if (!Array.isArray(terms) || terms.length === 0) return true;
  return terms.some((term: unknown) => isTopologyOf(term, labels));
}

/** Admission does not check `allowedTopologies`; what cannot be read restricts nothing. */
function isTopologyOf(term: unknown, labels: Labels): boolean {
  const expressions = (term as { matchLabelExpressions?: unknown } | null)?.matchLabelExpressions;
  if (!Array.isArray(expressions)) return true;
  return expressions.every((expression: unknown) => {
    const { key, values } = (expression ?? {}) as { key?: unknown; values?: unknown };
    if (typeof key !== 'string' || !Array.isArray(values)) return true;
    const own = labels[key];
    return own !== undefined && values.includes(own);
  });
}
