/** What a node knows of its pods beyond their objects: processes, sandboxes, what is being done. Mutable; nothing outside of `kubelet/` sees it. */
import type { Container, Node, Pod } from '../../model/kinds.ts';
import type { Random } from '../clock/random.ts';
import type { Timer } from '../clock/virtual-clock.ts';
import type { SimulationContext } from '../simulation-context.ts';
import type { BackOff } from './back-off.ts';
import type { ContainerBehaviour, ContainerRole, ProbeKind } from './behaviour.ts';
import type { RecordedBehaviour, Usage } from './recorded-behaviour.ts';
import type { Wording } from './wording.ts';

/** A pod on its node. */
export interface PodRuntime {
  /** As the API server has it. */
  object: Pod;
  readonly uid: string;
  readonly node: NodeRuntime;
  /** In the order of the spec: init containers, containers, ephemeral ones. */
  containers: readonly ContainerRuntime[];
  readonly startedAt: number;
  /** Since when its network is there. */
  sandboxAt: number | undefined;
  /** `undefined` until the sandbox is there. */
  ip: string | undefined;
  /** All init containers have ended well since the sandbox was made, so that they are not needed again. */
  isInitialized: boolean;
  /** All volumes are mounted. */
  mounted: boolean;
  mounting: Mounting | undefined;
  /** What is being done right now, one thing at a time, and what comes of it. */
  work: Work | undefined;
  ending: Ending | undefined;
  /** Phase that does not change any more, once all processes are gone. */
  finished: Finish | undefined;
  /** Changes of the pod by others that the kubelet has granted. */
  resize: Resize | undefined;
  /** When the pod needs the next look; set anew at each. */
  wakeAt: number;
  timer: Timer | undefined;
  /** Its own write of the status must not wake it. */
  isWriting: boolean;
  /** Its kubelet has looked at it, and has taken it or not. */
  isKnown: boolean;
  /** It was not taken in. */
  isRefused: boolean;
  /** Behaviours have changed since its processes were started. */
  isStale: boolean;
  /** The machine was off since it was looked at last. */
  isRebooted: boolean;
  /** Why its kubelet ends it. */
  disruption: NonNullable<NonNullable<Pod['status']>['conditions']>[number] | undefined;
  /** Status that was worked out last; only what differs is written. */
  reported: Pod['status'];
  /** It was recorded long after it should have gone, and goes on not going. */
  isLingering: boolean;
  /** What kept a recorded pod from starting, of which its objects show nothing: reason and message of its latest event. */
  stuck: Problem | undefined;
}

export interface Work {
  readonly until: number;
  finish(now: number): void;
}

/** Volumes that do not mount. */
export interface Mounting {
  readonly since: number;
  retryAt: number;
  delayMs: number;
  /** When the next summary is due. */
  giveUpAt: number;
}

/** Why all processes of a pod are being ended. */
export interface Ending {
  readonly why: 'deleted' | 'failed' | 'completed';
  graceMs: number;
  readonly since: number;
  /** What the pod is then; follows from how its containers ended where nothing is given. */
  readonly finish?: Finish;
}

/** Phase, reason and message of a pod that is over. */
export interface Finish {
  readonly phase: 'Succeeded' | 'Failed';
  readonly reason?: string;
  readonly message?: string;
}

/** See `resize.ts`. */
export interface Resize {
  readonly state: 'Deferred' | 'Infeasible' | 'InProgress';
  readonly message: string;
  readonly since: number;
}

/** One container of a pod. */
export interface ContainerRuntime {
  spec: Container;
  readonly role: ContainerRole;
  /** How often it was created again. */
  restarts: number;
  run: Run | undefined;
  /** How the latest process ended, while none runs. */
  ended: Ended | undefined;
  /** How the one before the latest ended. */
  last: Ended | undefined;
  /** Why it could not be started when it was tried last; shown until it runs. */
  problem: Problem | undefined;
  /** Not to be tried before. */
  retryAt: number;
  crashes: BackOff | undefined;
  pulls: (BackOff & { readonly text: string }) | undefined;
  /** Image and its id as the runtime shows them, of the latest process. */
  shown: { readonly image: string; readonly imageID: string } | undefined;
  /** What was granted to it. */
  resources: Container['resources'];
  /** What it used when it was recorded, worked out for the resources that it had. */
  recorded?: { readonly of: Container['resources']; readonly usage: Usage };
}

export interface Problem {
  readonly reason: string;
  readonly message: string;
}

/** A process that runs. */
export interface Run {
  readonly id: string;
  readonly startedAt: number;
  behaviour: ContainerBehaviour;
  /** When it ends by itself. */
  end: PlannedEnd | undefined;
  /** When it ends because it was told to. */
  stop: PlannedEnd | undefined;
  readonly probes: Map<ProbeKind, ProbeRun>;
  started: boolean;
  ready: boolean;
}

export interface PlannedEnd {
  readonly at: number;
  readonly exitCode: number;
  readonly reason: string;
  readonly message?: string;
}

/** A process that ran, or could not. */
export interface Ended {
  readonly id: string;
  /** Epoch milliseconds; 0 when it never ran. */
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly exitCode: number;
  readonly reason: string;
  readonly message?: string;
  readonly behaviour?: ContainerBehaviour;
}

