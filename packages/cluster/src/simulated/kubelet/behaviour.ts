/**
 * What the programs in containers do, which no object tells: the table stands beside the objects, so that whoever looks at the cluster
 * sees only what a real one would show.
 */

/** How one container behaves each time it is started. */
export interface ContainerBehaviour {
  /** From the start of the process to the first moment at which probes succeed. Default 1000. */
  readonly startMs?: number;
  /** When the process ends by itself, counted from its start; never by default, and for pods of jobs after 5000. */
  readonly exitsAfterMs?: number;
  /** Default 0 where `exitsAfterMs` is given or the pod belongs to a job. */
  readonly exitCode?: number;
  /** Why the runtime cannot start it at all, such as `exec: "serve": executable file not found in $PATH`. */
  readonly startError?: string;
  /** Probes that never succeed although the process runs. */
  readonly failsProbes?: readonly ('startup' | 'liveness' | 'readiness')[];
  /** Ports on which something listens; all that probes ask for by default. */
  readonly listens?: readonly number[];
  /** Milliseconds that it takes to end after SIGTERM; default 100. */
  readonly stopMs?: number;
  /** In millicores and bytes as a function of the milliseconds since its start; default a tenth of the requests. */
  readonly usage?: UsageCurve;
  /** Lines that it logs when it starts. */
  readonly log?: readonly string[];
  /** Needs (other than objects that the pod names): `host:port` of Services that must have ready endpoints, else it exits with 1. */
  readonly needs?: readonly string[];
}

/** Amounts at a time. */
export type UsageCurve = (sinceStartMs: number) => { readonly cpuMillis: number; readonly memoryBytes: number };

/** What a registry answers for an image. */
export interface ImageBehaviour {
  /** Default 2000. */
  readonly pullMs?: number;
  /** Bytes; default 50 MB. */
  readonly sizeBytes?: number;
  /** The runtime's words, such as `rpc error: code = NotFound desc = …`; the image is there without. */
  readonly pullError?: string;
  /** The user that the image runs as; `''` or absent is root. */
  readonly user?: string;
  /** Only with one of these pull secrets (by name). */
  readonly needsSecret?: boolean;
}

/** Where a container is. */
export interface ContainerPlace {
  readonly namespace: string;
  readonly pod: string;
  /** Topmost owner as `Kind/name`, or `Pod/name`. */
  readonly workload: string;
  readonly container: string;
  readonly image: string;
  /** How often it was started before. */
  readonly restarts: number;
  /** Value of an environment variable or of a file in a mounted ConfigMap or Secret; `undefined` where it is not there. */
  readonly labels: Readonly<Record<string, string>>;
}

/** The table. Both functions must give the same answer each time they are asked the same. */
export interface Behaviours {
  container(place: ContainerPlace): ContainerBehaviour;
  image(image: string): ImageBehaviour;
}

/** Every image is there, every program starts and goes on. */
export const HEALTHY: Behaviours = { container: () => ({}), image: () => ({}) };
