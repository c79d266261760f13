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

  /** Repairs it, and lets that take effect. */
  repair(afterMs = 600_000): this {
    this.fault.repair?.(this.cluster);
    this.cluster.clock.advance(afterMs);
    return this;
  }
}
