/**
 * Ingresses of GKE's own controller: HTTP load balancers, for as long as quotas last.
 * Source: https://cloud.google.com/kubernetes-engine/docs/concepts/ingress; `ingress-gce/pkg/controller`
 */
import { backendsOfIngress, ingressScope } from '../../../cloud/http-front-need.ts';
import { sameJson } from '../../../snapshot/diff.ts';
import { INGRESSES, SECRETS, SERVICES } from '../../api/built-in-types.ts';
import type { SimulatedCloud } from '../../cloud/simulated-cloud.ts';
import type { SimulationContext } from '../../simulation-context.ts';
import { isChangeOf, ObjectIndex } from '../../store/object-index.ts';
import type { Change } from '../../store/object-store.ts';
import { unlessGone } from '../claim.ts';
import type { Controller } from '../controller.ts';
import { keyOf, namesOf } from '../object-key.ts';
import { Undertakings } from '../undertakings.ts';
import { EndpointGroups } from './endpoint-groups.ts';
import { backendHealth, backendPort, type BackendPort } from './ingress-backends.ts';
import {
  backendNeeds,
  givenAnnotations,
  ownerOf,
  planOf,
  refusalOf,
  requestOf,
  withResources,
  type Ingress,
  type IngressPlan,
} from './ingress-front.ts';
import { RecordedIngresses } from './recorded-ingresses.ts';
import { SharedBackends } from './shared-backends.ts';

const FINALIZER = 'networking.gke.io/ingress-finalizer-V2';
const COMPONENT = 'loadbalancer-controller';
/** From the request to the address, from a failure to its report, and from a deletion to its end. */
const MAKE_MS = 40_000;
const REMOVE_MS = 20_000;
/** Every Ingress is looked at anew after so long; the health of a new backend is known sooner. */
const RESYNC_MS = 600_000;
const HEALTH_MS = 60_000;
/** Source: `k8s.io/client-go/util/workqueue`, the default. */
const FIRST_RETRY_MS = 5;
const LONGEST_RETRY_MS = 1_000_000;

export function ingressController(context: SimulationContext): Controller {
  const { cloud } = context;
  if (cloud === undefined) return { name: 'ingress-gce', keysOf: () => [], reconcile: () => undefined };
  const ingresses = new Ingresses(context, cloud);
  return {
    name: 'ingress-gce',
    keysOf: (change) => ingresses.keysOf(change),
    reconcile: (key) => ingresses.reconcile(key),
  };
}

/** Where the controller stands with an Ingress. */
interface Work {
  failures: number;
  /** Epoch milliseconds. */
  notBefore: number;
  isScheduled: boolean;
}

class Ingresses {
  readonly #context: SimulationContext;
  readonly #cloud: SimulatedCloud;
  readonly #backends: SharedBackends;
  readonly #groups: EndpointGroups;
  readonly #recorded: RecordedIngresses;
  readonly #byService: ObjectIndex<Ingress>;
  readonly #works = new Map<string, Work>();
  readonly #begun = new Undertakings();
  /** When each front was made, here. */
  readonly #madeAt = new Map<string, number>();

