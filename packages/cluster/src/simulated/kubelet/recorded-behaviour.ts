/**
 * What recorded pods showed of their programs and images: whoever failed fails again, in its pod and in those that replace it, until what
 * it is made of is changed.
 */
import type { NodeMetrics, PodMetrics } from '../../model/kinds.ts';
import type { ContainerBehaviour, ContainerPlace } from './behaviour.ts';
import { registryOf } from './image-reference.ts';
import { lastingPart, type RecordedProgram } from './lasting-part.ts';

/** Amounts at a moment. */
export interface Usage {
  readonly cpuMillis: number;
  readonly memoryBytes: number;
  /** Written layers, logs and `emptyDir` volumes. */
  readonly ephemeralBytes: number;
}

/** Refuses access to what does not exist as well. */
const PUBLIC = 'docker.io';
/** A registry that is not reached, or limits how often it may be asked, gives no other image either. */
const WHOLE_REGISTRY =
  /toomanyrequests|\b429 Too Many Requests|no such host|i\/o timeout|connection refused|connection reset|TLS handshake timeout|no route to host|network is unreachable/i;

/** What all pods of a workload bear together. */
export interface SharedLoad {
  /** CPU of one pod when it was measured, thousandths; `undefined` where nobody measured it. */
  readonly cpuMillis: number | undefined;
  /** Of what one pod bore then, what it bears now. */
  share(): number;
}

/** Filled while pods are adopted; a table of behaviours counts more. */
export class RecordedBehaviour {
  readonly #pullErrors = new Map<string, string>();
  /** By host: the image that it was asked for, and what it answered whatever the image. */
  readonly #registryErrors = new Map<string, { readonly image: string; readonly error: string }>();
  readonly #refused = new Set<string>();
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
  /** Why no pod can mount a volume whose file system is damaged, by the name of the PersistentVolume. */
  readonly damagedVolumes = new Map<string, string>();
  /** What containers used last, by `namespace/workload/container`. */
  readonly usage = new Map<string, Usage>();
  /** Loads that autoscalers scale by, by `namespace/workload`. */
  readonly loads = new Map<string, SharedLoad>();
  readonly #containers = new Map<
    string,
    { readonly program: RecordedProgram; readonly behaviour: ContainerBehaviour }
  >();

  readonly #over = new Map<string, () => boolean>();

  /** `isRefused`: the registry does not let the node's own credentials in. Where it does so for several images, it does so for all. */
  notePull(image: string, error: string, isRefused: boolean): void {
    const host = registryOf(image);
    const isClosed =
      isRefused && host !== PUBLIC && [...this.#refused].some((one) => one !== image && registryOf(one) === host);
    this.#pullErrors.set(image, error);
    if (isRefused) this.#refused.add(image);
    if (isClosed || WHOLE_REGISTRY.test(error.replaceAll(image, ''))) this.#registryErrors.set(host, { image, error });
  }

  /** What the runtime says of a pull; `undefined` where nothing recorded stands against it. */
  pullErrorOf(image: string): string | undefined {
    const own = this.#pullErrors.get(image);
    if (own !== undefined) return own;
    const other = this.#registryErrors.get(registryOf(image));
    return other?.error.replaceAll(other.image, image);
  }

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
