/** How ground truth, the oracle and reports name a resource. */
import type { KubeObject } from '../model/kube-object.ts';

/** `Deployment shop/web`, `Node n1`. */
export function entityOf({ kind, metadata }: KubeObject): string {
  const { namespace, name } = metadata;
  return namespace === undefined ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}
