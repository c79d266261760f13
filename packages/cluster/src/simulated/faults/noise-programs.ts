/** Programs that stumble once and go on. */
import type { Container, Pod } from '../../model/kinds.ts';
import type { FaultSite } from './fault-site.ts';
import type { NoiseKind } from './noise-kind.ts';
import { isReady, podsOf } from './targets.ts';

type Probed = Container & { readonly readinessProbe: NonNullable<Container['readinessProbe']> };

const flap: NoiseKind = {
  name: 'probe-flap',
  summary: 'A readiness probe fails once or twice, fewer times than it takes to be unready.',
  make: (site) => {
    const { pod, container } = site.pick('pod with a readiness probe', probedPods(site));
    const { periodSeconds = 10, failureThreshold = 3 } = container.readinessProbe;
    const failures = Math.max(1, failureThreshold - 2);
    const end = site.cluster.behave(rowOf(pod, container, { failsProbes: ['readiness'] }), keyOf(pod));
    site.later(failures * periodSeconds * 1000, end);
  },
};

const restart: NoiseKind = {
  name: 'single-restart',
  summary: 'A process ends with an error and is started again, once.',
  make: (site) => {
    // Of several, so that the others serve meanwhile.
    const [pod, container] = site.pick('pod of several', serving(site, 2));
    const end = site.cluster.behave(rowOf(pod, container, { exitsAfterMs: 0, exitCode: 1 }), keyOf(pod));
    site.later(1, end);
  },
};

export const PROGRAM_NOISE: readonly NoiseKind[] = [flap, restart];

/** Pods of sound workloads of at least so many that no fault has befallen, each with its first container. */
export function serving(site: FaultSite, least = 1): readonly (readonly [Pod, Container])[] {
  return site
    .workloads()
    .filter(
      ({ kind, status }) =>
        kind !== 'DaemonSet' && ((status as { readyReplicas?: number }).readyReplicas ?? 0) >= least,
    )
    .flatMap((workload) => podsOf(site.cluster, workload).filter(isReady).slice(0, 2))
    .flatMap((pod) => (pod.spec?.containers[0] === undefined ? [] : [[pod, pod.spec.containers[0]] as const]));
}

function probedPods(site: FaultSite): readonly { readonly pod: Pod; readonly container: Probed }[] {
  return serving(site).flatMap(([pod, container]) => (isProbed(container) ? [{ pod, container }] : []));
}

function isProbed(container: Container): container is Probed {
  // A probe that may not fail once has nothing harmless about it.
  return container.readinessProbe !== undefined && (container.readinessProbe.failureThreshold ?? 3) > 1;
}

function keyOf({ metadata: { namespace = '', name } }: Pod): string {
  return `${namespace}/${name}`;
}

function rowOf({ metadata }: Pod, { name }: Container, behaviour: object) {
  return {
    container: (place: {
      readonly namespace: string;
      readonly pod: string;
      readonly container: string;
      readonly restarts: number;
    }) =>
      place.namespace === metadata.namespace && place.pod === metadata.name && place.container === name
        ? behaviour
        : undefined,
  };
}
