/**
 * Empties namespaces that are being deleted, and lets them go when they are empty.
 * Source: https://kubernetes.io/docs/tasks/administer-cluster/namespaces/#deleting-a-namespace; `pkg/controller/namespace`
 */
import type { KindMap, Pod } from '../../../model/kinds.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { isFinished } from '../../../scheduling/pod-owner.ts';
import { ApiError } from '../../api/api-error.ts';
import type { ApiServer } from '../../api/api-server.ts';
import { NAMESPACES, PODS } from '../../api/built-in-types.ts';
import { kindKey, type ResourceType } from '../../api/resource-type.ts';
import type { SimulationContext } from '../../simulation-context.ts';
import { isChangeOf } from '../../store/object-index.ts';
import { unlessGone } from '../claim.ts';
import type { Controller } from '../controller.ts';
import { conditionsAfter, type Emptying } from './namespace-conditions.ts';

type Namespace = KindMap['Namespace'];

/** So that what is still being made in it is there to be deleted. Source: `namespaceDeletionGracePeriod` */
const SETTLING_MS = 5000;
/** For finalizers, of which nobody knows how long they take. Source: `finalizerEstimateSeconds` */
const FINALIZING_SECONDS = 15;
/** The finalizer in the `spec` that this controller takes away. */
const OWN = 'kubernetes';

export function namespaceController({ api, clock }: SimulationContext): Controller {
  return {
    name: 'namespace-controller',
    keysOf: (change) =>
      isChangeOf(change, NAMESPACES) && change.kind !== 'DELETED' && isEnding(change.object)
        ? [change.object.metadata.name]
        : [],
    reconcile: (name) => {
      const namespace = api.store.get(NAMESPACES, '', name);
      if (namespace === undefined || !isEnding(namespace)) return undefined;
      const waitsMs = Date.parse(namespace.metadata.deletionTimestamp ?? '') + SETTLING_MS - clock.now;
      return waitsMs > 0 ? waitsMs : endNamespace(api, namespace, clock.now);
    },
  };
}

/** Whether it is being deleted and has something left that this controller does. */
function isEnding({ metadata, spec }: Namespace): boolean {
  return metadata.deletionTimestamp !== undefined && spec?.finalizers?.includes(OWN) === true;
}

function endNamespace(api: ApiServer, { metadata: { name, deletionTimestamp } }: Namespace, now: number) {
  const { emptying, seconds } = emptied(api, name, (now - Date.parse(deletionTimestamp ?? '')) / 1000);
  api.changeStatus(NAMESPACES, '', name, (one) => {
    const known = one.status?.conditions ?? [];
    const conditions = conditionsAfter(known, emptying, now);
    return conditions === known ? one : { ...one, status: { ...one.status, conditions } };
  });
  if (emptying.failures.length > 0) return FINALIZING_SECONDS * 1000;
  if (emptying.remaining.size > 0) return (Math.floor(seconds / 2) + 1) * 1000;
  const withoutOwn = (one: Namespace): Namespace => ({
    ...one,
    spec: { ...one.spec, finalizers: (one.spec?.finalizers ?? []).filter((finalizer) => finalizer !== OWN) },
  });
  unlessGone(() => api.change(NAMESPACES, '', name, withoutOwn, { subresource: 'finalize' }));
  return undefined;
}

/** What an attempt came to, and in how many seconds another one makes sense. */
interface Attempt {
  readonly emptying: Emptying;
  readonly seconds: number;
}

/** Pods go first, so that nothing is taken from under what runs. */
function emptied(api: ApiServer, namespace: string, elapsedSeconds: number): Attempt {
  const seconds = Math.max(0, longestGrace(api, namespace) - elapsedSeconds);
  const pods = deletedOf(api, [PODS], namespace);
  if (pods.remaining.size > 0 || pods.failures.length > 0) return { emptying: pods, seconds };
  const served = new Map(api.types.all.filter(isDeletable).map((type) => [kindKey(type), type]));
  return { emptying: deletedOf(api, [...served.values()], namespace), seconds: FINALIZING_SECONDS };
}

function isDeletable({ namespaced, verbs }: ResourceType): boolean {
  return namespaced && verbs.includes('deletecollection');
}

function deletedOf(api: ApiServer, types: readonly ResourceType[], namespace: string): Emptying {
  const remaining = new Map<string, number>();
  const held = new Map<string, number>();
  const failures: string[] = [];
  for (const type of types) {
    if (api.store.count(type, namespace) === 0) continue;
    try {
      api.deleteCollection(type, { namespace }, { propagationPolicy: 'Background' });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      failures.push(error.message);
    }
    const left = [...api.store.list(type, namespace)];
    if (left.length > 0) remaining.set(`${type.plural}.${type.group}`, left.length);
    for (const finalizer of left.flatMap(finalizersOf)) held.set(finalizer, (held.get(finalizer) ?? 0) + 1);
  }
  return { remaining, held, failures };
}

function finalizersOf({ metadata }: KubeObject): readonly string[] {
  return metadata.finalizers ?? [];
}

function longestGrace(api: ApiServer, namespace: string): number {
  const graces = [...api.store.list(PODS, namespace)].filter((pod) => !isFinished(pod)).map(graceOf);
  return Math.max(0, ...graces);
}

function graceOf({ spec }: Pod): number {
  return spec?.terminationGracePeriodSeconds ?? 0;
}
