/**
 * What recorded pods showed of their programs and images: whoever failed fails again, in its pod and in those that replace it, until what
 * it is made of is changed.
 */
import type { NodeMetrics, PodMetrics } from '../../model/kinds.ts';
import type { ContainerBehaviour, ContainerPlace } from './behaviour.ts';
import { lastingPart, type RecordedProgram } from './lasting-part.ts';

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
  /** Images whose registry refused pods without a pull secret that is there: who has one gets them. */
  readonly locked = new Set<string>();
  /** Names and ids of images as runtimes showed them, by the image of the spec. */
  readonly shownImages = new Map<string, { readonly image: string; readonly imageID: string }>();
  /** What the metrics API said at the moment of the record, by `namespace/name`, and by name for nodes. */
  readonly metrics = new Map<string, PodMetrics | NodeMetrics>();
  /** Repositories of images that ran where no root may: later and earlier ones of them are taken to have such a user too. */
  readonly rootless = new Set<string>();
  /** Why a node gives no pod a network, by its name. */
  readonly sandboxErrors = new Map<string, string>();
  /** What containers used last, by `namespace/workload/container`. */
  readonly usage = new Map<string, Usage>();
  /** How many pods an autoscaler counted when usage was first asked for, by `namespace/workload`. */
  readonly replicas = new Map<string, number>();
  readonly #containers = new Map<
    string,
    { readonly program: RecordedProgram; readonly behaviour: ContainerBehaviour }
  >();

  readonly #over = new Map<string, () => boolean>();

  note(place: ContainerPlace, program: RecordedProgram, behaviour: ContainerBehaviour): void {
    const key = keyOf(place);
    const known = this.#containers.get(key)?.behaviour;
    this.#containers.set(key, { program, behaviour: { ...known, ...behaviour } });
  }

  /** The next one of this container is another program than the recorded one. */
  forget(place: Place): void {
    this.#containers.delete(keyOf(place));
  }

  /** Has what is recorded of a container last no longer than something holds. */
  forgetOnce(place: Place, isOver: () => boolean): void {
    this.#over.set(keyOf(place), isOver);
  }

  /** `program`: of the container as it is now; asked for only where something is recorded of it. */
  container(place: ContainerPlace, program: () => RecordedProgram): ContainerBehaviour | undefined {
    const found = this.#containers.size === 0 ? undefined : this.#containers.get(keyOf(place));
    if (found !== undefined && this.#over.get(keyOf(place))?.() === true) return undefined;
    return found && lastingPart(found.behaviour, found.program, program());
  }
}

type Place = Pick<ContainerPlace, 'namespace' | 'workload' | 'container'>;

function keyOf({ namespace, workload, container }: Place): string {
  return `${namespace}/${workload}/${container}`;
}
