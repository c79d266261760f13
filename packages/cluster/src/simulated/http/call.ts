/** One request on its way through the handler. */
import type { KubeObject } from '../../model/kube-object.ts';
import type { User } from '../api/request.ts';
import type { ResourceType } from '../api/resource-type.ts';
import type { RequestTarget } from './request-target.ts';

/** Who asks, with what only reviews show. */
export interface Identity extends User {
  readonly uid?: string;
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** One request, after its sender is known. */
export interface Call {
  readonly request: Request;
  readonly url: URL;
  readonly target: RequestTarget;
  readonly user: Identity;
  /** Texts that the client shows to its user; sent as `Warning` headers. */
  warn(text: string): void;
}

/** How a resource is served whose objects are kept in another version or under another name. */
export interface Served {
  /** As addresses and discovery name it. */
  readonly type: ResourceType;
  /** As its objects are kept. */
  readonly stored: ResourceType;
  toServed(object: KubeObject): KubeObject;
  toStored(object: KubeObject): KubeObject;
}

/** Served as it is kept. */
export function servedAsKept(type: ResourceType): Served {
  return { type, stored: type, toServed: (object) => object, toStored: (object) => object };
}

/** What answers for a resource that keeps no objects, by verb. */
export interface VirtualResource {
  readonly type: ResourceType;
  readonly verbs: Readonly<Record<string, (call: Call) => Response | Promise<Response>>>;
}
