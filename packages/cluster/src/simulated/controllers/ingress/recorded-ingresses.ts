/** Ingresses that a recorded cluster had: those with an address hold it, the others go on failing as they did. */
import { backendsOfIngress, ingressScope } from '../../../cloud/http-front-need.ts';
import { ingressOfRule } from '../../../cloud/parse-addresses.ts';
import type { CloudSnapshot } from '../../../cloud/cloud.ts';
import type { Event } from '../../../model/kinds.ts';
import { eventCount, eventTime, timeOf } from '../../../snapshot/event-time.ts';
import { EVENTS } from '../../api/built-in-types.ts';
import { EPHEMERAL } from '../../cloud/fronts.ts';
import type { SimulatedCloud } from '../../cloud/simulated-cloud.ts';
import type { SimulationContext } from '../../simulation-context.ts';
import { keyOf } from '../object-key.ts';
import { backendPort } from './ingress-backends.ts';
import { backendNeeds, ownerOf, planOf, requestOf, type Ingress } from './ingress-front.ts';
import type { SharedBackends } from './shared-backends.ts';

const FAILED = /^Error (?:syncing to GCP|during sync): /;
const RESYNC_MS = 600_000;
/** How long an Ingress may be without events and address and still be in the making. */
const MAKING_MS = 600_000;

/** Where the controller stands with an Ingress. */
export interface Wait {
  readonly failures: number;
  /** Epoch milliseconds. */
  readonly notBefore: number;
}

export class RecordedIngresses {
  readonly #context: SimulationContext;
  readonly #cloud: SimulatedCloud;
  readonly #backends: SharedBackends;
  readonly #begin: CloudSnapshot;
  readonly #startAt: number;
  /** Those not looked at yet. */
  readonly #fresh = new Set<string>();
  readonly #known = new Set<string>();
  readonly #words = new Map<string, string>();

  constructor(context: SimulationContext, cloud: SimulatedCloud, backends: SharedBackends) {
    this.#context = context;
    this.#cloud = cloud;
    this.#backends = backends;
    this.#begin = cloud.snapshot;
    this.#startAt = Math.floor(context.clock.now / 1000) * 1000;
  }

  /** Takes in an Ingress that is recorded, and returns whether it is. */
  take(ingress: Ingress): boolean {
    if ((timeOf(ingress.metadata.creationTimestamp) ?? 0) >= this.#startAt) return false;
    const key = keyOf(ingress);
    if (ingressScope(ingress) === undefined) return true;
    this.#fresh.add(key);
    this.#known.add(key);
    this.#adoptFront(ingress);
    return true;
  }

  /** Whether it is as it was recorded. */
  has(key: string): boolean {
    return this.#known.has(key);
  }

  /** When to look again, at the first look at a recorded one; `nobody` where no controller serves it. */
  await(key: string, ingress: Ingress): Wait | 'nobody' | undefined {
    if (!this.#fresh.delete(key)) return undefined;
    const { now } = this.#context.clock;
    const events = this.#eventsOf(key);
    const last = Math.max(0, ...events.map(eventTime));
    if (this.#cloud.fronts.get(ownerOf(ingress)) !== undefined) {
      this.#adoptBackends(ingress);
      return { failures: 0, notBefore: now + RESYNC_MS - (last === 0 ? 0 : Math.max(0, now - last) % RESYNC_MS) };
    }
    const failed = events.filter(({ type, message }) => type === 'Warning' && FAILED.test(message ?? ''));
    const newest = failed.sort((a, b) => eventTime(b) - eventTime(a))[0];
    if (newest !== undefined) this.#words.set(key, (newest.message ?? '').replace(FAILED, ''));
    const isServed = events.length > 0 || (ingress.metadata.finalizers ?? []).length > 0;
    if (events.length === 0 && now - (timeOf(ingress.metadata.creationTimestamp) ?? 0) > MAKING_MS) return 'nobody';
    if (!isServed) return undefined;
    const failures = newest === undefined ? 0 : Math.max(18, eventCount(newest));
    return { failures, notBefore: now + (newest === undefined ? 0 : RESYNC_MS) };
  }

  /** What kept it waiting on record, for as long as it is as it was. */
  refusalOf(key: string): string | undefined {
    return this.#words.get(key);
  }

  /** The cloud would refuse it anyway, so that nothing else need keep it. */
  explain(key: string): void {
    this.#words.delete(key);
  }

  forget(key: string): void {
    this.#fresh.delete(key);
    this.#known.delete(key);
    this.#words.delete(key);
  }

  #adoptFront(ingress: Ingress): void {
    const key = keyOf(ingress);
    const known = ingress.status?.loadBalancer?.ingress?.[0]?.ip;
    const rules = (this.#begin.forwardingRules ?? []).filter(
      (rule) => ingressOfRule(rule) === key || rule.ipAddress === known,
    );
    const address = known ?? rules[0]?.ipAddress;
    const tls = new Set((ingress.spec?.tls ?? []).map(({ secretName }) => secretName));
    const plan = planOf(ingress, [], tls.size, this.#cloud);
    if (address === undefined || plan === undefined) return;
    const { needs, scope } = requestOf(ingress, plan, this.#cloud, address);
    const ruleNames = rules.map(({ name }) => name);
    this.#cloud.fronts.adopt(ownerOf(ingress), { scope, address, ruleNames, needs, addressNeeds: EPHEMERAL[scope] });
  }

  /** Its backends are there as well; Services are read by now. */
  #adoptBackends(ingress: Ingress): void {
    const { store } = this.#context.api;
    const name = this.#cloud.snapshot.cluster?.name ?? '';
    const ports = backendsOfIngress(ingress).map((backend) => backendPort(store, backend, name));
    const plan = planOf(
      ingress,
      ports.filter((port) => typeof port !== 'string'),
      0,
      this.#cloud,
    );
    if (plan !== undefined) this.#backends.adopt(ownerOf(ingress), backendNeeds(plan, this.#cloud));
  }

  #eventsOf(key: string): readonly Event[] {
    return [...this.#context.api.store.list(EVENTS, key.slice(0, key.indexOf('/')))].filter(
      ({ involvedObject }) =>
        involvedObject?.kind === 'Ingress' && `${involvedObject.namespace ?? ''}/${involvedObject.name ?? ''}` === key,
    );
  }
}
