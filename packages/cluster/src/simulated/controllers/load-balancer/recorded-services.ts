/** Services that a recorded cluster had: their load balancers are there, and those that wait go on waiting as before. */
import { headroom } from '../../../cloud/quota-headroom.ts';
import type { CloudSnapshot } from '../../../cloud/cloud.ts';
import { serviceOfRule } from '../../../cloud/parse-addresses.ts';
import type { Event, Service } from '../../../model/kinds.ts';
import { timeOf } from '../../../snapshot/event-time.ts';
import { EVENTS } from '../../api/built-in-types.ts';
import { EPHEMERAL } from '../../cloud/fronts.ts';
import type { QuotaExceeded } from '../../cloud/quota-exceeded.ts';
import { SimulatedCloud } from '../../cloud/simulated-cloud.ts';
import type { SimulationContext } from '../../simulation-context.ts';
import { keyOf } from '../object-key.ts';
import { dialectOf, servedBy, type Dialect } from './dialect.ts';
import { needsCleanup } from './needs-update.ts';
import { isWaiting, quotaOf, refusalOnRecord, type RecordedRefusal } from './recorded-waits.ts';
import { ownerOf, refusalOf, requestOf } from './service-front.ts';
import { addressOf } from './service-status.ts';

/** Where a controller stands with a Service that waits. */
export interface Wait {
  readonly failures: number;
  /** Epoch milliseconds. */
  readonly notBefore: number;
}

/** Something unknown that refuses a Service; `free` is what was free of the quota that the refusal names. */
interface Hold {
  readonly words: string;
  readonly quota?: QuotaExceeded;
  readonly free?: number;
}

/** How long a Service may be without events and address and still be in the making. */
const MAKING_MS = 120_000;

export class RecordedServices {
  readonly #context: SimulationContext;
  readonly #cloud: SimulatedCloud;
  readonly #begin: CloudSnapshot;
  readonly #startAt: number;
  readonly #waiting = new Set<string>();
  readonly #holds = new Map<string, Hold>();
  #events: ReadonlyMap<string, readonly Event[]> | undefined;

  constructor(context: SimulationContext, cloud: SimulatedCloud) {
    this.#context = context;
    this.#cloud = cloud;
    this.#begin = cloud.snapshot;
    this.#startAt = Math.floor(context.clock.now / 1000) * 1000;
  }

  /** Whether an object was there before time began. */
  isRecorded({ metadata }: { readonly metadata: Service['metadata'] }): boolean {
    return (timeOf(metadata.creationTimestamp) ?? 0) < this.#startAt;
  }

  /** Takes in a Service that is recorded, and returns whether it is. */
  take(service: Service): boolean {
    if (!this.isRecorded(service)) return false;
    const dialect = dialectOf(service) ?? (needsCleanup(service) ? servedBy(service) : undefined);
    if (dialect === undefined) return true;
    this.#adopt(service, dialect);
    if (isWaiting(service) && dialectOf(service) !== undefined) this.#waiting.add(keyOf(service));
    return true;
  }

  /** Takes up the wait of a recorded Service at its first look; nothing happens for others, and for those that nobody serves. */
  await(key: string, service: Service, dialect: Dialect, begin: (wait: Wait) => void): void {
    if (!this.#waiting.delete(key)) return;
    const { now } = this.#context.clock;
    const events = this.#eventsOf(key);
    const refusal = refusalOnRecord(events, dialect);
    const verdict = this.#verdict(key, service, dialect, refusal);
    if (refusal !== undefined) begin({ failures: refusal.count, notBefore: nextAttempt(refusal, dialect, now) });
    else if (now - (timeOf(service.metadata.creationTimestamp) ?? 0) < MAKING_MS)
      begin({ failures: 0, notBefore: now });
    else if (verdict && isServed(service, dialect)) {
      const [, longest] = dialect.backOff;
      begin({ failures: 32, notBefore: now + longest });
    }
  }

  /** What keeps a Service waiting although the cloud would grant it. */
  refusalOf(key: string): string | undefined {
    const hold = this.#holds.get(key);
    if (hold === undefined || this.#cloud.hasGranted(hold.words)) return undefined;
    if (hold.quota === undefined || hold.free === undefined) return hold.words;
    return this.#free(hold.quota) > hold.free ? undefined : hold.words;
  }

  forget(key: string): void {
    this.#waiting.delete(key);
    this.#holds.delete(key);
  }

  #adopt(service: Service, dialect: Dialect): void {
    const key = keyOf(service);
    const known = addressOf(service);
    const rules = (this.#begin.forwardingRules ?? []).filter(
      (rule) => serviceOfRule(rule) === key || rule.ipAddress === known,
    );
    const address = known ?? rules[0]?.ipAddress;
    if (address === undefined) return;
    const wanted = { ...service, spec: { ...service.spec, type: 'LoadBalancer' } };
    const { needs, scope } = requestOf(wanted, dialect, this.#cloud, address);
    const ruleNames = rules.map(({ name }) => name);
    this.#cloud.fronts.adopt(ownerOf(service), { scope, address, ruleNames, needs, addressNeeds: EPHEMERAL[scope] });
  }

  /** Whether the cloud would have refused it when it was recorded; what would not have been refused is held by something unknown. */
  #verdict(key: string, service: Service, dialect: Dialect, refusal: RecordedRefusal | undefined): boolean {
    const then = new SimulatedCloud(this.#begin);
    const quota = refusal === undefined ? undefined : quotaOf(refusal.words, then.region);
    for (const cloud of [then, this.#cloud]) if (quota !== undefined) cloud.assumeFull(quota);
    if (refusalOf(service, dialect, then, Infinity) !== undefined) return true;
    if (refusal !== undefined) {
      const free = quota === undefined ? undefined : headroom(then.quotas, quota.metric, quota.region)?.free;
      const about = quota === undefined || free === undefined ? {} : { quota, free };
      this.#holds.set(key, { words: refusal.words, ...about });
    }
    return false;
  }

  #free({ metric, region }: QuotaExceeded): number {
    return headroom(this.#cloud.quotas, metric, region)?.free ?? 0;
  }

  #eventsOf(key: string): readonly Event[] {
    if (this.#events === undefined) {
      const events = new Map<string, Event[]>();
      for (const event of this.#context.api.store.list(EVENTS)) {
        const { kind, namespace = '', name = '' } = event.involvedObject ?? {};
        if (kind !== 'Service') continue;
        const about = `${namespace}/${name}`;
        const known = events.get(about);
        if (known === undefined) events.set(about, [event]);
        else known.push(event);
      }
      this.#events = events;
    }
    return this.#events.get(key) ?? [];
  }
}

/** When the controller would try again, had it gone on in the rhythm of its last failure. */
function nextAttempt({ count, lastAt }: RecordedRefusal, { backOff: [first, longest] }: Dialect, now: number): number {
  const delayMs = Math.min(longest, first * 2 ** (count - 1));
  const sinceMs = Math.max(0, now - lastAt);
  return now + delayMs - (lastAt === 0 ? 0 : sinceMs % delayMs);
}

function isServed({ metadata }: Service, { finalizers }: Dialect): boolean {
  return (metadata.finalizers ?? []).some((finalizer) => finalizers.includes(finalizer));
}
