/**
 * What the programs in containers, the registries and the machines do, which no object tells: the table stands beside the objects, so that
 * whoever looks at the cluster sees only what a real one would show. Plain data and functions of time; faults are rows in it.
 */
import type { Container } from '../../model/kinds.ts';

import type {
  DomainBehaviour,
  DomainPlace,
  IssuerBehaviour,
  IssuerPlace,
} from '../certificates/certificate-behaviour.ts';

/** The probes of a container. */
export type ProbeKind = 'startup' | 'liveness' | 'readiness';

/** How a container behaves each time it is started. */
export interface ContainerBehaviour {
  /** From the start of the process to the first moment at which probes succeed. Default 1000; 0 without a program of its own. */
  readonly startMs?: number;
  /** When the process ends by itself, counted from its start; never by default, after 1000 for init containers and 5000 for pods of jobs. */
  readonly exitsAfterMs?: number;
  /** Of an end by itself. Default 0. */
  readonly exitCode?: number;
  /** What it writes to its termination message file when it ends. */
  readonly terminationMessage?: string;
  /** What stands against its configuration beyond what objects tell: `failed to prepare subPath for volumeMount "data" of container "app"`. */
  readonly configError?: string;
  /** Why the runtime cannot create it at all: `CreateContainerError`. */
  readonly createError?: string;
  /** Why the runtime cannot start it, such as `exec: "serve": executable file not found in $PATH`: `RunContainerError`. */
  readonly startError?: string;
  /** From here on it answers nothing any more although the process runs, counted from its start. */
  readonly hangsAfterMs?: number;
  /** Probes that never succeed although the process runs. */
  readonly failsProbes?: readonly ProbeKind[];
  /** What probes that do not succeed are answered; by default what a program does that is not there yet, or does not answer. */
  readonly probeAnswer?: ProbeAnswer;
  /** Ports on which something listens; all that probes ask for by default. */
  readonly listens?: readonly number[];
  /** Milliseconds that it takes to end after SIGTERM; default 100. `Infinity` for programs that ignore it. */
  readonly stopMs?: number;
  /** Of an end after SIGTERM; default 0. */
  readonly stopExitCode?: number;
  /** Milliseconds that `lifecycle.preStop` takes; default what its `sleep` says, else 0. */
  readonly preStopMs?: number;
  /** Why `lifecycle.postStart` fails. */
  readonly postStartError?: string;
  /** Amounts used as a function of the milliseconds since its start; default a tenth of the requests. */
  readonly usage?: UsageCurve;
  /** Lines that it logs when it starts. */
  readonly log?: readonly string[];
  /** Lines that it logs when it ends by itself. */
  readonly lastWords?: readonly string[];
  /** Needs (other than objects that the pod names): `name.namespace:port` of Services that must have ready endpoints, else it exits with 1. */
  readonly needs?: readonly string[];
  /** It ended for want of memory on its node: it is taken to go on once more is requested for it. */
  readonly lacksNodeMemory?: boolean;
}

/** How a probe fails: an HTTP status, output of a command with its exit code, nobody listening, or no answer in time. */
export type ProbeAnswer = { readonly status: number } | { readonly output: string } | 'refused' | 'timeout';

/** Amounts at a time. `ephemeralBytes`: what it has written to its own layer, logs and `emptyDir` volumes. */
export interface UsageCurve {
  (sinceStartMs: number): {
    readonly cpuMillis: number;
    readonly memoryBytes: number;
    readonly ephemeralBytes?: number;
    /** Of that, by name of the `emptyDir` volume. */
    readonly volumeBytes?: Readonly<Record<string, number>>;
  };
  /** It never uses more memory and writes nothing to disk, which spares looking whether something runs short; unknown without. */
  readonly peakMemoryBytes?: number;
}

/** What a registry answers for an image. */
export interface ImageBehaviour {
  /** Default 2000. */
  readonly pullMs?: number;
  /** Bytes; default 50 MB. */
  readonly sizeBytes?: number;
  /** The runtime's words, such as `rpc error: code = NotFound desc = …`; the image is there without. */
  readonly pullError?: string;
  /** The user that the image runs as, a number or a name; `''` or absent is root. */
  readonly user?: string;
  /** Nobody gets it without one of the pod's pull secrets. */
  readonly needsSecret?: boolean;
}

