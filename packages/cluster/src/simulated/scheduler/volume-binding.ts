/**
 * Pods whose claims bind when they are scheduled: the scheduler says on which node, and binds the pod once their volumes are there.
 * Source: https://kubernetes.io/docs/concepts/storage/storage-classes/#volume-binding-mode; `plugins/volumebinding`
 */
import type { PersistentVolumeClaim } from '../../model/kinds.ts';
import { namespacedName } from '../../model/resource-ref.ts';
import type { DelayedClaim, Reservations } from '../../scheduling/storage.ts';
import { ApiError } from '../api/api-error.ts';
import { PERSISTENT_VOLUME_CLAIMS, PERSISTENT_VOLUMES, PODS } from '../api/built-in-types.ts';
import type { Timer } from '../clock/virtual-clock.ts';
import type { SimulationContext } from '../simulation-context.ts';
import type { QueuedPod } from './scheduling-queue.ts';

/** What is to be done when the volumes are there, or will not come. */
export interface VolumeOutcome {
  bound(queued: QueuedPod, nodeName: string): void;
  failed(queued: QueuedPod, message: string): void;
}

type VolumeBindingContext = Pick<SimulationContext, 'api' | 'clock'>;

interface Waiting {
  readonly queued: QueuedPod;
  readonly nodeName: string;
  /** `namespace/name`. */
  readonly claims: readonly string[];
  readonly timer: Timer;
}

const SELECTED_NODE = 'volume.kubernetes.io/selected-node';
/** Source: `VolumeBindingArgs.bindTimeoutSeconds` */
const TIMEOUT_MS = 600_000;

export class VolumeBinding {
  readonly #context: VolumeBindingContext;
  readonly #outcome: VolumeOutcome;
  /** Claim → pods that wait for it. */
  readonly #byClaim = new Map<string, Set<Waiting>>();

  constructor(context: VolumeBindingContext, outcome: VolumeOutcome) {
    this.#context = context;
    this.#outcome = outcome;
  }

  /** Has volumes bound or made for a node; `promised` are those that are there already, by claim. */
  begin(queued: QueuedPod, nodeName: string, claims: readonly DelayedClaim[], promised: Reservations): void {
    const timer = this.#context.clock.after(TIMEOUT_MS, () => this.#fail(waiting, 'context deadline exceeded'));
    const waiting: Waiting = { queued, nodeName, claims: claims.map(({ claim }) => namespacedName(claim)), timer };
    for (const key of waiting.claims) this.#byClaim.set(key, (this.#byClaim.get(key) ?? new Set()).add(waiting));
    try {
      for (const { claim } of claims) this.#begin(claim, nodeName, promised.get(namespacedName(claim)));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#fail(waiting, error.message);
    }
  }

  /** Looks after the pods that wait for a claim, soon. */
  claimChanged(key: string): void {
    if (!this.#byClaim.has(key)) return;
    this.#context.clock.after(0, () => {
      for (const waiting of this.#byClaim.get(key) ?? []) this.#look(waiting);
    });
  }

  #begin(claim: PersistentVolumeClaim, nodeName: string, volumeName: string | undefined): void {
    const { api } = this.#context;
    const { name, namespace = '', uid = '', resourceVersion = '' } = claim.metadata;
    if (volumeName === undefined) {
      api.change(PERSISTENT_VOLUME_CLAIMS, namespace, name, (one) => ({
        ...one,
        metadata: { ...one.metadata, annotations: { ...one.metadata.annotations, [SELECTED_NODE]: nodeName } },
      }));
      return;
    }
    const claimRef = { kind: 'PersistentVolumeClaim', namespace, name, uid, apiVersion: 'v1', resourceVersion };
    api.change(PERSISTENT_VOLUMES, '', volumeName, (one) => ({
      ...one,
      metadata: {
        ...one.metadata,
        annotations: { ...one.metadata.annotations, 'pv.kubernetes.io/bound-by-controller': 'yes' },
      },
      spec: { ...one.spec, claimRef: one.spec?.claimRef?.uid === undefined ? claimRef : one.spec.claimRef },
    }));
  }

  #look(waiting: Waiting): void {
    const { api } = this.#context;
    const { queued, claims, nodeName } = waiting;
    const { name, namespace = '', uid } = queued.profile.pod.metadata;
    if (api.store.get(PODS, namespace, name)?.metadata.uid !== uid) return this.#forget(waiting);
    const found = claims.map((key) =>
      api.store.get(PERSISTENT_VOLUME_CLAIMS, namespace, key.slice(namespace.length + 1)),
    );
    if (found.every((claim) => claim?.status?.phase === 'Bound')) {
      this.#forget(waiting);
      return this.#outcome.bound(queued, nodeName);
    }
    const lost = found.find(
      (claim) => claim === undefined || !isUnderWay(claim, nodeName, api.store.list(PERSISTENT_VOLUMES)),
    );
    if (lost !== undefined) this.#fail(waiting, `provisioning failed for PVC "${lost.metadata.name}"`);
  }

  #fail(waiting: Waiting, why: string): void {
    this.#forget(waiting);
    this.#outcome.failed(waiting.queued, `running PreBind plugin "VolumeBinding": binding volumes: ${why}`);
  }

  #forget(waiting: Waiting): void {
    waiting.timer.cancel();
    for (const key of waiting.claims) {
      const there = this.#byClaim.get(key);
      there?.delete(waiting);
      if (there?.size === 0) this.#byClaim.delete(key);
    }
  }
}

/** A provisioner that fails takes the selected node away again. */
function isUnderWay(
  { metadata, spec }: PersistentVolumeClaim,
  nodeName: string,
  volumes: Iterable<{ readonly spec?: { readonly claimRef?: { readonly uid?: string } } }>,
): boolean {
  if ((spec?.volumeName ?? '') !== '' || metadata.annotations?.[SELECTED_NODE] === nodeName) return true;
  for (const { spec: volume } of volumes) if (volume?.claimRef?.uid === metadata.uid) return true;
  return false;
}
