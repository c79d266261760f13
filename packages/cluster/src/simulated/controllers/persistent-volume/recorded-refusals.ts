/**
 * What the storage of a recorded cluster refused: it goes on refusing in the same words, until something else is asked of it. Quotas that were
 * read are asked instead, since they tell when there is enough.
 */
import type { Event, KindMap, PersistentVolumeClaim } from '../../../model/kinds.ts';
import { EVENTS } from '../../api/built-in-types.ts';
import type { SimulationContext } from '../../simulation-context.ts';
import { keyOf } from '../object-key.ts';

type StorageClass = KindMap['StorageClass'];

/** Reasons of events that tell of it, with what stands before the driver's words. */
const FAILURES = {
  ProvisioningFailed: /^failed to provision volume with StorageClass "[^"]*": (?=rpc error: )/i,
  VolumeResizeFailed: /^resize volume "[^"]*" by resizer "[^"]*" failed: /,
} as const;

interface Refusal {
  readonly words: string | undefined;
  /** What was asked for. */
  readonly asked: string;
}

export class RecordedRefusals {
  readonly #context: SimulationContext;
  readonly #reason: keyof typeof FAILURES;
  readonly #startedAt: number;
  readonly #known = new Map<string, Refusal>();

  constructor(context: SimulationContext, reason: keyof typeof FAILURES) {
    this.#context = context;
    this.#reason = reason;
    this.#startedAt = Math.floor(context.clock.now / 1000) * 1000;
  }

  /** The driver's words for a claim that was refused when it was recorded, and asks for the same still. */
  wordsFor(claim: PersistentVolumeClaim, storageClass: StorageClass | undefined): string | undefined {
    if (!this.#isRecorded(claim) || (storageClass !== undefined && !this.#isRecorded(storageClass))) return undefined;
    const asked = JSON.stringify([claim.metadata.uid, claim.spec, storageClass?.provisioner, storageClass?.parameters]);
    const key = keyOf(claim);
    const known = this.#known.get(key) ?? { words: this.#recorded(claim), asked };
    this.#known.set(key, known);
    return known.asked === asked && !this.#isJudged(known.words) ? known.words : undefined;
  }

  /** Whether it was there before anything was changed here; a class without a time was, since made ones get theirs. */
  #isRecorded({ metadata }: PersistentVolumeClaim | StorageClass): boolean {
    return !(Date.parse(metadata.creationTimestamp ?? '') >= this.#startedAt);
  }

  #recorded({ metadata: { namespace = '', name } }: PersistentVolumeClaim): string | undefined {
    let latest: Event | undefined;
    for (const event of this.#context.api.store.list(EVENTS, namespace)) {
      const isMeant = event.involvedObject?.kind === 'PersistentVolumeClaim' && event.involvedObject.name === name;
      if (!isMeant || event.reason !== this.#reason || !FAILURES[this.#reason].test(event.message ?? '')) continue;
      if (latest === undefined || (event.lastTimestamp ?? '') >= (latest.lastTimestamp ?? '')) latest = event;
    }
    return latest?.message?.replace(FAILURES[this.#reason], '');
  }

  /** Whether the cloud itself knows the quota that they name. */
  #isJudged(words: string | undefined): boolean {
    const metric = /Quota '([A-Z0-9_]+)' exceeded/.exec(words ?? '')?.[1];
    return this.#context.cloud?.snapshot.quotas?.some((quota) => quota.metric === metric) === true;
  }
}