/** What a machine does beside its pods. */
export interface NodeBehaviour {
  /** Memory used outside of pods; default 5 % of the capacity. */
  readonly systemMemoryBytes?: number;
  /** CPU used outside of pods; default 100. */
  readonly systemCpuMillis?: number;
  /** Bytes of its disk used outside of pods and images; default 10 % of the capacity. */
  readonly systemDiskBytes?: number;
  /** Why its kubelet takes no new pods, such as `UnexpectedAdmissionError` with the words of a device plugin. */
  readonly admissionError?: { readonly reason: string; readonly message: string };
  /** Why no pod gets a network, such as `plugin type="calico" failed (add): …`: `FailedCreatePodSandBox`. */
  readonly sandboxError?: string;
  /** Why volumes of a type of CSI driver (or of every type, `*`) cannot be mounted: the driver's words. */
  readonly mountErrors?: Readonly<Record<string, string>>;
}

/** Where a container is. */
export interface ContainerPlace {
  readonly namespace: string;
  readonly pod: string;
  readonly node: string;
  /** Topmost owner as `Kind/name`, or `Pod/name`. */
  readonly workload: string;
  readonly container: string;
  readonly role: ContainerRole;
  readonly image: string;
  /** How often it was started before. */
  readonly restarts: number;
  /** Of the pod. */
  readonly labels: Readonly<Record<string, string>>;
  /** Of the pod. */
  readonly uid: string;
  /** As the pod asks for it. */
  readonly spec: Container;
  /** Value of an environment variable of the container; `undefined` where it is not set. */
  env(name: string): string | undefined;
}

/** `sidecar`: an init container that restarts always. */
export type ContainerRole = 'init' | 'sidecar' | 'main' | 'ephemeral';

/** The table. All functions must give the same answer each time they are asked the same at the same time. */
export interface Behaviours {
  container(place: ContainerPlace): ContainerBehaviour;
  image(image: string): ImageBehaviour;
  /** Default: nothing out of the ordinary. */
  node?(name: string): NodeBehaviour;
  /** Values of custom and external metrics, which autoscalers ask for; there are none without. */
  readonly metric?: ((question: MetricQuestion) => number | undefined) | undefined;
  /** How the storage system behind a driver makes a volume; promptly without. */
  volume?(place: VolumePlace): VolumeBehaviour;
  /** Why the metrics API does not answer, such as `the server is currently unable to handle the request (get pods.metrics.k8s.io)`. */
  metricsError?(): string | undefined;
  /** Whether an admission webhook of that name answers; it does without, where pods are ready behind its Service. */
  webhook?(name: string): WebhookBehaviour;
  /** What whoever signs certificates answers; promptly and well without. */
  issuer?(place: IssuerPlace): IssuerBehaviour;
  /** What Google finds when it checks a domain of a ManagedCertificate; the load balancer without. */
  domain?(place: DomainPlace): DomainBehaviour;
}

/** What calls of an admission webhook come to. */
export interface WebhookBehaviour {
  /** Why they fail although pods are ready, such as `context deadline exceeded`. */
  readonly callError?: string;
}

/** For which claim a volume is made. */
export interface VolumePlace {
  readonly namespace: string;
  readonly claim: string;
  readonly storageClass: string;
  readonly driver: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** What comes of it. */
export interface VolumeBehaviour {
  /** Default 2000. */
  readonly provisionMs?: number;
  /** Why it cannot be made, such as `rpc error: code = ResourceExhausted desc = …`. */
  readonly provisionError?: string;
}

/** Which metric, of which object, at which moment. */
export interface MetricQuestion {
  readonly name: string;
  readonly namespace: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** The pod or other object that it describes; none for external metrics. */
  readonly about?: { readonly kind: string; readonly name: string };
  /** Of the selector, which tells series of one name apart. */
  readonly labels: Readonly<Record<string, string>>;
}

/** Every image is there, every program starts and goes on. */
export const HEALTHY: Behaviours = { container: () => ({}), image: () => ({}) };
