/** Kinds of the Gateway API; only the fields that are read. */
import type { CustomCondition } from './condition.ts';
import type { KubeObject } from './kube-object.ts';
import type { LabelSelector } from './selector.ts';

/** Gateway API, https://gateway-api.sigs.k8s.io/reference/spec/ */
export interface GatewayClass extends KubeObject {
  readonly spec?: { readonly controllerName?: string };
  readonly status?: { readonly conditions?: readonly CustomCondition[] };
}

/** An object of the Gateway API that names another; group, kind and namespace have defaults that depend on the place. */
export interface GatewayReference {
  readonly group?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly name: string;
}

/** One port of a Gateway, for one host name or all. */
export interface GatewayListener {
  readonly name: string;
  readonly hostname?: string;
  readonly port?: number;
  readonly protocol?: string;
  readonly tls?: { readonly mode?: string; readonly certificateRefs?: readonly GatewayReference[] };
  readonly allowedRoutes?: {
    readonly namespaces?: { readonly from?: string; readonly selector?: LabelSelector };
    readonly kinds?: readonly { readonly group?: string; readonly kind: string }[];
  };
}

/** What listens for traffic from outside. */
export interface Gateway extends KubeObject {
  readonly spec?: {
    readonly gatewayClassName?: string;
    readonly listeners?: readonly GatewayListener[];
    /** That are asked for: `NamedAddress` on GKE. */
    readonly addresses?: readonly { readonly type?: string; readonly value?: string }[];
  };
  readonly status?: {
    readonly conditions?: readonly CustomCondition[];
    readonly addresses?: readonly { readonly type?: string; readonly value?: string }[];
    readonly listeners?: readonly {
      readonly name: string;
      readonly attachedRoutes?: number;
      readonly conditions?: readonly CustomCondition[];
    }[];
  };
}

/** What a route attaches to; one listener of it where `sectionName` or `port` is given. */
export interface ParentReference extends GatewayReference {
  readonly sectionName?: string;
  readonly port?: number;
}

/** What a rule of a route sends traffic to; a weight of 0 sends none. */
export interface BackendReference extends GatewayReference {
  readonly port?: number;
  readonly weight?: number;
}

/** HTTPRoute, GRPCRoute, TLSRoute, TCPRoute and UDPRoute, as far as they are alike. */
export interface GatewayRoute extends KubeObject {
  readonly spec?: {
    readonly parentRefs?: readonly ParentReference[];
    readonly hostnames?: readonly string[];
    readonly rules?: readonly { readonly backendRefs?: readonly BackendReference[] }[];
  };
  readonly status?: {
    readonly parents?: readonly {
      readonly parentRef?: ParentReference;
      readonly controllerName?: string;
      readonly conditions?: readonly CustomCondition[];
    }[];
  };
}

/** Lets objects of other namespaces name objects of its own. */
export interface ReferenceGrant extends KubeObject {
  readonly spec?: {
    readonly from?: readonly { readonly group?: string; readonly kind: string; readonly namespace: string }[];
    readonly to?: readonly { readonly group?: string; readonly kind: string; readonly name?: string }[];
  };
}

/** `group/Kind` → type. */
export interface GatewayKindMap {
  'gateway.networking.k8s.io/GatewayClass': GatewayClass;
  'gateway.networking.k8s.io/Gateway': Gateway;
  'gateway.networking.k8s.io/HTTPRoute': GatewayRoute;
  'gateway.networking.k8s.io/GRPCRoute': GatewayRoute;
  'gateway.networking.k8s.io/TLSRoute': GatewayRoute;
  'gateway.networking.k8s.io/TCPRoute': GatewayRoute;
  'gateway.networking.k8s.io/UDPRoute': GatewayRoute;
  'gateway.networking.k8s.io/ReferenceGrant': ReferenceGrant;
}