  constructor(context: SimulationContext, cloud: SimulatedCloud) {
    this.#context = context;
    this.#cloud = cloud;
    this.#backends = new SharedBackends(cloud);
    this.#groups = new EndpointGroups(context, cloud);
    this.#recorded = new RecordedIngresses(context, cloud, this.#backends);
    this.#byService = new ObjectIndex(context.api.store, INGRESSES, (ingress) =>
      ingressScope(ingress) === undefined ? [] : backendsOfIngress(ingress).map(({ service }) => service),
    );
  }

  /** Notes what changed; writes nothing. */
  keysOf(change: Change): readonly string[] {
    if (isChangeOf(change, SERVICES)) {
      const { object, previous } = change;
      const isSame = previous !== undefined && sameJson(object.spec, previous.spec);
      return isSame ? [] : [...this.#byService.get(keyOf(object))].map(keyOf);
    }
    if (!isChangeOf(change, INGRESSES)) return [];
    const { kind, object, previous } = change;
    const key = keyOf(object);
    if (kind === 'ADDED' && this.#recorded.take(object)) return [key];
    if (kind !== 'DELETED' && ingressScope(object) !== undefined) {
      if (previous === undefined || !isSameFor(previous, object)) this.#recorded.forget(key);
      this.#schedule(key);
    }
    return [key];
  }

  reconcile(key: string): number | undefined {
    const ingress = this.#context.api.store.get(INGRESSES, ...namesOf(key));
    if (ingress === undefined) return this.#gone(key);
    const isOurs = ingressScope(ingress) !== undefined && ingress.metadata.deletionTimestamp === undefined;
    if (!isOurs) return this.#clear(key, ingress);
    const wait = this.#recorded.await(key, ingress);
    if (wait === 'nobody') return undefined;
    const known = this.#works.get(key);
    if (known === undefined && wait !== undefined) {
      this.#works.set(key, { failures: wait.failures, notBefore: wait.notBefore, isScheduled: true });
      return Math.max(0, wait.notBefore - this.#context.clock.now);
    }
    const work = known ?? { failures: 0, notBefore: 0, isScheduled: true };
    this.#works.set(key, work);
    return this.#sync(key, ingress, work);
  }

  /** A change is looked at without the delay that failures brought about. */
  #schedule(key: string): void {
    const failures = this.#works.get(key)?.failures ?? 0;
    this.#works.set(key, { failures, notBefore: 0, isScheduled: true });
  }

  #sync(key: string, ingress: Ingress, work: Work): number | undefined {
    const { clock } = this.#context;
    if (work.notBefore > clock.now) return work.notBefore - clock.now;
    if (work.isScheduled) this.#tell(ingress, 'Normal', 'Sync', 'Scheduled for sync');
    work.isScheduled = false;
    this.#hold(ingress);
    const ports = this.#ports(ingress);
    if (typeof ports === 'string') {
      this.#tell(ingress, 'Warning', 'Translate', `Translation failed: invalid ingress spec: ${ports}`);
      return this.#retry(work);
    }
    const isNew = this.#cloud.fronts.get(ownerOf(ingress)) === undefined;
    const leftMs = isNew ? this.#begun.leftMs(key, MAKE_MS, clock.now) : 0;
    if (leftMs > 0) return leftMs;
    const plan = planOf(ingress, ports, this.#certificates(ingress), this.#cloud);
    if (plan === undefined) return undefined;
    const missing = this.#backends.missing(backendNeeds(plan, this.#cloud));
    const own = refusalOf(ingress, plan, this.#cloud, missing);
    if (own !== undefined) this.#recorded.explain(key);
    const words = own ?? this.#recorded.refusalOf(key);
    if (words !== undefined) {
      this.#tell(ingress, 'Warning', 'Sync', `Error syncing to GCP: ${words}`);
      return this.#retry(work);
    }
    return this.#make(key, ingress, plan, work);
  }

  #make(key: string, ingress: Ingress, plan: IngressPlan, work: Work): number {
    const { api, clock } = this.#context;
    const { fronts } = this.#cloud;
    const owner = ownerOf(ingress);
    const before = fronts.get(owner);
    this.#backends.assign(owner, backendNeeds(plan, this.#cloud));
    const kept = before?.scope === plan.front.scope ? before.address : undefined;
    const request = requestOf(ingress, plan, this.#cloud, kept);
    if (before === undefined || !sameJson(before.needs, request.needs) || before.address !== request.address) {
      fronts.remove(owner);
      fronts.make(owner, request, clock.now);
      this.#tellMade(ingress, plan, before?.ruleNames ?? []);
    }
    const { namespace = '', name } = ingress.metadata;
    const ip = fronts.get(owner)?.address ?? '';
    if (ingress.status?.loadBalancer?.ingress?.[0]?.ip !== ip) {
      api.changeStatus(INGRESSES, namespace, name, (one) => ({
        ...one,
        status: { loadBalancer: { ingress: [{ ip }] } },
      }));
      this.#tell(ingress, 'Normal', 'IPChanged', `IP is now ${ip}`);
    }
    for (const backend of plan.backends) if (backend.hasGroup) this.#groups.ensure(backend);
    if (before === undefined) this.#madeAt.set(key, clock.now);
    const isFresh = clock.now - (this.#madeAt.get(key) ?? 0) < HEALTH_MS;
    const health = this.#healthOf(plan, isFresh);
    // What is recorded has names that only the real cluster could give.
    if (!this.#recorded.has(key)) {
      const changed = withResources(api.get(INGRESSES, namespace, name), plan, health);
      if (!sameJson(changed, api.get(INGRESSES, namespace, name))) api.update(INGRESSES, changed);
    }
    work.failures = 0;
    work.isScheduled = true;
    work.notBefore = clock.now + (isFresh ? HEALTH_MS : RESYNC_MS);
    return work.notBefore - clock.now;
  }

  #healthOf({ backends }: IngressPlan, isFresh: boolean): Readonly<Record<string, string>> {
    const { store } = this.#context.api;
    const sorted = [...backends].sort((a, b) => (a.name < b.name ? -1 : 1));
    return Object.fromEntries(
      sorted.map((backend) => [backend.name, isFresh ? 'Unknown' : backendHealth(store, backend)]),
    );
  }

  #tellMade(ingress: Ingress, { front, name }: IngressPlan, before: readonly string[]): void {
    const tell = (what: string) => this.#tell(ingress, 'Normal', 'Sync', `${what} created`);
    if (before.length === 0) tell(`UrlMap "k8s2-um-${name}"`);
    for (const [count, proxy, rule] of [
      [front.http, 'tp', 'fr'],
      [front.https, 'ts', 'fs'],
    ] as const) {
      if (count === 0 || before.includes(`k8s2-${rule}-${name}`)) continue;
      tell(`TargetProxy "k8s2-${proxy}-${name}"`);
      tell(`ForwardingRule "k8s2-${rule}-${name}"`);
    }
  }

  /** Its backends, the cluster's default one among them where it names none; or what is wrong with them. */
  #ports(ingress: Ingress): readonly BackendPort[] | string {
    const { store } = this.#context.api;
    const clusterName = this.#cloud.snapshot.cluster?.name ?? '';
    const found = backendsOfIngress(ingress).map((backend) => backendPort(store, backend, clusterName));
    const errors = found.filter((one) => typeof one === 'string');
    if (errors.length > 0) return errors.join('; ');
    const ports = found.filter((one) => typeof one !== 'string');
    const fallback = { service: 'kube-system/default-http-backend', name: '', number: 80 };
    const last = ingress.spec?.defaultBackend === undefined ? backendPort(store, fallback, clusterName) : undefined;
    const all = last === undefined || typeof last === 'string' ? ports : [last, ...ports];
    return [...new Map(all.map((port) => [port.name, port])).values()];
  }

  /** How many of its secrets are there; tells of those that are not. */
  #certificates(ingress: Ingress): number {
    const { store } = this.#context.api;
    const { namespace = '' } = ingress.metadata;
    const names = new Set(
      (ingress.spec?.tls ?? []).flatMap(({ secretName = '' }) => (secretName === '' ? [] : [secretName])),
    );
    if (this.#context.unread?.has('/Secret') === true) return names.size;
    const missing = [...names].filter((name) => store.get(SECRETS, namespace, name) === undefined);
    for (const name of missing)
      this.#tell(
        ingress,
        'Warning',
        'Sync',
        `Could not find TLS certificate: secrets ${JSON.stringify(name)} not found`,
      );
    if (missing.length > 0 && missing.length === names.size) this.#tell(ingress, 'Warning', 'Sync', HTTP_ONLY);
    return names.size - missing.length;
  }

  #retry(work: Work): number {
    const delayMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** work.failures);
    work.failures += 1;
    work.notBefore = this.#context.clock.now + delayMs;
    return delayMs;
  }

  #hold({ metadata: { namespace = '', name, finalizers = [] } }: Ingress): void {
    if (finalizers.includes(FINALIZER)) return;
    this.#context.api.change(INGRESSES, namespace, name, (one) => ({
      ...one,
      metadata: { ...one.metadata, finalizers: [...finalizers, FINALIZER] },
    }));
  }

  #clear(key: string, ingress: Ingress): number | undefined {
    const { namespace = '', name, finalizers = [] } = ingress.metadata;
    if (!finalizers.includes(FINALIZER)) return this.#gone(key);
    if (this.#cloud.fronts.get(ownerOf(ingress)) !== undefined) {
      const leftMs = this.#begun.leftMs(`remove ${key}`, REMOVE_MS, this.#context.clock.now);
      if (leftMs > 0) return leftMs;
    }
    this.#gone(key);
    unlessGone(() =>
      this.#context.api.change(INGRESSES, namespace, name, (one) => ({
        ...one,
        metadata: { ...one.metadata, finalizers: finalizers.filter((finalizer) => finalizer !== FINALIZER) },
      })),
    );
    return undefined;
  }

  #gone(key: string): undefined {
    this.#works.delete(key);
    this.#madeAt.delete(key);
    this.#begun.forget(key);
    this.#recorded.forget(key);
    this.#cloud.fronts.remove(`Ingress ${key}`);
    this.#backends.release(`Ingress ${key}`);
    return undefined;
  }

  #tell(ingress: Ingress, type: 'Normal' | 'Warning', reason: string, text: string): void {
    this.#context.events.record(ingress, type, reason, text, { component: COMPONENT });
  }
}

const HTTP_ONLY =
  'Could not find any TLS certificates. Continuing setup for the load balancer to serve HTTP only. Note: this behavior is deprecated and will be removed in a future version of ingress-gce';

/** Whether nothing changed but what the controller itself writes. */
function isSameFor(before: Ingress, now: Ingress): boolean {
  return sameJson(before.spec, now.spec) && sameJson(givenAnnotations(before), givenAnnotations(now));
}
