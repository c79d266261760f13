/** Who notices while changes are made: pods that are replaced, Services with fewer endpoints, budgets that count the pods. */
import {
  matchesLabels,
  namespacedName,
  refOf,
  refText,
  type ClusterSnapshot,
  type KubeObject,
  type Pod,
  type Service,
} from '@aia/cluster';
import type { Action, Change } from '@aia/contract';
import { changedObjects, lastChanges, type ObjectChange } from './changed-objects.ts';
import { lossesOf } from './losses.ts';
import type { Loss } from './rollout.ts';
import { standingOf, type Standing } from './standing.ts';

/** Works it out from the changes; `outage` where a draft says that something stops answering. */
export function disruptionOf(
  changes: readonly Change[],
  snapshot: ClusterSnapshot,
  outage?: string,
  earlier: readonly Change[] = [],
): Action['disruption'] {
  const standing = standingOf(snapshot);
  const objects = lastChanges(changedObjects(changes, snapshot, earlier));
  const losses = lossesOf(changes, objects, standing);
  const pods = new Set(losses.flatMap((loss) => loss.pods));
  const services = [...servicesHit(losses, standing), ...servicesCut(objects, standing)].toSorted((a, b) =>
    a.name < b.name ? -1 : a.name > b.name ? 1 : 0,
  );
  const budgets = new Set([...pods].flatMap((pod) => standing.budgetsOf(pod)).map((one) => refText(refOf(one))));
  const silent = services.filter(({ left }) => left === 0);
  return {
    pods: pods.size,
    services: [...new Set(services.map(({ name }) => name))],
    budgets: [...budgets].sort(),
    isOutage: outage !== undefined || silent.length > 0,
    text: outage ?? wordsFor(pods.size, losses, services),
  };
}

/** A Service that has fewer endpoints meanwhile. */
interface Hit {
  /** `Service shop/web`. */
  readonly name: string;
  readonly ready: number;
  /** Ready ones that are left at the worst moment. */
  readonly left: number;
  readonly how: string;
}

function servicesHit(losses: readonly Loss[], standing: Standing): readonly Hit[] {
  const found = new Map<Service, { missing: number; how: string[] }>();
  for (const { pods, atOnce, how } of losses.filter((loss) => loss.atOnce > 0))
    for (const [service, lost] of byService(pods, standing)) {
      const hit = found.get(service) ?? { missing: 0, how: [] };
      found.set(service, { missing: hit.missing + Math.min(atOnce, lost), how: [...hit.how, how] });
    }
  return [...found].map(([service, { missing, how }]) => {
    const ready = standing.readyOf(service).length;
    return { name: refText(refOf(service)), ready, left: Math.max(0, ready - missing), how: how.join('; ') };
  });
}

/** Ready ones of these pods by the Services that they answer for. */
function byService(pods: readonly Pod[], standing: Standing): ReadonlyMap<Service, number> {
  const counts = new Map<Service, number>();
  for (const service of new Set(pods.flatMap((pod) => standing.servicesOf(pod)))) {
    const ready = new Set(standing.readyOf(service));
    const lost = pods.filter((pod) => ready.has(pod)).length;
    if (lost > 0) counts.set(service, lost);
  }
  return counts;
}

/** Services that are deleted or select other pods, as far as no other way leads to the pods that they answered with. */
function servicesCut(objects: readonly ObjectChange[], standing: Standing): readonly Hit[] {
  const gone = new Set(
    objects.flatMap(({ before, after }) =>
      after === undefined && before !== undefined ? [namespacedName(before)] : [],
    ),
  );
  return objects.flatMap(({ before, after }): readonly Hit[] => {
    if (before?.kind !== 'Service') return [];
    const ready = standing.readyOf(before as Service);
    const left = after === undefined ? throughOthers(ready, gone, standing) : selectedBy(after, standing);
    const isCut = after === undefined || selectorOf(before) !== selectorOf(after);
    if (!isCut || ready.length === 0 || left >= ready.length) return [];
    return [
      {
        name: refText(refOf(before)),
        ready: ready.length,
        left,
        how: after === undefined ? 'deleted' : 'it selects other pods',
      },
    ];
  });
}

function throughOthers(ready: readonly Pod[], gone: ReadonlySet<string>, standing: Standing): number {
  return ready.filter((pod) => standing.servicesOf(pod).some((one) => !gone.has(namespacedName(one)))).length;
}

function selectedBy(service: KubeObject, standing: Standing): number {
  const selector = (service as Service).spec?.selector ?? {};
  const { namespace = '' } = service.metadata;
  if (Object.keys(selector).length === 0) return 0;
  return standing.readyPodsIn(namespace).filter(({ metadata }) => matchesLabels(selector, metadata.labels)).length;
}

function selectorOf(service: KubeObject): string {
  return JSON.stringify(Object.entries((service as Service).spec?.selector ?? {}).sort());
}

function wordsFor(pods: number, losses: readonly Loss[], services: readonly Hit[]): string {
  const silent = services.filter(({ left }) => left === 0);
  if (silent.length > 0) {
    const [{ name, how }] = silent as [Hit, ...Hit[]];
    const others = silent.length === 1 ? '' : `, and ${silent.length - 1} more`;
    return `${name} answers nothing meanwhile (${how})${others}`;
  }
  if (pods === 0 && services.length === 0) return 'no pod is touched';
  const isReplaced = losses.some((loss) => loss.isReplaced);
  const what = `${pods} ${pods === 1 ? 'pod is' : 'pods are'} ${isReplaced ? 'replaced' : 'taken away'}`;
  if (services.length === 0) return `${what}; no Service has fewer endpoints meanwhile`;
  const tightest = services.toSorted((a, b) => a.left / a.ready - b.left / b.ready)[0] as Hit;
  return `${what}; ${tightest.name} keeps ${tightest.left} of ${tightest.ready} endpoints${services.length === 1 ? '' : `, ${services.length - 1} more Services have fewer`}`;
}
