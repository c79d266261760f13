/**
 * A Kubernetes cluster in this process: an API server over a store, the scheduler, controllers and kubelets, on a virtual clock.
 * Everything follows from the seed, the objects put in and the calls made; `docs/simulated-cluster.md` says where it is simpler than a real one.
 */
import { ApiServer } from './api/api-server.ts';
import { BUILT_IN_TYPES } from './api/built-in-types.ts';
import { serveCustomResources } from './api/custom-resources/serve-custom-resources.ts';
import { admissionPlugins } from './admission/admission-plugins.ts';
import { CertificateRegistry } from './certificates/certificate-registry.ts';
import { STRATEGIES } from './api/strategies.ts';
import { ResourceTypes } from './api/resource-types.ts';
import { createRandom } from './clock/random.ts';
import { VirtualClock } from './clock/virtual-clock.ts';
import { ControlLoop, type Controller } from './controllers/controller.ts';
import { featuresOf } from './control-plane/features.ts';
import { makeSystemObjects } from './control-plane/system-objects.ts';
import { controllersOf } from './controllers/controllers.ts';
import { EventRecorder } from './events/event-recorder.ts';
import type { AutoscalerOptions } from './cluster-autoscaler/autoscaler-options.ts';
import { InstanceGroups } from './cloud/instance-groups.ts';
import { SimulatedCloud } from './cloud/simulated-cloud.ts';
import { HEALTHY, type Behaviours } from './kubelet/behaviour.ts';
import { BehaviourTable, type BehaviourRow } from './kubelet/behaviour-table.ts';
import { Kubelets } from './kubelet/kubelets.ts';
import { COMPONENTS } from './components.ts';
import type { SimulationContext } from './simulation-context.ts';
import { loadSnapshot } from './loading/load-snapshot.ts';
import { unreadKinds } from './loading/unread-kinds.ts';
import type { CloudSnapshot } from '../cloud/cloud.ts';
import type { ClusterSnapshot } from '../snapshot/snapshot.ts';
import { surroundingsOf, type Surroundings } from './surroundings.ts';
import type { SchedulerOptions } from './scheduler/scheduler-options.ts';
import { ObjectStore } from './store/object-store.ts';

/** How to make a cluster. */
export interface SimulationOptions {
  /** Same seed, same history. Default `0`. */
  readonly seed?: string;
  /** Epoch milliseconds at which the cluster's time begins; default 2025-01-01T00:00:00Z. */
  readonly startAt?: number;
  /** A recorded cluster to begin as, at the moment at which it was observed; `startAt` and `serverVersion` then follow from it. */
  readonly snapshot?: ClusterSnapshot;
  /**
   * The cloud that it runs in, as `newCloud` makes one; default that of the snapshot, else none. Without a snapshot its node pools get their
   * first nodes at once.
   */
  readonly cloud?: CloudSnapshot;
  /** What containers and registries do; default {@link HEALTHY}. */
  readonly behaviours?: Behaviours;
  /** How many nodes the scheduler looks at, and whether pods that back off are tried early; by default as `kube-scheduler` does. */
  readonly scheduler?: SchedulerOptions;
  /** How the cluster autoscaler chooses; by default as GKE's. */
  readonly autoscaler?: AutoscalerOptions;
  /** As `/version` and kubelets say it; default {@link KUBERNETES_VERSION}. */
  readonly serverVersion?: string;
}

/** The version of Kubernetes whose behaviour is simulated. */
export const KUBERNETES_VERSION = 'v1.36.2';

const NOTHING: ReadonlySet<string> = new Set();

/** A running cluster; time passes only through {@link SimulatedCluster.clock}. */
export class SimulatedCluster {
  readonly api: ApiServer;
  readonly clock: VirtualClock;
  /** Tells what happened in the name of a component. */
  readonly events: EventRecorder;
  /** What runs on the nodes. */
  readonly kubelets: Kubelets;
  readonly serverVersion: string;
  /** What grants machines, addresses and disks; `undefined` outside of any cloud. */
  readonly cloud: SimulatedCloud | undefined;
  /** Machines of its node pools: adds and removes them; `undefined` outside of any cloud. */
  readonly instanceGroups: InstanceGroups | undefined;
  /** What its certificates say; objects tell little of it. */
  readonly certificates: CertificateRegistry;
  /** What programs, registries, machines and storage do. */
  readonly behaviours: BehaviourTable;
  /**
   * By name the controllers that do nothing here, lest they make anew what was merely not read: the kinds that they lack (`ReplicaSet`). Only
   * in clusters made from a snapshot.
   */
  readonly idleControllers: ReadonlyMap<string, readonly string[]>;
  /** What it began as; `undefined` for one that began empty. */
  readonly record: ClusterSnapshot | undefined;
  readonly #recorded: Surroundings;
  readonly #loops: readonly ControlLoop[];
  #stopped = false;

