/**
 * Load balancers of Services on Google's cloud: forwarding rules and addresses, for as long as quotas last.
 * Source: https://cloud.google.com/kubernetes-engine/docs/concepts/service-load-balancer; `k8s.io/cloud-provider/controllers/service`
 */
import type { Service } from '../../../model/kinds.ts';
import { SERVICES } from '../../api/built-in-types.ts';
import type { Front } from '../../cloud/fronts.ts';
import type { SimulatedCloud } from '../../cloud/simulated-cloud.ts';
import type { SimulationContext } from '../../simulation-context.ts';
import { isChangeOf } from '../../store/object-index.ts';
import type { Change } from '../../store/object-store.ts';
import { unlessGone } from '../claim.ts';
import type { Controller } from '../controller.ts';
import { keyOf, namesOf } from '../object-key.ts';
import { Undertakings } from '../undertakings.ts';
import { dialectOf, FINALIZERS, servedBy, type Dialect } from './dialect.ts';
import { Hosts } from './hosts.ts';
import { needsCleanup, updateOf, type Told } from './needs-update.ts';
import { isWaiting } from './recorded-waits.ts';
import { RecordedServices } from './recorded-services.ts';
import { isMixed, ownerOf, refusalOf, requestOf } from './service-front.ts';
import {
  addressOf,
  withAddress,
  withMixedProtocols,
  withoutAddress,
  withoutResources,
  withResources,
} from './service-status.ts';

/** From the request to the address, and from a deletion to its end. */
const MAKE_MS = 30_000;
const REMOVE_MS = 15_000;
/** Key for the nodes behind all of them. */
const HOSTS = 'hosts';

export function loadBalancerController(context: SimulationContext): Controller {
  const { cloud } = context;
  if (cloud === undefined) return { name: 'service-lb-controller', keysOf: () => [], reconcile: () => undefined };
  const balancers = new LoadBalancers(context, cloud);
  return {
    name: 'service-lb-controller',
    keysOf: (change) => balancers.keysOf(change),
    reconcile: (key) => (key === HOSTS ? balancers.updateHosts() : balancers.reconcile(key)),
  };
}

/** What is to be done for one Service. */
interface Work {
  readonly told: Told[];
  failures: number;
  /** Epoch milliseconds. */
  notBefore: number;
  isBegun: boolean;
}

class LoadBalancers {
  readonly #context: SimulationContext;
  readonly #cloud: SimulatedCloud;
  readonly #hosts = new Hosts();
  readonly #works = new Map<string, Work>();
  readonly #begun = new Undertakings();
  readonly #recorded: RecordedServices;

  constructor(context: SimulationContext, cloud: SimulatedCloud) {
    this.#context = context;
    this.#cloud = cloud;
    this.#recorded = new RecordedServices(context, cloud);
  }

