/**
 * How outcomes of actions differ from what was planned: images come late, programs start slowly, machines and disks take long, a request is refused
 * now and then. What happens to which thing follows from the seed and the thing's own name alone, so that nothing else that is drawn, read or
 * forecast shifts it.
 */
import { apiError, modified, type ApiError } from '../api/api-error.ts';
import { createRandom } from '../clock/random.ts';
import { PROVISION_MS } from '../controllers/persistent-volume/provisioner-controller.ts';
import type { RequestFalter } from '../http/falter.ts';
import type { RequestTarget } from '../http/request-target.ts';
import { PULL_MS } from '../kubelet/images.ts';
import { START_MS } from '../kubelet/probe-failure.ts';
import type { SimulatedCluster } from '../simulated-cluster.ts';
import type { Context } from './context.ts';

/** How likely something is late at full noise, and how many times as long it then takes at most. */
const LATE_SHARE = 0.5;
const LATEST = 6;
/** Of requests that change something, at full noise. */
const REFUSED_SHARE = 0.12;

/** A cluster's hidden noise. */
export interface OutcomeNoise {
  /** Refuses a request now and then; for handlers and writers. */
  readonly falter: RequestFalter;
}

/** Lays it over a cluster from now on. */
export function addOutcomeNoise(
  cluster: SimulatedCluster,
  { outcome_noise: level }: Context,
  seed: string,
): OutcomeNoise {
  const drawn = (what: string) => createRandom(`${seed}/outcomes/${what}`);
  const factor = (what: string) => {
    const random = drawn(what);
    return random.next() < level * LATE_SHARE ? 1 + random.next() * (LATEST - 1) : 1;
  };
  const { behaviours, cloud } = cluster;
  if (level > 0) {
    behaviours.add({
      image: (image, { pullMs = PULL_MS }) => ({ pullMs: pullMs * factor(`image ${image}`) }),
      container: ({ namespace, pod, role }, { startMs = START_MS }) =>
        role === 'main' ? { startMs: startMs * factor(`start ${namespace}/${pod}`) } : undefined,
      volume: ({ namespace, claim }, { provisionMs = PROVISION_MS }) => ({
        provisionMs: provisionMs * factor(`volume ${namespace}/${claim}`),
      }),
    });
    if (cloud !== undefined) {
      const { machineMs } = cloud.conditions;
      cloud.conditions.machineMs = (name) => machineMs(name) * factor(`machine ${name}`);
    }
  }
  let requests = 0;
  return {
    falter: (target) => {
      const random = drawn(`request ${requests++}`);
      return random.next() < level * REFUSED_SHARE ? refusalOf(target, random.next()) : undefined;
    },
  };
}

/** As API servers answer that are busy, lost a race, or have trouble with their store. */
function refusalOf({ group, resource, name }: RequestTarget, share: number): ApiError {
  if (share < 0.4)
    return apiError(429, 'TooManyRequests', 'Too many requests, please try again later.', { retryAfterSeconds: 1 });
  if (share < 0.7 && name !== '') return modified({ group, plural: resource, kind: resource }, name);
  return apiError(500, 'InternalError', 'Internal error occurred: etcdserver: request timed out', {});
}