  /** @throws RangeError where limits of the cloud are too small for the first nodes of its pools */
  constructor(options: SimulationOptions = {}) {
    const random = createRandom(options.seed ?? '0');
    const { snapshot } = options;
    this.record = snapshot;
    this.clock = new VirtualClock(options.startAt ?? snapshot?.observedAt ?? Date.UTC(2025, 0, 1));
    this.serverVersion = options.serverVersion ?? snapshot?.serverVersion ?? KUBERNETES_VERSION;
    this.#recorded = surroundingsOf(snapshot);
    const cloud = options.cloud ?? (snapshot?.cloud.provider === 'gcp' ? snapshot.cloud : undefined);
    this.cloud = cloud === undefined ? undefined : new SimulatedCloud(cloud);
    this.behaviours = new BehaviourTable(options.behaviours ?? HEALTHY);
    const store = new ObjectStore(() => this.clock.now);
    const unread = snapshot === undefined ? NOTHING : unreadKinds(snapshot);
    const types = new ResourceTypes(BUILT_IN_TYPES);
    serveCustomResources(store, types);
    this.api = new ApiServer({
      store,
      types,
      clock: this.clock,
      random: random.fork('api'),
      strategies: STRATEGIES,
      admission: admissionPlugins({
        ...{ store, clock: this.clock, random: random.fork('admission'), unread, isOnCloud: cloud !== undefined },
        behaviours: this.behaviours,
      }),
    });
    this.certificates = new CertificateRegistry(store, this.#recorded);
    this.events = new EventRecorder(this.api, this.clock);
    const parts = {
      api: this.api,
      clock: this.clock,
      events: this.events,
      random,
      behaviours: this.behaviours,
      serverVersion: this.serverVersion,
      surroundings: this.#recorded,
      features: featuresOf(this.serverVersion, snapshot),
      certificates: this.certificates,
      cloud: this.cloud,
      unread,
      ...givenIn(options),
    };
    this.kubelets = new Kubelets(parts, unread);
    this.instanceGroups =
      this.cloud === undefined ? undefined : new InstanceGroups(this.cloud, { ...parts, kubelets: this.kubelets });
    const context: SimulationContext = { ...parts, kubelets: this.kubelets, instanceGroups: this.instanceGroups };
    const controllers = controllersOf(context);
    this.idleControllers = idleOf(controllers, unread);
    this.#loops = controllers
      .filter(({ name }) => !this.idleControllers.has(name))
      .map((controller) => new ControlLoop(controller, store, this.clock));
    for (const start of COMPONENTS) start(context);
    if (snapshot === undefined) {
      makeSystemObjects(this.api);
      this.instanceGroups?.addFirst();
    } else {
      this.kubelets.rememberMetrics([...snapshot.list('PodMetrics'), ...snapshot.list('NodeMetrics')]);
      this.events.remember(snapshot.list('Event'));
      loadSnapshot(snapshot, store, this.api.types);
    }
  }

  /** What lies outside of the API, as it is now: cloud, usage history, certificates. */
  get surroundings(): Surroundings {
    const { all: certificates, unreadable: unreadableCertificates } = this.certificates;
    const cloud = this.cloud?.snapshot ?? this.#recorded.cloud;
    return { ...this.#recorded, certificates, unreadableCertificates, cloud };
  }

  /**
   * Lets programs, registries, machines or storage behave otherwise from now on; `pod` as `namespace/name` where it is about that one alone, which
   * spares asking all others.
   * @returns takes it back
   */
  behave(row: BehaviourRow, pod?: string): () => void {
    const takeBack = this.behaviours.add(row);
    this.kubelets.reconsider(pod);
    return () => {
      takeBack();
      this.kubelets.reconsider(pod);
    };
  }

  get isStopped(): boolean {
    return this.#stopped;
  }

  /** Ends everything that would go on by itself. */
  stop(): void {
    this.#stopped = true;
    for (const loop of this.#loops) loop.stop();
  }
}

function idleOf(
  controllers: readonly Controller[],
  unread: ReadonlySet<string>,
): ReadonlyMap<string, readonly string[]> {
  const lacking = controllers.map(({ name, needs = [] }) => [name, needs.filter((kind) => unread.has(kind))] as const);
  return new Map(
    lacking
      .filter(([, kinds]) => kinds.length > 0)
      .map(([name, kinds]) => [name, kinds.map((kind) => kind.slice(kind.indexOf('/') + 1))]),
  );
}

/** What parts are told where somebody asked for it. */
function givenIn({
  scheduler,
  autoscaler,
  snapshot,
}: SimulationOptions): Pick<SimulationContext, 'scheduler' | 'autoscaler' | 'record'> {
  return {
    ...(scheduler && { scheduler }),
    ...(autoscaler && { autoscaler }),
    ...(snapshot && { record: snapshot }),
  };
}
