/** The part of a cluster that an attempt needs, as a world in which pods can be placed on trial. */
import { NO_CLOUD } from '../../cloud/cloud.ts';
import type { Node, Pod } from '../../model/kinds.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import type { PodProfile } from '../../scheduling/pod-profile.ts';
import { createWorld, type SchedulingWorld } from '../../scheduling/world.ts';
import { noRedactions } from '../../snapshot/redact.ts';
import { createSnapshot } from '../../snapshot/snapshot.ts';
import { NO_USAGE } from '../../usage/usage.ts';
import {
  CSI_NODES,
  DAEMON_SETS,
  NAMESPACES,
  NODES,
  PERSISTENT_VOLUME_CLAIMS,
  PERSISTENT_VOLUMES,
  POD_DISRUPTION_BUDGETS,
  PODS,
  REPLICA_SETS,
  REPLICATION_CONTROLLERS,
  STATEFUL_SETS,
  STORAGE_CLASSES,
} from '../api/built-in-types.ts';
import { podsOnNode } from '../store/object-index.ts';
import type { AutoscalerContext } from './autoscaler-context.ts';

/** Kinds that filters and drain rules ask about, beside nodes and pods. */
const ASKED = [
  CSI_NODES,
  DAEMON_SETS,
  NAMESPACES,
  PERSISTENT_VOLUME_CLAIMS,
  PERSISTENT_VOLUMES,
  POD_DISRUPTION_BUDGETS,
  REPLICA_SETS,
  REPLICATION_CONTROLLERS,
  STATEFUL_SETS,
  STORAGE_CLASSES,
] as const;

/** Makes worlds of a cluster as it is now. */
export class AutoscalerWorlds {
  readonly #context: Pick<AutoscalerContext, 'api' | 'clock' | 'serverVersion'>;
  readonly #unread: ReadonlySet<string>;
  readonly #profiles = new WeakMap<Pod, PodProfile>();

  constructor(context: Pick<AutoscalerContext, 'api' | 'clock' | 'serverVersion'>, unread: ReadonlySet<string>) {
    this.#context = context;
    this.#unread = unread;
  }

  /** All nodes with all pods. Linear in the cluster. */
  whole(): SchedulingWorld {
    const { store } = this.#context.api;
    return this.#world([...store.list(NODES)], [...store.list(PODS)]);
  }

  /** Some nodes with their pods, for pods that do not ask about others. */
  of(nodes: readonly Node[]): SchedulingWorld {
    const { store } = this.#context.api;
    return this.#world(
      nodes,
      nodes.flatMap(({ metadata }) => [...podsOnNode(store, metadata.name)]),
    );
  }

  #world(nodes: readonly Node[], pods: readonly Pod[]): SchedulingWorld {
    const { api, clock, serverVersion } = this.#context;
    const others = ASKED.flatMap((type): readonly KubeObject[] => [...api.store.list<KubeObject>(type)]);
    const snapshot = createSnapshot({
      source: { kind: 'simulated', name: 'cluster-autoscaler' },
      observedAt: clock.now,
      serverVersion,
      objects: [...nodes, ...pods, ...others] as readonly KubeObject[],
      cloud: NO_CLOUD,
      usage: NO_USAGE,
      certificates: [],
      unreadableCertificates: [],
      endpoints: [],
      logs: [],
      missing: [...this.#unread].map((kind) => ({
        input: `kind:${kind.replace(/^\//, '')}`,
        reason: 'not read',
        consequence: '',
      })),
      problems: [],
      redactions: noRedactions(),
    });
    return createWorld(snapshot, this.#profiles);
  }
}