  /** Notes what changed; writes nothing. */
  keysOf(change: Change): readonly string[] {
    if (this.#hosts.take(change))
      return this.#recorded.isRecorded(change.object) && change.kind === 'ADDED' ? [] : [HOSTS];
    if (!isChangeOf(change, SERVICES)) return [];
    const { kind, object, previous } = change;
    const key = keyOf(object);
    if (kind === 'DELETED') return [key];
    if (kind === 'ADDED' || previous === undefined) {
      if (this.#recorded.take(object)) return needsCleanup(object) || isWaiting(object) ? [key] : [];
      if (dialectOf(object) === undefined) return [];
      this.#ask(key, []);
      return [key];
    }
    const told = updateOf(previous, object);
    if (told !== undefined) {
      this.#recorded.forget(key);
      this.#ask(key, told);
    }
    return told !== undefined || needsCleanup(object) ? [key] : [];
  }

  /** Tells every Service with a load balancer of other nodes behind it. */
  updateHosts(): undefined {
    for (const owner of [...this.#cloud.fronts.owners()]) {
      const [kind, key = ''] = owner.split(' ');
      const service = kind === 'Service' ? this.#get(key) : undefined;
      const dialect = service === undefined ? undefined : dialectOf(service);
      if (service === undefined || dialect?.hasHosts !== true) continue;
      if (this.#hosts.count === 0) this.#unavailable(service, dialect);
      else this.#tell(service, dialect, 'Normal', ['UpdatedLoadBalancer', 'Updated load balancer with new hosts']);
    }
    return undefined;
  }

  reconcile(key: string): number | undefined {
    const service = this.#get(key);
    if (service === undefined) return this.#gone(key);
    this.#tellChanges(key, service);
    const dialect = dialectOf(service);
    if (dialect === undefined || service.metadata.deletionTimestamp !== undefined) return this.#clear(key, service);
    this.#recorded.await(key, service, dialect, (wait) => {
      this.#works.set(key, { told: [], isBegun: false, ...wait });
    });
    const work = this.#works.get(key);
    return work === undefined ? undefined : this.#ensure(key, service, dialect, work);
  }

  #get(key: string): Service | undefined {
    return this.#context.api.store.get(SERVICES, ...namesOf(key));
  }

  #ask(key: string, told: readonly Told[]): void {
    const known = this.#works.get(key);
    // A change is looked at without the delay that failures brought about.
    if (known === undefined) this.#works.set(key, { told: [...told], failures: 0, notBefore: 0, isBegun: false });
    else {
      known.told.push(...told);
      known.notBefore = 0;
    }
  }

