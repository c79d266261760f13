/** Making and deleting pods for a controller, with the events that tell of it. Source: `pkg/controller`, `RealPodControl`. */
import type { Pod, PodSpec } from '../../model/kinds.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import type { Labels } from '../../model/selector.ts';
import { ApiError } from '../api/api-error.ts';
import { PODS } from '../api/built-in-types.ts';
import type { ResourceType } from '../api/resource-type.ts';
import type { SimulationContext } from '../simulation-context.ts';
import { controllerRefTo } from './claim.ts';

/** Who makes pods. */
export interface PodOwner {
  readonly object: KubeObject;
  readonly type: ResourceType;
  /** As the source of events: `replicaset-controller`. */
  readonly component: string;
}

/** A pod template, as far as it is copied. */
export interface PodTemplate {
  readonly metadata?: {
    readonly labels?: Labels;
    readonly annotations?: Labels;
    readonly finalizers?: readonly string[];
  };
  readonly spec?: PodSpec;
}

/** The most pods that are made or deleted for one set at a time. Source: `BurstReplicas`. */
export const BURST = 500;

/** A pod as the template says it, owned, with a name that the API server completes. */
export function podFromTemplate(template: PodTemplate | undefined, { object, type }: PodOwner): Pod {
  const { labels, annotations, finalizers } = template?.metadata ?? {};
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName: `${object.metadata.name}-`,
      namespace: object.metadata.namespace ?? '',
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
      ...(finalizers === undefined ? {} : { finalizers }),
      ownerReferences: [controllerRefTo(object, type)],
    } as unknown as Pod['metadata'],
    spec: template?.spec ?? { containers: [] },
  };
}

/** @throws ApiError what the API server says, after an event has told it */
export function createPod({ api, events }: SimulationContext, { object, component }: PodOwner, pod: Pod): Pod {
  try {
    const made = api.create(PODS, pod);
    events.record(object, 'Normal', 'SuccessfulCreate', `Created pod: ${made.metadata.name}`, { component });
    return made;
  } catch (error) {
    if (error instanceof ApiError && !isNamespaceGoing(error))
      events.record(object, 'Warning', 'FailedCreate', `Error creating: ${error.message}`, { component });
    throw error;
  }
}

/** A pod that is gone already counts as deleted, without an event. @throws ApiError */
export function deletePod({ api, events }: SimulationContext, { object, component }: PodOwner, pod: Pod): void {
  const { namespace = '', name } = pod.metadata;
  try {
    api.delete(PODS, namespace, name);
    events.record(object, 'Normal', 'SuccessfulDelete', `Deleted pod: ${name}`, { component });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.reason === 'NotFound') return;
    events.record(object, 'Warning', 'FailedDelete', `Error deleting: ${error.message}`, { component });
    throw error;
  }
}

/** Whether nothing more can be made because the namespace is being deleted, about which there is nothing to tell. */
export function isNamespaceGoing({ status }: ApiError): boolean {
  return (status.details?.causes ?? []).some(({ reason }) => reason === 'NamespaceTerminating');
}

/**
 * Calls `run` for 1, 2, 4, … of `count`, so that what cannot succeed is not tried for all of them; a batch with a failure is the last.
 * @returns how many succeeded, and the first refusal
 */
export function inGrowingBatches(count: number, run: (index: number) => void, first = 1): BatchResult {
  let done = 0;
  let succeeded = 0;
  for (let size = Math.min(first, count); size > 0; size = Math.min(2 * size, count - done)) {
    let refusal: ApiError | undefined;
    for (let index = done; index < done + size; index++) {
      const refused = refusalOf(() => run(index));
      if (refused === undefined) succeeded++;
      refusal ??= refused;
    }
    done += size;
    if (refusal !== undefined) return { succeeded, refusal };
  }
  return { succeeded, refusal: undefined };
}

/** What came of calls in batches. */
export interface BatchResult {
  readonly succeeded: number;
  readonly refusal: ApiError | undefined;
}

/** The refusal of a call that may be refused. */
export function refusalOf(run: () => unknown): ApiError | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
}
