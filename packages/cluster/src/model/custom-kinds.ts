/**
 * Kinds beside the core API that AIA reads with types: aggregated and extension kinds, Gateway API, cert-manager, GKE. Written by
 * hand, since no package of types covers them; only the fields that are read.
 */
import type { Condition } from 'kubernetes-types/meta/v1.js';
import type { KubeObject } from './kube-object.ts';

/** A condition as every kind writes it; hostile or old ones may lack all but type and status. */
export type CustomCondition = Readonly<Partial<Condition> & Pick<Condition, 'type' | 'status'>>;

/** Gateway API, https://gateway-api.sigs.k8s.io/reference/spec/ */
export interface GatewayClass extends KubeObject {
  readonly spec?: { readonly controllerName?: string };
  readonly status?: { readonly conditions?: readonly CustomCondition[] };
}

/** `group/Kind` → type. The keys are the arguments of `ClusterSnapshot.listCustom`. */
export interface CustomKindMap {
  'gateway.networking.k8s.io/GatewayClass': GatewayClass;
}
