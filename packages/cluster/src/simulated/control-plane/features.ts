/** What components of one version write and of another do not. */
import type { ClusterSnapshot } from '../../snapshot/snapshot.ts';

/** On or off. */
export interface Features {
  /** Kubelets report what was granted to containers: `allocatedResources`, `resources`, `volumeMounts`. */
  readonly reportsGrants: boolean;
  /** ReplicaSets and Deployments count pods that are terminating. */
  readonly countsTerminating: boolean;
  /** The scheduler's plugin for devices says `no new claims to deallocate`. */
  readonly asksForClaims: boolean;
}

/**
 * By the version, as `/version` says it; what a recorded cluster shows of its own features counts more.
 * Source: https://kubernetes.io/docs/reference/command-line-tools-reference/feature-gates/: `InPlacePodVerticalScaling` on from 1.33,
 * `DeploymentReplicaSetTerminatingReplicas` on from 1.35, `DynamicResourceAllocation` on from 1.34
 */
export function featuresOf(serverVersion: string, snapshot?: ClusterSnapshot): Features {
  const minor = Number(/^v?1\.(\d+)/.exec(serverVersion)?.[1] ?? 36);
  const statuses = (snapshot?.list('Pod') ?? []).flatMap(({ status }) => status?.containerStatuses ?? []);
  const sets = (snapshot?.list('ReplicaSet') ?? []).flatMap(({ status }) => status ?? []);
  return {
    reportsGrants:
      shown(
        statuses.filter(({ state }) => state?.running !== undefined),
        'resources',
      ) ?? minor >= 33,
    countsTerminating: shown(sets, 'terminatingReplicas') ?? minor >= 35,
    asksForClaims: minor >= 34,
  };
}

/** Whether any has a field; `undefined` where there is none to tell. */
function shown(records: readonly object[], field: string): boolean | undefined {
  return records.length === 0 ? undefined : records.some((one) => Object.hasOwn(one, field));
}