/** What a probe has answered so far. */
export interface ProbeRun {
  nextAt: number;
  /** Equal results in a row. */
  count: number;
  succeeds: boolean | undefined;
}

/** One machine. */
export interface NodeRuntime {
  readonly name: string;
  object: Node | undefined;
  /** Its kubelet works. */
  isUp: boolean;
  /** It was stopped, and stays so until it is started again. */
  wasStopped: boolean;
  /** It is on its way off, and takes no more pods. */
  isShuttingDown: boolean;
  /** The whole machine is off, not the kubelet alone. */
  isDead: boolean;
  /** When its kubelet was last heard of, once it does not work. */
  heardAt: number;
  readonly pods: Map<string, PodRuntime>;
  /** Sizes in bytes by the name that runtimes give the image. */
  readonly images: Map<string, number>;
  /** How many of them the Node was told of, or will be. */
  reportedImages: number;
  readonly usedIps: Set<string>;
  nextIp: number;
  pressure: PressureState;
  /** How often something on it was looked at, and may have changed. */
  looks: number;
}

/** See `eviction/`. */
export interface PressureState {
  /** What a fault says is left, instead of what usage leaves. */
  readonly available: Map<'memory' | 'disk', number>;
  /** Since when a condition holds, and when it was seen last. */
  readonly seen: Map<'memory' | 'disk', { readonly since: number; lastAt: number }>;
  /** {@link NodeRuntime.looks} when nothing could run short. */
  calmAt: number | undefined;
  timer: Timer | undefined;
}

/** What kubelets work with. */
export interface Kubelet extends Omit<SimulationContext, 'kubelets'> {
  readonly random: Random;
  readonly wording: Wording;
  /** Kinds of which a recorded cluster was not read, so that absence means nothing. */
  readonly unread: ReadonlySet<string>;
  readonly recorded: RecordedBehaviour;
  /** When the cluster's time began. */
  readonly startedAt: number;
}

/** `web-0_shop(8a7b…)`: how messages name a pod. */
export function podTitle({ object: { metadata }, uid }: PodRuntime): string {
  return `${metadata.name}_${metadata.namespace ?? ''}(${uid})`;
}

/** Asks for a look at a pod at a time; the earliest counts. */
export function wake(pod: PodRuntime, at: number): void {
  if (at < pod.wakeAt) pod.wakeAt = at;
}

/** Tells what happened, in the name of the pod's kubelet. */
export function tell(
  kubelet: Kubelet,
  pod: PodRuntime,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
  container?: ContainerRuntime,
): void {
  const source = { component: 'kubelet', host: pod.node.name };
  const fieldPath = container === undefined ? undefined : fieldPathOf(container);
  kubelet.events.record(pod.object, type, reason, message, fieldPath === undefined ? source : { ...source, fieldPath });
}

function fieldPathOf({ role, spec }: ContainerRuntime): string {
  const list = role === 'main' ? 'containers' : role === 'ephemeral' ? 'ephemeralContainers' : 'initContainers';
  return `spec.${list}{${spec.name}}`;
}

/** A runtime for a pod that the node has not seen before. */
export function newPodRuntime(object: Pod, node: NodeRuntime, startedAt: number): PodRuntime {
  return {
    object,
    uid: object.metadata.uid ?? '',
    node,
    containers: containersOf(object),
    startedAt,
    sandboxAt: undefined,
    ip: undefined,
    isInitialized: false,
    mounted: false,
    mounting: undefined,
    work: undefined,
    ending: undefined,
    finished: undefined,
    resize: undefined,
    wakeAt: Infinity,
    timer: undefined,
    isWriting: false,
    isKnown: false,
    isRefused: false,
    isStale: false,
    isRebooted: false,
    disruption: undefined,
    reported: undefined,
    isLingering: false,
    stuck: undefined,
  };
}

function containersOf({ spec }: Pod): readonly ContainerRuntime[] {
  const init = (spec?.initContainers ?? []).map((one) =>
    newContainer(one, one.restartPolicy === 'Always' ? 'sidecar' : 'init'),
  );
  const main = (spec?.containers ?? []).map((one) => newContainer(one, 'main'));
  const ephemeral = (spec?.ephemeralContainers ?? []).map((one) => newContainer(one as Container, 'ephemeral'));
  return [...init, ...main, ...ephemeral];
}

/** A container that was never started. */
function newContainer(spec: Container, role: ContainerRole): ContainerRuntime {
  return {
    spec,
    role,
    restarts: 0,
    run: undefined,
    ended: undefined,
    last: undefined,
    problem: undefined,
    retryAt: 0,
    crashes: undefined,
    pulls: undefined,
    shown: undefined,
    resources: spec.resources,
  };
}

/** Follows an object that others changed: new ephemeral containers, images, metadata. */
export function follow(pod: PodRuntime, object: Pod): void {
  if (object.spec !== pod.object.spec) {
    const known = new Map(pod.containers.map((container) => [container.spec.name, container]));
    pod.containers = containersOf(object).map((fresh) => {
      const container = known.get(fresh.spec.name);
      if (container === undefined) return fresh;
      container.spec = fresh.spec;
      return container;
    });
  }
  pod.object = object;
}
