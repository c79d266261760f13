/**
 * What recorded pods showed of their programs and images: whoever failed fails again, in its pod and in those that replace it, until what
 * it is made of is changed.
 */
import type { Container, NodeMetrics, PodMetrics } from '../../model/kinds.ts';
import type { ContainerBehaviour, ContainerPlace } from './behaviour.ts';

/** Amounts at a moment. */
export interface Usage {
  readonly cpuMillis: number;
  readonly memoryBytes: number;
  /** Written layers, logs and `emptyDir` volumes. */
  readonly ephemeralBytes: number;
}

/** Filled while pods are adopted; a table of behaviours counts more. */
export class RecordedBehaviour {
  /** Texts of runtimes by image. */
  readonly pullErrors = new Map<string, string>();
  /** Names and ids of images as runtimes showed them, by the image of the spec. */
  readonly shownImages = new Map<string, { readonly image: string; readonly imageID: string }>();
  /** What the metrics API said at the moment of the record, by `namespace/name`, and by name for nodes. */
  readonly metrics = new Map<string, PodMetrics | NodeMetrics>();
  /** Why a node gives no pod a network, by its name. */
  readonly sandboxErrors = new Map<string, string>();
  /** What containers used last, by `namespace/workload/container`. */
  readonly usage = new Map<string, Usage>();
  readonly #containers = new Map<string, { readonly program: string; readonly behaviour: ContainerBehaviour }>();

  note(place: ContainerPlace, spec: Container, behaviour: ContainerBehaviour): void {
    const key = keyOf(place);
    const known = this.#containers.get(key)?.behaviour;
    this.#containers.set(key, { program: programOf(spec), behaviour: { ...known, ...behaviour } });
  }

  container(place: ContainerPlace, spec: Container): ContainerBehaviour | undefined {
    if (this.#containers.size === 0) return undefined;
    const found = this.#containers.get(keyOf(place));
    return found?.program === programOf(spec) ? found.behaviour : undefined;
  }
}

function keyOf({ namespace, workload, container }: ContainerPlace): string {
  return `${namespace}/${workload}/${container}`;
}

/** With any of it changed nobody knows what the program does. */
function programOf({ image, command, args, env, envFrom, workingDir, securityContext }: Container): string {
  return JSON.stringify([image, command, args, env, envFrom, workingDir, securityContext]);
}
