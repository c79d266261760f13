/**
 * Attaches volumes of CSI drivers to the nodes of the pods that use them, and detaches them after.
 * Source: https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/volume-attachment-v1/; `pkg/controller/volume/attachdetach`
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { KindMap, PersistentVolume, Pod } from '../../../model/kinds.ts';
import { isFinished } from '../../../scheduling/pod-owner.ts';
import {
  CSI_DRIVERS,
  NODES,
  PERSISTENT_VOLUME_CLAIMS,
  PERSISTENT_VOLUMES,
  PODS,
  VOLUME_ATTACHMENTS,
} from '../../api/built-in-types.ts';
import type { SimulationContext } from '../../simulation-context.ts';
import { isChangeOf, ObjectIndex } from '../../store/object-index.ts';
import type { Change } from '../../store/object-store.ts';
import type { Controller } from '../controller.ts';
import { namesOf } from '../object-key.ts';
import { Undertakings } from '../undertakings.ts';
import { claimKeysOf, StorageIndex } from '../persistent-volume/storage-index.ts';

type Attachment = KindMap['VolumeAttachment'];

const ATTACH_MS = 1000;
const DETACH_MS = 1000;
/** A node that nobody hears of may still write. Source: `maxWaitForUnmountDuration` */
const SILENT_DETACH_MS = 360_000;
const SOURCE = { component: 'attachdetach-controller' };

export function attachDetachController(context: SimulationContext): Controller {
  const attacher = new Attacher(context);
  return {
    name: 'persistentvolume-attach-detach-controller',
    needs: ['/Pod', '/PersistentVolume', '/PersistentVolumeClaim', 'storage.k8s.io/VolumeAttachment'],
    keysOf: (change) => attacher.keysOf(change),
    reconcile: (key) => {
      const [node = '', volume = ''] = key.split(' ');
      return attacher.look(node, volume);
    },
  };
}

class Attacher {
  readonly #context: SimulationContext;
  readonly #storage: StorageIndex;
  readonly #attachments: ObjectIndex<Attachment>;
  readonly #begun = new Undertakings();
  /** Where a conflict was told of already. */
  readonly #told = new Set<string>();

