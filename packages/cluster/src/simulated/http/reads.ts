/** Get and list over HTTP. */
import type { KubeObject } from '../../model/kube-object.ts';
import { apiVersionOf, type ResourceType } from '../api/resource-type.ts';

/** The list that a collection is, without its items. */
export function listEnvelope({ kind, ...type }: ResourceType, metadata: Readonly<Record<string, unknown>>) {
  return { kind: `${kind}List`, apiVersion: apiVersionOf(type), metadata };
}

/** In lists of built-in kinds items do not say again what the list has said. */
export function listItem(object: KubeObject, isCustom: boolean): unknown {
  if (isCustom) return object;
  const rest: Record<string, unknown> = { ...object };
  delete rest['apiVersion'];
  delete rest['kind'];
  return rest;
}
