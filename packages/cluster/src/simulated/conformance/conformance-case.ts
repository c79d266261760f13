/**
 * Cases of documented Kubernetes behaviour, as data: what there is, what is asked over the API, what it answers. Nothing in them reaches
 * into the simulation, so that the same tables can be held against a real cluster through its HTTP.
 */
import type { KubeObject } from '../../model/kube-object.ts';
import type { ContainerBehaviour, ImageBehaviour } from '../kubelet/behaviour.ts';

/** One documented behaviour. */
export interface ConformanceCase {
  /** A sentence. Unique. */
  readonly name: string;
  /** Page of kubernetes.io, or path in kubernetes/kubernetes, that says so. */
  readonly source: string;
  /** Namespaces that are made first; default `['shop']`. */
  readonly namespaces?: readonly string[];
  /** Nodes with a running kubelet; default none. */
  readonly nodes?: readonly NodeShape[];
  /** What containers of an image do, where not simply run; a real cluster would use real images for it. */
  readonly behaviours?: Readonly<Record<string, ContainerBehaviour & ImageBehaviour>>;
  /** Made in this order before the first step; an object's `status` is written through its subresource. */
  readonly given?: readonly Json[];
  readonly steps: readonly Step[];
}

/** A node by what differs between nodes. */
export interface NodeShape {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: readonly { readonly key: string; readonly value?: string; readonly effect: string }[];
  /** Default `{ cpu: '4', memory: '16Gi', pods: '110' }`. */
  readonly capacity?: Readonly<Record<string, string>>;
}

/** Anything that JSON can say, as an object. */
export type Json = Readonly<Record<string, unknown>>;

/** A request and what must come of it, or nothing but time. */
export type Step = RequestStep | { readonly passMs: number };

export interface RequestStep extends ApiRequest {
  /** Under which name later steps find the body of the answer: `'${made.metadata.uid}'` in any text of theirs. */
  readonly keep?: string;
  readonly expect?: Expectation;
  /** Asks again until the expectation holds, at most for so many milliseconds of the cluster's time. */
  readonly eventuallyMs?: number;
  /** The expectation must hold now and during all of so many milliseconds of the cluster's time. */
  readonly staysMs?: number;
}

/** One request, in the words of https://kubernetes.io/docs/reference/using-api/api-concepts/. */
export interface ApiRequest {
  readonly verb: 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'apply' | 'delete' | 'deletecollection';
  /** Group, version and plural: `v1/pods`, `apps/v1/deployments`. */
  readonly resource: string;
  /** Without it a cluster-scoped object, or a list over all namespaces. */
  readonly namespace?: string;
  readonly name?: string;
  /** `status`, `scale`, `eviction`, … */
  readonly subresource?: string;
  /** The object, the patch, or the `DeleteOptions`. */
  readonly body?: unknown;
  /** For `update`: the kept answer that the body is laid over, as a JSON merge patch. */
  readonly onto?: string;
  /** For `patch`; default `merge`. */
  readonly patchType?: 'merge' | 'json' | 'strategic';
  /** Query parameters as in the URL: `labelSelector`, `limit`, `dryRun`, `fieldManager`, `force`, … */
  readonly query?: Readonly<Record<string, string>>;
  /** Header of that name: the form of the answer; JSON without it. */
  readonly accept?: string;
  /** Who asks, by impersonation; an administrator without it. */
  readonly user?: { readonly name: string; readonly groups?: readonly string[] };
}

/** What an answer must be. Without `code` any success will do. */
export interface Expectation {
  /** HTTP status. */
  readonly code?: number;
  /** `reason` of a Status. */
  readonly reason?: string;
  /** `message` of a Status, whole. */
  readonly message?: string | RegExp;
  /**
   * What the body has at least: objects may have more fields, arrays have the same length. A `RegExp` stands for texts that match it, a
   * function-free {@link ABSENT} for fields that must not be there.
   */
  readonly body?: unknown;
  /** What some item of a list must have, for each; in any order. */
  readonly some?: readonly unknown[];
  /** What no item of a list may have. */
  readonly none?: readonly unknown[];
  /** How many items a list has. */
  readonly count?: number;
  /** Names of the items of a list, in order. */
  readonly names?: readonly string[];
  /** For `watch`: the first events, in order, as {@link body} has it. Bookmarks count only where asked for. */
  readonly events?: readonly unknown[];
}

/** Stands for a field that must not be there. */
export const ABSENT = Symbol('absent');

/** What came back. */
export interface Answer {
  readonly code: number;
  /** An object, a list, a Status; for `watch` the events so far; text of logs. */
  readonly body: unknown;
}

/** A cluster to hold cases against. */
export interface ConformanceTarget {
  send(request: ApiRequest): Promise<Answer>;
  /** Lets time pass; a real cluster waits. */
  pass(ms: number): Promise<void>;
  /** Lets time pass until something may have changed, at most until `ms` are over; returns how many passed. */
  passSome(ms: number): Promise<number>;
  /** Plural, version and scope of an object's kind, as discovery says. */
  resourceOf(object: Pick<KubeObject, 'apiVersion' | 'kind'>): {
    readonly resource: string;
    readonly hasStatus: boolean;
  };
  addNode(node: NodeShape): Promise<void>;
}
