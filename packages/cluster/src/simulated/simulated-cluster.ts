/**
 * A Kubernetes cluster in this process: an API server over a store, the scheduler, controllers and kubelets, on a virtual clock.
 * Everything follows from the seed, the objects put in and the calls made; `docs/simulated-cluster.md` says where it is simpler than a real one.
 */
import { ApiServer } from './api/api-server.ts';
import { BUILT_IN_TYPES } from './api/built-in-types.ts';
import { admissionPlugins } from './admission/admission-plugins.ts';
import { STRATEGIES } from './api/strategies.ts';
import { ResourceTypes } from './api/resource-type.ts';
import { createRandom } from './clock/random.ts';
import { VirtualClock } from './clock/virtual-clock.ts';
import { ControlLoop } from './controllers/controller.ts';
import { controllersOf } from './controllers/controllers.ts';
import { EventRecorder } from './events/event-recorder.ts';
import { HEALTHY, type Behaviours } from './kubelet/behaviour.ts';
import { COMPONENTS } from './components.ts';
import type { SimulationContext } from './simulation-context.ts';
import { ObjectStore } from './store/object-store.ts';

/** How to make a cluster. */
export interface SimulationOptions {
  /** Same seed, same history. Default `0`. */
  readonly seed?: string;
  /** Epoch milliseconds at which the cluster's time begins; default 2025-01-01T00:00:00Z. */
  readonly startAt?: number;
  /** What containers and registries do; default {@link HEALTHY}. */
  readonly behaviours?: Behaviours;
  /** As `/version` and kubelets say it; default {@link KUBERNETES_VERSION}. */
  readonly serverVersion?: string;
}

/** The version of Kubernetes whose behaviour is simulated. */
export const KUBERNETES_VERSION = 'v1.36.2';

/** A running cluster; time passes only through {@link SimulatedCluster.clock}. */
export class SimulatedCluster {
  readonly api: ApiServer;
  readonly clock: VirtualClock;
  /** Tells what happened in the name of a component. */
  readonly events: EventRecorder;
  readonly serverVersion: string;
  readonly #loops: readonly ControlLoop[];

  constructor(options: SimulationOptions = {}) {
    const random = createRandom(options.seed ?? '0');
    this.clock = new VirtualClock(options.startAt ?? Date.UTC(2025, 0, 1));
    this.serverVersion = options.serverVersion ?? KUBERNETES_VERSION;
    const store = new ObjectStore(() => this.clock.now);
    this.api = new ApiServer({
      store,
      types: new ResourceTypes(BUILT_IN_TYPES),
      clock: this.clock,
      random: random.fork('api'),
      strategies: STRATEGIES,
      admission: admissionPlugins({ store, clock: this.clock }),
    });
    this.events = new EventRecorder(this.api, this.clock);
    const context: SimulationContext = {
      api: this.api,
      clock: this.clock,
      events: this.events,
      random,
      behaviours: options.behaviours ?? HEALTHY,
      serverVersion: this.serverVersion,
    };
    this.#loops = controllersOf(context).map((controller) => new ControlLoop(controller, store, this.clock));
    for (const start of COMPONENTS) start(context);
  }

  /** Ends everything that would go on by itself. */
  stop(): void {
    for (const loop of this.#loops) loop.stop();
  }
}
