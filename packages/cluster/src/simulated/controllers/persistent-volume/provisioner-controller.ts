/**
 * What runs beside a CSI driver in a real cluster: makes volumes for claims, and deletes them when their claims are gone.
 * Source: https://kubernetes.io/docs/concepts/storage/dynamic-provisioning/; https://kubernetes-csi.github.io/docs/external-provisioner.html
 */
import { entryOf } from '../../../model/unknown-json.ts';
import type { KindMap, PersistentVolume, PersistentVolumeClaim } from '../../../model/kinds.ts';
import { driverOf } from '../../../scheduling/storage.ts';
import {
  CSI_DRIVERS,
  NODES,
  PERSISTENT_VOLUME_CLAIMS,
  PERSISTENT_VOLUMES,
  STORAGE_CLASSES,
} from '../../api/built-in-types.ts';
import type { SimulationContext } from '../../simulation-context.ts';
import { isChangeOf } from '../../store/object-index.ts';
import type { Change } from '../../store/object-store.ts';
import type { Controller } from '../controller.ts';
import { keyOf, namesOf } from '../object-key.ts';
import { Undertakings } from '../undertakings.ts';
import { PROVISIONED_BY, PROVISIONER, SELECTED_NODE } from './binder-controller.ts';
import { classOfClaim } from './volume-match.ts';

type StorageClass = KindMap['StorageClass'];
type NodeAffinity = NonNullable<NonNullable<PersistentVolume['spec']>['nodeAffinity']>;

const ZONE = 'topology.kubernetes.io/zone';
const HOSTNAME = 'kubernetes.io/hostname';
const FINALIZER = 'external-provisioner.volume.kubernetes.io/finalizer';
const PROVISION_MS = 2000;
const DELETE_MS = 1000;
const RETRY_MS = 15_000;
/** Drivers that are there without a CSIDriver object; each with the node label by which its volumes are bound to a place. */
const DRIVERS: Readonly<Record<string, string>> = {
  'pd.csi.storage.gke.io': ZONE,
  'filestore.csi.storage.gke.io': '',
  'ebs.csi.aws.com': ZONE,
  'efs.csi.aws.com': '',
  'disk.csi.azure.com': ZONE,
  'file.csi.azure.com': '',
  'cinder.csi.openstack.org': ZONE,
  'csi.vsphere.vmware.com': '',
  'rancher.io/local-path': HOSTNAME,
  'k8s.io/minikube-hostpath': '',
  'hostpath.csi.k8s.io': HOSTNAME,
};
const LOCAL: ReadonlySet<string> = new Set(['rancher.io/local-path', 'k8s.io/minikube-hostpath']);

export function volumeProvisioner(context: SimulationContext): Controller {
  const provisioner = new Provisioner(context);
  return {
    name: 'external-provisioner',
    needs: ['/PersistentVolume', '/PersistentVolumeClaim', 'storage.k8s.io/StorageClass'],
    keysOf,
    reconcile: (key) => (key.startsWith('volume ') ? provisioner.clear(key.slice(7)) : provisioner.provision(key)),
  };
}

class Provisioner {
  readonly #context: SimulationContext;
  readonly #begun = new Undertakings();

  constructor(context: SimulationContext) {
    this.#context = context;
  }

