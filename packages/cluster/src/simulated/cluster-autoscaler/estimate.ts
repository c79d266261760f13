/** How many nodes of a group waiting pods need, and which of them it would help. Source: `cluster-autoscaler/estimator` (binpacking) */
import type { Pod } from '../../model/kinds.ts';
import type { SchedulingWorld } from '../../scheduling/world.ts';
import type { Refusal } from '../../scheduling/filters/refusal.ts';
import type { MakeNode } from './group-template.ts';
import type { PodClass } from './pod-classes.ts';

/** Why no node of a group takes a pod: the filter, and Kubernetes' own texts. */
export interface Rejection {
  readonly filter: string;
  readonly reasons: readonly string[];
}

/** Classes that a fresh node takes, and why it does not take the others. */
export interface Suitability {
  readonly fitting: readonly PodClass[];
  readonly rejected: ReadonlyMap<PodClass, Rejection>;
}

/** What an expansion of a group would bring. */
export interface Estimate {
  readonly nodes: number;
  readonly pods: readonly Pod[];
}

const nameOf = (index: number) => `template-node-${index}`;

/** Which classes one more node of a group would take. */
export function suitability(world: SchedulingWorld, make: MakeNode, classes: readonly PodClass[]): Suitability {
  const trial = world.withNodes([make(nameOf(0))]);
  const rejected = new Map<PodClass, Rejection>();
  for (const one of classes) {
    const problem = trial.problemOf(one.sample);
    const refusal: Refusal | undefined = problem === undefined ? trial.refusal(one.sample, nameOf(0)) : undefined;
    if (problem !== undefined) rejected.set(one, { filter: 'VolumeBinding', reasons: [problem] });
    else if (refusal !== undefined) rejected.set(one, { filter: refusal.filter, reasons: refusal.reasons });
  }
  return { fitting: classes.filter((one) => !rejected.has(one)), rejected };
}

/** Puts the largest pods first, each on the first new node that takes it. `most`: no more nodes than these. */
export function estimate(world: SchedulingWorld, make: MakeNode, classes: readonly PodClass[], most: number): Estimate {
  const trial = world.fork();
  const names: string[] = [];
  const used = new Set<string>();
  const pods: Pod[] = [];
  for (const { pods: alike, sample } of bySize(classes, world)) {
    const isLasting = (sample.spec?.topologySpreadConstraints ?? []).length === 0;
    let from = 0;
    for (const pod of alike) {
      let at = from;
      while (at < names.length && trial.refusal(pod, names[at] as string) !== undefined) at++;
      if (at === names.length) {
        if (names.length >= most || used.size < names.length) break;
        names.push(nameOf(at));
        trial.addNode(make(nameOf(at)));
        if (trial.refusal(pod, nameOf(at)) !== undefined) break;
      }
      // A node that refused a pod refuses the next one of its kind, unless it is about how they are spread.
      if (isLasting) from = at;
      trial.place(pod, names[at] as string);
      used.add(names[at] as string);
      pods.push(pod);
    }
  }
  return { nodes: used.size, pods };
}

function bySize(classes: readonly PodClass[], world: SchedulingWorld): readonly PodClass[] {
  const sized = classes.map((one, order) => ({ one, order, ...world.requestsOf(one.sample) }));
  return sized
    .sort((a, b) => b.cpuMillis - a.cpuMillis || b.memoryBytes - a.memoryBytes || a.order - b.order)
    .map(({ one }) => one);
}

/** Pods that nodes take which are there or will be soon, so that nothing is added for them. */
export function placeable(world: SchedulingWorld, classes: readonly PodClass[]): ReadonlySet<Pod> {
  const placed = new Set<Pod>();
  for (const { pods } of classes)
    for (const pod of pods) {
      const node = world.bestNode(pod);
      if (node === undefined) break;
      world.place(pod, node);
      placed.add(pod);
    }
  return placed;
}
