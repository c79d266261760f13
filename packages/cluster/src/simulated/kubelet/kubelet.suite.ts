/** A cluster with nodes and no scheduler's choice to wait for: pods are bound to a node by name. */
import type { Event, Pod } from '../../model/kinds.ts';
import { EVENTS, NAMESPACES, PODS } from '../api/built-in-types.ts';
import { SimulatedCluster, type SimulationOptions } from '../simulated-cluster.ts';
import type { ContainerBehaviour, ImageBehaviour, NodeBehaviour } from './behaviour.ts';

type Spec = NonNullable<Pod['spec']>;

/** Behaviours by image and by node. */
export interface Scene {
  readonly images?: Readonly<Record<string, ContainerBehaviour & ImageBehaviour>>;
  readonly nodes?: Readonly<Record<string, NodeBehaviour>>;
  readonly options?: SimulationOptions;
}

/** A cluster with the namespace `shop` and the node `n1`. */
export class KubeletScene {
  readonly cluster: SimulatedCluster;
  readonly startAt: number;

  constructor({ images = {}, nodes = {}, options = {} }: Scene = {}) {
    const behaviours = {
      container: ({ image }: { readonly image: string }) => images[image] ?? {},
      image: (image: string) => images[image] ?? {},
      node: (name: string) => nodes[name] ?? {},
    };
    this.cluster = new SimulatedCluster({ behaviours, ...options });
    const { api } = this.cluster;
    for (const name of ['shop', 'kube-node-lease'])
      if (api.store.get(NAMESPACES, '', name) === undefined)
        api.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    this.cluster.kubelets.addNode({ name: 'n1' });
    this.startAt = this.cluster.clock.now;
  }

  /** A pod on `n1` with one container `app` of the image `app:1`, unless `spec` says otherwise. */
  run(name: string, spec: Partial<Spec> = {}, metadata: Partial<Pod['metadata']> = {}): Pod {
    const whole = {
      nodeName: 'n1',
      automountServiceAccountToken: false,
      containers: [{ name: 'app', image: 'app:1' }],
      ...spec,
    };
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'shop', ...metadata }, spec: whole };
    return this.cluster.api.create(PODS, pod as Pod);
  }

  pass(ms: number): this {
    this.cluster.clock.advance(ms);
    return this;
  }

  pod(name: string): Pod | undefined {
    return this.cluster.api.store.get(PODS, 'shop', name);
  }

  status(name: string): NonNullable<Pod['status']> {
    return this.pod(name)?.status ?? {};
  }

  /** State of the only container, or of the one with that name. */
  container(pod: string, name = 'app') {
    const { containerStatuses = [], initContainerStatuses = [], ephemeralContainerStatuses = [] } = this.status(pod);
    const all = [...containerStatuses, ...initContainerStatuses, ...ephemeralContainerStatuses];
    return all.find((one) => one.name === name);
  }

  condition(pod: string, type: string) {
    return this.status(pod).conditions?.find((one) => one.type === type);
  }

  /** `Reason: message` of what kubelets said of a pod, in the order in which it was said first; `×2` where it was said again. */
  events(pod: string): readonly string[] {
    const found: Event[] = [];
    for (const event of this.cluster.api.store.list(EVENTS, 'shop'))
      if (event.involvedObject?.name === pod && event.source?.component === 'kubelet') found.push(event);
    return found.map(
      ({ reason = '', message = '', count = 1 }) => `${reason}: ${message}${count > 1 ? ` ×${count}` : ''}`,
    );
  }
}
