/** What a fault leads to, as kubectl would show it. */
import type { Event, Pod } from '../../model/kinds.ts';
import { EVENTS, PODS } from '../api/built-in-types.ts';
import { entityOf } from '../entity.ts';
import type { SimulatedCluster } from '../simulated-cluster.ts';
import { FAULT_KINDS } from './catalogue.ts';
import { newScene } from './fault-scene.suite.ts';
import type { ParameterValues } from './fault.ts';
import { injectFault, type InjectedFault } from './inject.ts';

/** Where, and how. */
export interface Scenario {
  readonly target?: string;
  readonly parameters?: ParameterValues;
  /** Default a new {@link newScene}. */
  readonly cluster?: SimulatedCluster;
}

/** A fault that has settled. */
export class Symptoms {
  readonly cluster: SimulatedCluster;
  readonly fault: InjectedFault;

  constructor(kind: string, { cluster = newScene(), ...place }: Scenario = {}) {
    const known = FAULT_KINDS.get(kind);
    if (known === undefined) throw new TypeError(`there is no kind of fault "${kind}"`);
    this.cluster = cluster;
    this.fault = injectFault(cluster, known, place);
    cluster.clock.advance(this.fault.settlesMs);
  }

  /** Pods of a namespace whose names begin so. */
  pods(namespace: string, prefix = ''): readonly Pod[] {
    return [...this.cluster.api.store.list(PODS, namespace)].filter(({ metadata }) => metadata.name.startsWith(prefix));
  }

  /** `reason: message` of why pods have no node, each once. */
  unscheduled(namespace: string, prefix = ''): readonly string[] {
    const texts = this.pods(namespace, prefix).flatMap(({ status }) => {
      const condition = status?.conditions?.find(({ type }) => type === 'PodScheduled');
      return condition?.status === 'False' ? [`${condition.reason ?? ''}: ${condition.message ?? ''}`] : [];
    });
    return [...new Set(texts)];
  }

  /** `reason: message` of the events of an object, each once, in the order in which they came first. */
  events(entity: string, wanted: (one: Event) => boolean = () => true): readonly string[] {
    const texts: string[] = [];
    for (const event of this.cluster.api.store.list(EVENTS)) {
      const { kind = '', name = '', namespace } = event.involvedObject ?? {};
      const about = entityOf({
        apiVersion: '',
        kind,
        metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
      });
      if (about.startsWith(entity) && wanted(event)) texts.push(`${event.reason ?? ''}: ${event.message ?? ''}`);
    }
    return [...new Set(texts)];
  }

  /** As {@link events}, of warnings. */
  warnings(entity: string): readonly string[] {
    return this.events(entity, ({ type }) => type === 'Warning');
  }

  /**
   * What keeps containers of pods that are not ready: `app CrashLoopBackOff: …` of what they wait for, `app ended Error 1` of how they ended last; each once,
   * with POD, UID and TIME for what differs from pod to pod.
   */
  states(namespace: string, prefix: string): readonly string[] {
    const texts = this.pods(namespace, prefix).flatMap((pod) => {
      const { initContainerStatuses = [], containerStatuses = [] } = pod.status ?? {};
      const failing = [...initContainerStatuses, ...containerStatuses].filter(({ ready }) => !ready);
      return failing.flatMap((status) => statesOf(status).map((text) => withoutNames(text, pod)));
    });
    return [...new Set(texts)];
  }

  /** Last lines of the logs of such containers, of their last run; each once. */
  lastLines(namespace: string, prefix: string, container = prefix): readonly string[] {
    const lines = this.pods(namespace, prefix).flatMap(({ metadata: { name }, status }) => {
      const one = status?.containerStatuses?.find((each) => each.name === container && !each.ready);
      if (one === undefined) return [];
      const text = this.cluster.kubelets.logOf(namespace, name, container);
      return text.trimEnd().split('\n').slice(-1);
    });
    return [...new Set(lines)];
  }

  /** Repairs it, and lets that take effect. */
  repair(afterMs = 600_000): this {
    this.fault.repair?.(this.cluster);
    this.cluster.clock.advance(afterMs);
    return this;
  }
}

type ContainerStatus = NonNullable<NonNullable<Pod['status']>['containerStatuses']>[number];

function statesOf({ name, state = {}, lastState = {} }: ContainerStatus): readonly string[] {
  const { waiting, running } = state;
  const ended = state.terminated ?? lastState.terminated;
  return [
    ...(waiting === undefined ? [] : [`${name} ${waiting.reason ?? ''}: ${waiting.message ?? ''}`]),
    ...(running === undefined ? [] : [`${name} running`]),
    ...(ended === undefined ? [] : [`${name} ended ${ended.reason ?? ''} ${ended.exitCode}`]),
  ];
}

function withoutNames(text: string, { metadata: { name, uid = '' } }: Pod): string {
  return text
    .replaceAll(name, 'POD')
    .replaceAll(uid, 'UID')
    .replace(/^(\S+ CrashLoopBackOff: back-off) \w+/, '$1 TIME');
}