  constructor(context: SimulationContext) {
    const { store } = context.api;
    this.#context = context;
    this.#storage = StorageIndex.of(store);
    this.#attachments = new ObjectIndex(store, VOLUME_ATTACHMENTS, ({ spec }) => [
      spec?.source.persistentVolumeName ?? '',
    ]);
  }

  /** `node volume` of all that a change concerns. */
  keysOf(change: Change): readonly string[] {
    if (isChangeOf(change, PODS)) {
      const { object, previous, kind } = change;
      const isSame =
        previous?.spec?.nodeName === object.spec?.nodeName && previous?.status?.phase === object.status?.phase;
      if ((object.spec?.nodeName ?? '') === '' || (kind === 'MODIFIED' && isSame)) return [];
      return claimKeysOf(object).flatMap((claim) => this.#keys([object], this.#volumeOf(claim)));
    }
    if (isChangeOf(change, PERSISTENT_VOLUME_CLAIMS)) {
      const { namespace = '', name } = change.object.metadata;
      return this.#keys(this.#storage.users.get(`${namespace}/${name}`), change.object.spec?.volumeName);
    }
    if (!isChangeOf(change, VOLUME_ATTACHMENTS) || change.kind === 'MODIFIED') return [];
    const volume = change.object.spec?.source.persistentVolumeName ?? '';
    const claim = this.#claimOf(volume);
    const own = `${change.object.spec?.nodeName ?? ''} ${volume}`;
    return claim === undefined ? [own] : [...new Set([own, ...this.#keys(this.#storage.users.get(claim), volume)])];
  }

  look(node: string, name: string): number | undefined {
    const { api } = this.#context;
    const key = `${node} ${name}`;
    const volume = api.store.get(PERSISTENT_VOLUMES, '', name);
    const attachment = [...this.#attachments.get(name)].find(({ spec }) => spec?.nodeName === node);
    const users = this.#users(name).filter((pod) => pod.spec?.nodeName === node);
    if (users.length === 0) return attachment === undefined ? undefined : this.#detach(key, node, attachment);
    if (volume?.spec?.csi === undefined || !this.#needsAttaching(volume.spec.csi.driver)) return undefined;
    if (attachment === undefined) return this.#attach(key, node, volume, users);
    if (attachment.status?.attached === true) {
      this.#begun.forget(key);
      return undefined;
    }
    const leftMs = this.#begun.leftMs(key, ATTACH_MS, this.#context.clock.now);
    return leftMs > 0 ? leftMs : this.#attached(node, volume, attachment, users);
  }

  #attach(key: string, node: string, volume: PersistentVolume, users: readonly Pod[]): number | undefined {
    const { name } = volume.metadata;
    const isElsewhere = [...this.#attachments.get(name)].length > 0;
    if (isElsewhere && isExclusive(volume)) {
      if (!this.#told.has(key)) this.#tellOfConflict(node, name, users);
      this.#told.add(key);
      return undefined;
    }
    this.#told.delete(key);
    const { driver = '', volumeHandle = '' } = volume.spec?.csi ?? {};
    this.#context.api.create(VOLUME_ATTACHMENTS, {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'VolumeAttachment',
      metadata: {
        name: `csi-${bytesToHex(sha256(utf8ToBytes(`${volumeHandle}${driver}${node}`)))}`,
        annotations: { 'csi.alpha.kubernetes.io/node-id': node },
      },
      spec: { attacher: driver, nodeName: node, source: { persistentVolumeName: name } },
    });
    return this.#begun.leftMs(key, ATTACH_MS, this.#context.clock.now);
  }

  #attached(node: string, volume: PersistentVolume, { metadata }: Attachment, users: readonly Pod[]): undefined {
    const { api, events } = this.#context;
    api.changeStatus(VOLUME_ATTACHMENTS, '', metadata.name, (one) => ({ ...one, status: { attached: true } }));
    const name = deviceName(volume);
    this.#setAttached(node, (known) => [...known.filter((one) => one.name !== name), { devicePath: '', name }]);
    const text = `AttachVolume.Attach succeeded for volume ${JSON.stringify(volume.metadata.name)} `;
    // Pods that run already, as in a recorded cluster, have long had it.
    for (const pod of users)
      if (pod.status?.phase !== 'Running') events.record(pod, 'Normal', 'SuccessfulAttachVolume', text, SOURCE);
    return undefined;
  }

  #detach(key: string, node: string, { metadata, spec }: Attachment): number | undefined {
    const { api } = this.#context;
    const object = api.store.get(NODES, '', node);
    const isHeard =
      object?.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
    const isOut =
      object?.spec?.taints?.some(({ key: taint }) => taint === 'node.kubernetes.io/out-of-service') ?? false;
    const leftMs = this.#begun.leftMs(
      key,
      isHeard || isOut || object === undefined ? DETACH_MS : SILENT_DETACH_MS,
      this.#context.clock.now,
    );
    if (leftMs > 0) return leftMs;
    api.delete(VOLUME_ATTACHMENTS, '', metadata.name);
    const volume = api.store.get(PERSISTENT_VOLUMES, '', spec?.source.persistentVolumeName ?? '');
    if (volume !== undefined)
      this.#setAttached(node, (known) => known.filter(({ name }) => name !== deviceName(volume)));
    return undefined;
  }

  /** Why the pods of a node must wait: who has the volume, as far as these may know. */
  #tellOfConflict(node: string, volume: string, users: readonly Pod[]): void {
    const others = this.#users(volume).filter((pod) => pod.spec?.nodeName !== node);
    for (const pod of users) {
      const { namespace } = pod.metadata;
      const near = others
        .filter(({ metadata }) => metadata.namespace === namespace)
        .map(({ metadata }) => metadata.name);
      const by =
        near.length === 0
          ? "Volume is already exclusively attached to one node and can't be attached to another"
          : `Volume is already used by pod(s) ${near.join(', ')}`;
      const text = `Multi-Attach error for volume ${JSON.stringify(volume)} ${by}`;
      this.#context.events.record(pod, 'Warning', 'FailedAttachVolume', text, SOURCE);
    }
  }

  #setAttached(node: string, change: (known: readonly AttachedVolume[]) => readonly AttachedVolume[]): void {
    const { api } = this.#context;
    if (api.store.get(NODES, '', node) === undefined) return;
    api.changeStatus(NODES, '', node, (one) => ({
      ...one,
      status: { ...one.status, volumesAttached: change(one.status?.volumesAttached ?? []) },
    }));
  }

  #needsAttaching(driver: string): boolean {
    const object = this.#context.api.store.get(CSI_DRIVERS, '', driver);
    return (object as { spec?: { attachRequired?: boolean } } | undefined)?.spec?.attachRequired !== false;
  }

  /** Pods on nodes that use a volume and have not ended. */
  #users(volume: string): readonly Pod[] {
    const claim = this.#claimOf(volume);
    const pods = claim === undefined ? [] : [...this.#storage.users.get(claim)];
    return pods.filter((pod) => (pod.spec?.nodeName ?? '') !== '' && !isFinished(pod));
  }

  #claimOf(volume: string): string | undefined {
    const { claimRef } = this.#context.api.store.get(PERSISTENT_VOLUMES, '', volume)?.spec ?? {};
    return claimRef === undefined ? undefined : `${claimRef.namespace ?? ''}/${claimRef.name ?? ''}`;
  }

  #volumeOf(claim: string): string | undefined {
    return this.#context.api.store.get(PERSISTENT_VOLUME_CLAIMS, ...namesOf(claim))?.spec?.volumeName;
  }

  #keys(pods: Iterable<Pod>, volume: string | undefined): readonly string[] {
    if ((volume ?? '') === '') return [];
    return [...pods].flatMap(({ spec }) => (spec?.nodeName === undefined ? [] : [`${spec.nodeName} ${volume ?? ''}`]));
  }
}

type AttachedVolume = NonNullable<NonNullable<KindMap['Node']['status']>['volumesAttached']>[number];

function isExclusive({ spec }: PersistentVolume): boolean {
  return !(spec?.accessModes ?? []).some((mode) => mode === 'ReadWriteMany' || mode === 'ReadOnlyMany');
}

function deviceName({ spec }: PersistentVolume): string {
  return `kubernetes.io/csi/${spec?.csi?.driver ?? ''}^${spec?.csi?.volumeHandle ?? ''}`;
}
