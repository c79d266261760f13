/**
 * Kinds beside the core API that AIA reads with types: aggregated and extension kinds, Gateway API, cert-manager, GKE. Written by
 * hand, since no package of types covers them; only the fields that are read.
 */
import type { CertificateKindMap } from './certificate-kinds.ts';
import type { CustomCondition } from './condition.ts';
import type { GatewayKindMap } from './gateway-kinds.ts';
import type { KubeObject } from './kube-object.ts';

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
export interface CustomKindMap extends CertificateKindMap, GatewayKindMap {
  'apiregistration.k8s.io/APIService': APIService;
}