  #tellChanges(key: string, service: Service): void {
    const { told = [] } = this.#works.get(key) ?? {};
    for (const one of told.splice(0)) this.#record(service, 'service-controller', 'Normal', one);
  }

  #ensure(key: string, service: Service, dialect: Dialect, work: Work): number | undefined {
    const { clock } = this.#context;
    if (work.notBefore > clock.now) return work.notBefore - clock.now;
    if (!work.isBegun) {
      work.isBegun = true;
      if (dialect.ensuring !== undefined) this.#tell(service, dialect, 'Normal', dialect.ensuring);
      this.#hold(service, dialect);
    }
    const leftMs = this.#begun.leftMs(key, MAKE_MS, clock.now);
    if (leftMs > 0) return leftMs;
    work.isBegun = false;
    const words = this.#refusal(key, service, dialect);
    if (words === undefined) {
      this.#works.delete(key);
      return this.#make(service, dialect);
    }
    this.#tell(service, dialect, 'Warning', dialect.failed(words));
    const [first, longest] = dialect.backOff;
    const delayMs = Math.min(longest, first * 2 ** work.failures);
    work.failures += 1;
    work.notBefore = clock.now + delayMs;
    return delayMs;
  }

  #refusal(key: string, service: Service, dialect: Dialect): string | undefined {
    const hosts = this.#context.unread?.has('/Node') === true ? Infinity : this.#hosts.count;
    if (dialect.hasHosts && hosts === 0) this.#unavailable(service, dialect);
    if (!dialect.allowsMixedProtocols && isMixed(service.spec)) this.#refuseMixed(service);
    return refusalOf(service, dialect, this.#cloud, hosts) ?? this.#recorded.refusalOf(key);
  }

  #make(service: Service, dialect: Dialect): undefined {
    const { api, clock, serverVersion } = this.#context;
    const { fronts } = this.#cloud;
    const owner = ownerOf(service);
    const before = fronts.get(owner);
    const request = requestOf(service, dialect, this.#cloud, isKept(before, dialect) ? before.address : undefined);
    fronts.remove(owner);
    fronts.make(owner, request, clock.now);
    const { namespace = '', name } = service.metadata;
    const families = (service.spec?.ipFamilies ?? ['IPv4']).join(' ');
    this.#tell(service, dialect, 'Normal', dialect.ensured(families));
    const address = fronts.get(owner)?.address ?? '';
    api.changeStatus(SERVICES, namespace, name, (one) => withAddress(one, address, serverVersion));
    const clusterName = this.#cloud.snapshot.cluster?.name ?? '';
    if (!dialect.hasHosts)
      api.change(SERVICES, namespace, name, (one) => withResources(one, clusterName, dialect.kind === 'internal'));
    return undefined;
  }

  /** The finalizers come before anything is made. */
  #hold(service: Service, { finalizers: wanted }: Dialect): void {
    const { namespace = '', name, finalizers = [] } = service.metadata;
    const missing = wanted.filter((finalizer) => !finalizers.includes(finalizer));
    if (missing.length === 0) return;
    this.#context.api.change(SERVICES, namespace, name, (one) => ({
      ...one,
      metadata: { ...one.metadata, finalizers: [...finalizers, ...missing] },
    }));
  }

  /** Takes the load balancer of a Service away that wants none, and lets the Service go. */
  #clear(key: string, service: Service): number | undefined {
    const { api, clock } = this.#context;
    const { fronts } = this.#cloud;
    const owner = ownerOf(service);
    const dialect = servedBy(service);
    if (!needsCleanup(service)) return this.#gone(key);
    if (fronts.get(owner) !== undefined) {
      const undertaking = `remove ${key}`;
      if (!this.#begun.has(undertaking))
        this.#tell(service, dialect, 'Normal', ['DeletingLoadBalancer', dialect.deleting(key)]);
      const leftMs = this.#begun.leftMs(undertaking, REMOVE_MS, clock.now);
      if (leftMs > 0) return leftMs;
    }
    this.#gone(key);
    const { namespace = '', name } = service.metadata;
    this.#tell(service, dialect, 'Normal', ['DeletedLoadBalancer', dialect.deleted]);
    if (addressOf(service) !== undefined) unlessGone(() => api.changeStatus(SERVICES, namespace, name, withoutAddress));
    unlessGone(() =>
      api.change(SERVICES, namespace, name, (one) => {
        const finalizers = (one.metadata.finalizers ?? []).filter((finalizer) => !FINALIZERS.has(finalizer));
        const bare = dialect.hasHosts ? one : withoutResources(one);
        return { ...bare, metadata: { ...bare.metadata, finalizers } };
      }),
    );
    return undefined;
  }

  #gone(key: string): undefined {
    this.#works.delete(key);
    this.#recorded.forget(key);
    this.#begun.forget(key);
    this.#cloud.fronts.remove(`Service ${key}`);
    return undefined;
  }

  #unavailable(service: Service, dialect: Dialect): void {
    this.#tell(service, dialect, 'Warning', [
      'UnAvailableLoadBalancer',
      'There are no available nodes for LoadBalancer',
    ]);
  }

  /** Told once; the condition then says so. */
  #refuseMixed(service: Service): void {
    const { api, clock } = this.#context;
    const { namespace = '', name } = service.metadata;
    const changed = withMixedProtocols(service, clock.now);
    if (changed === service) return;
    const text = 'LoadBalancers with multiple protocols are not supported.';
    this.#record(service, 'gce-cloudprovider', 'Warning', ['LoadBalancerMixedProtocolNotSupported', text]);
    api.changeStatus(SERVICES, namespace, name, (one) => withMixedProtocols(one, clock.now));
  }

  #tell(service: Service, { component }: Dialect, type: 'Normal' | 'Warning', told: Told): void {
    this.#record(service, component, type, told);
  }

  #record(service: Service, component: string, type: 'Normal' | 'Warning', [reason, text]: Told): void {
    this.#context.events.record(service, type, reason, text, { component });
  }
}

/** An address goes with the kind of load balancer. */
function isKept(front: Front | undefined, { kind }: Dialect): front is Front {
  return front !== undefined && (kind === 'internal') === (front.scope === 'internal');
}
