/**
 * Kinds beside the core API that AIA reads with types: aggregated and extension kinds, Gateway API, cert-manager, GKE. Written by
 * hand, since no package of types covers them; only the fields that are read.
 */
import type { CertificateKindMap } from './certificate-kinds.ts';
import type { CustomCondition } from './condition.ts';
import type { KubeObject } from './kube-object.ts';

/** Gateway API, https://gateway-api.sigs.k8s.io/reference/spec/ */
export interface GatewayClass extends KubeObject {
  readonly spec?: { readonly controllerName?: string };
  readonly status?: { readonly conditions?: readonly CustomCondition[] };
}

/** A reference of the Gateway API; group, kind and namespace default by where it stands. */
export interface GatewayReference {
  readonly group?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly sectionName?: string;
  readonly port?: number;
}

/** One port of a Gateway, for one host name or all. */
export interface GatewayListener {
  readonly name?: string;
  readonly hostname?: string;
  readonly port?: number;
  readonly protocol?: string;
  readonly tls?: { readonly mode?: string; readonly certificateRefs?: readonly GatewayReference[] };
}

/** Gateway API: what listens for traffic from outside. */
export interface Gateway extends KubeObject {
  readonly spec?: { readonly gatewayClassName?: string; readonly listeners?: readonly GatewayListener[] };
  readonly status?: {
    readonly addresses?: readonly { readonly type?: string; readonly value?: string }[];
    readonly conditions?: readonly CustomCondition[];
  };
}

/** Gateway API: which requests go to which Service. */
export interface HTTPRoute extends KubeObject {
  readonly spec?: {
    readonly parentRefs?: readonly GatewayReference[];
    readonly hostnames?: readonly string[];
    readonly rules?: readonly { readonly backendRefs?: readonly GatewayReference[] }[];
  };
}

/** Allows references from other namespaces into its own. */
export interface ReferenceGrant extends KubeObject {
  readonly spec?: {
    readonly from?: readonly { readonly group?: string; readonly kind?: string; readonly namespace?: string }[];
    readonly to?: readonly { readonly group?: string; readonly kind?: string; readonly name?: string }[];
  };
}

/** An API that the API server hands to a Service. */
export interface APIService extends KubeObject {
  readonly spec?: {
    readonly service?: { readonly name?: string; readonly namespace?: string; readonly port?: number };
    readonly group?: string;
    readonly version?: string;
    readonly caBundle?: string;
    readonly insecureSkipTLSVerify?: boolean;
  };
  readonly status?: { readonly conditions?: readonly CustomCondition[] };
}

/** `group/Kind` → type. The keys are the arguments of `ClusterSnapshot.listCustom`. */
export interface CustomKindMap extends CertificateKindMap {
  'apiregistration.k8s.io/APIService': APIService;
  'gateway.networking.k8s.io/Gateway': Gateway;
  'gateway.networking.k8s.io/GatewayClass': GatewayClass;
  'gateway.networking.k8s.io/HTTPRoute': HTTPRoute;
  'gateway.networking.k8s.io/ReferenceGrant': ReferenceGrant;
}