  /** Makes the volume of a claim that asks for one. */
  provision(key: string): number | undefined {
    const { api, behaviours, clock } = this.#context;
    const claim = api.store.get(PERSISTENT_VOLUME_CLAIMS, ...namesOf(key));
    const storageClass = claim === undefined ? undefined : api.store.get(STORAGE_CLASSES, '', classOfClaim(claim));
    const isOurs =
      claim !== undefined && isAsked(claim) && storageClass !== undefined && isKnown(this.#context, storageClass);
    if (!isOurs || api.store.get(PERSISTENT_VOLUMES, '', volumeNameOf(claim)) !== undefined) {
      this.#begun.forget(key);
      return undefined;
    }
    const driver = driverOf(storageClass.provisioner ?? '');
    const place = {
      namespace: claim.metadata.namespace ?? '',
      claim: claim.metadata.name,
      storageClass: storageClass.metadata.name,
      driver,
    };
    const { provisionMs = PROVISION_MS, provisionError } = behaviours.volume?.({ ...place, at: clock.now }) ?? {};
    if (!this.#begun.has(key)) {
      const text = `External provisioner is provisioning volume for claim ${JSON.stringify(key)}`;
      this.#tell(claim, driver, 'Normal', 'Provisioning', text);
    }
    const leftMs = this.#begun.leftMs(key, provisionMs, this.#context.clock.now);
    if (leftMs > 0) return leftMs;
    if (provisionError !== undefined) {
      const text = `failed to provision volume with StorageClass ${JSON.stringify(place.storageClass)}: ${provisionError}`;
      this.#tell(claim, driver, 'Warning', 'ProvisioningFailed', text);
      return RETRY_MS;
    }
    const text = `Successfully provisioned volume ${volumeNameOf(claim)}`;
    this.#tell(claim, driver, 'Normal', 'ProvisioningSucceeded', text);
    api.create(PERSISTENT_VOLUMES, volumeFor(this.#context, claim, storageClass, driver));
    return undefined;
  }

  /** Deletes a volume that was made here and is released. */
  clear(name: string): number | undefined {
    const { api } = this.#context;
    const volume = api.store.get(PERSISTENT_VOLUMES, '', name);
    const isOver = volume?.status?.phase === 'Released' && volume.spec?.persistentVolumeReclaimPolicy === 'Delete';
    if (!isOver || volume.metadata.annotations?.[PROVISIONED_BY] === undefined) return undefined;
    const leftMs = this.#begun.leftMs(`volume ${name}`, DELETE_MS, this.#context.clock.now);
    if (leftMs > 0) return leftMs;
    api.delete(PERSISTENT_VOLUMES, '', name);
    if (api.store.get(PERSISTENT_VOLUMES, '', name) === undefined) return undefined;
    api.change(PERSISTENT_VOLUMES, '', name, (one) => {
      const finalizers = (one.metadata.finalizers ?? []).filter((finalizer) => finalizer !== FINALIZER);
      return { ...one, metadata: { ...one.metadata, finalizers } };
    });
    return undefined;
  }

  #tell(claim: PersistentVolumeClaim, driver: string, type: 'Normal' | 'Warning', reason: string, text: string): void {
    this.#context.events.record(claim, type, reason, text, { component: `${driver}_${driver}-controller` });
  }
}

function volumeNameOf({ metadata }: PersistentVolumeClaim): string {
  return `pvc-${metadata.uid ?? ''}`;
}

function keysOf(change: Change): readonly string[] {
  if (isChangeOf(change, PERSISTENT_VOLUME_CLAIMS)) return [keyOf(change.object)];
  return isChangeOf(change, PERSISTENT_VOLUMES) ? [`volume ${change.object.metadata.name}`] : [];
}

/** The binder asks through an annotation. */
function isAsked({ metadata, spec }: PersistentVolumeClaim): boolean {
  const isOpen = (spec?.volumeName ?? '') === '' && metadata.deletionTimestamp === undefined;
  return isOpen && metadata.annotations?.[PROVISIONER] !== undefined;
}

function isKnown({ api }: SimulationContext, { provisioner = '' }: StorageClass): boolean {
  const driver = driverOf(provisioner);
  return entryOf(DRIVERS, driver) !== undefined || api.store.get(CSI_DRIVERS, '', driver) !== undefined;
}

function volumeFor(
  context: SimulationContext,
  claim: PersistentVolumeClaim,
  storageClass: StorageClass,
  driver: string,
): PersistentVolume {
  const { name, namespace = '', uid = '', resourceVersion = '' } = claim.metadata;
  const volumeName = volumeNameOf(claim);
  const { parameters, mountOptions, reclaimPolicy = 'Delete' } = storageClass;
  const nodeAffinity = placeFor(context, claim, storageClass, entryOf(DRIVERS, driver) ?? ZONE);
  const spec = {
    accessModes: claim.spec?.accessModes ?? [],
    capacity: { storage: claim.spec?.resources?.requests?.['storage'] ?? '0' },
    claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name, namespace, resourceVersion, uid },
    ...(LOCAL.has(driver)
      ? {
          hostPath: {
            path: `/var/local-path-provisioner/${volumeName}_${namespace}_${name}`,
            type: 'DirectoryOrCreate',
          },
        }
      : { csi: { driver, fsType: parameters?.['csi.storage.k8s.io/fstype'] ?? 'ext4', volumeHandle: volumeName } }),
    ...(mountOptions === undefined ? {} : { mountOptions }),
    ...(nodeAffinity === undefined ? {} : { nodeAffinity }),
    persistentVolumeReclaimPolicy: reclaimPolicy,
    storageClassName: storageClass.metadata.name,
    volumeMode: claim.spec?.volumeMode ?? 'Filesystem',
  };
  const annotations = {
    [PROVISIONED_BY]: driver,
    'volume.kubernetes.io/provisioner-deletion-secret-name': '',
    'volume.kubernetes.io/provisioner-deletion-secret-namespace': '',
  };
  const metadata = {
    name: volumeName,
    annotations,
    ...(reclaimPolicy === 'Delete' ? { finalizers: [FINALIZER] } : {}),
  };
  return { apiVersion: 'v1', kind: 'PersistentVolume', metadata, spec };
}

/** Where the volume lies: near the node that the scheduler chose, else in a zone that is allowed. */
function placeFor(
  { api: { store } }: SimulationContext,
  { metadata }: PersistentVolumeClaim,
  { allowedTopologies }: StorageClass,
  key: string,
): NodeAffinity | undefined {
  if (key === '') return undefined;
  const selected = metadata.annotations?.[SELECTED_NODE];
  const chosen = selected === undefined ? undefined : store.get(NODES, '', selected)?.metadata.labels?.[key];
  const allowed = (allowedTopologies ?? [])
    .flatMap(({ matchLabelExpressions = [] }) => matchLabelExpressions)
    .find((expression) => expression.key === key)?.values;
  const value = chosen ?? pick(allowed ?? labelValues(store.list(NODES), key), metadata.name);
  if (value === undefined) return undefined;
  return { required: { nodeSelectorTerms: [{ matchExpressions: [{ key, operator: 'In', values: [value] }] }] } };
}

function labelValues(nodes: Iterable<KindMap['Node']>, key: string): readonly string[] {
  const values = new Set<string>();
  for (const { metadata } of nodes) {
    const value = metadata.labels?.[key];
    if (value !== undefined) values.add(value);
  }
  return [...values].sort();
}

/** Claims of a StatefulSet are spread over the zones by their ordinals. */
function pick(values: readonly string[], name: string): string | undefined {
  if (values.length === 0) return undefined;
  const ordinal = /-(\d+)$/.exec(name)?.[1];
  const base = [...name.replace(/-\d+$/, '')].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 65_521, 7);
  return values[(base + Number(ordinal ?? 0)) % values.length];
}
