/** How pods are ranked by what they ask for. Source: https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/ */
import type { Pod } from '../../model/kinds.ts';
import { amountOf } from '../../model/quantity.ts';

/** Class of a pod. */
export type QosClass = 'Guaranteed' | 'Burstable' | 'BestEffort';

const COMPUTE = ['cpu', 'memory'] as const;

/** The class that follows from the requests and limits of all containers. */
export function qosClassOf({ spec }: Pod): QosClass {
  const containers = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])];
  const amounts = containers.flatMap(({ resources }) =>
    COMPUTE.map((name) => {
      const limit = amountOf(name, resources?.limits?.[name] ?? '0') ?? 0;
      return { limit, request: amountOf(name, resources?.requests?.[name] ?? String(0)) ?? 0, resources, name };
    }),
  );
  if (amounts.every(({ limit, request }) => limit === 0 && request === 0)) return 'BestEffort';
  const isGuaranteed = amounts.every(
    ({ limit, request, resources, name }) =>
      limit > 0 && (resources?.requests?.[name] === undefined || request === limit),
  );
  return isGuaranteed ? 'Guaranteed' : 'Burstable';
}
