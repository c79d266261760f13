/** Nodes that load balancers send to. Source: `stableNodeSetPredicates` in `k8s.io/cloud-provider/controllers/service` */
import type { KindMap } from '../../../model/kinds.ts';
import { NODES } from '../../api/built-in-types.ts';
import { isChangeOf } from '../../store/object-index.ts';
import type { Change } from '../../store/object-store.ts';

const EXCLUDED = 'node.kubernetes.io/exclude-from-external-load-balancers';
const TO_BE_DELETED = 'ToBeDeletedByClusterAutoscaler';

/** Readiness does not count: the load balancer's own health checks see to that. */
function isHost({ metadata, spec }: KindMap['Node']): boolean {
  const isLeaving = metadata.deletionTimestamp !== undefined;
  const isTainted = (spec?.taints ?? []).some(({ key }) => key === TO_BE_DELETED);
  return !isLeaving && !isTainted && metadata.labels?.[EXCLUDED] === undefined;
}

/** The set of them, kept up with the store. */
export class Hosts {
  readonly #names = new Set<string>();

  get count(): number {
    return this.#names.size;
  }

  /** Notes a change; returns whether the set is another. */
  take(change: Change): boolean {
    if (!isChangeOf(change, NODES)) return false;
    const { name } = change.object.metadata;
    const isIn = change.kind !== 'DELETED' && isHost(change.object);
    if (isIn === this.#names.has(name)) return false;
    if (isIn) this.#names.add(name);
    else this.#names.delete(name);
    return true;
  }
}
