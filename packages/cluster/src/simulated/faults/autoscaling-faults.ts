/** Autoscalers that do not scale. Source: https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/ */
import { cpuMillis, wholeUnits } from '../../model/quantity.ts';
import type { Deployment, KindMap } from '../../model/kinds.ts';
import { DEPLOYMENTS, HORIZONTAL_POD_AUTOSCALERS, PODS } from '../api/built-in-types.ts';
import { entityOf } from '../entity.ts';
import type { FaultKind } from './fault.ts';
import type { FaultSite } from './fault-site.ts';
import { NoTargetError } from './no-target-error.ts';
import { isServedAnew } from '../twin/recorded-metrics.ts';
import { SCALE_DOWN_BLOCKED } from './scale-down-fault.ts';
import { autoscalerOf } from './targets.ts';

type Autoscaler = KindMap['HorizontalPodAutoscaler'];

const SOURCE = 'https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/';
const SETTLES_MS = 600_000;

/** An autoscaler, what it scales, and its goal. */
interface Scaled {
  readonly target: Deployment;
  readonly autoscaler: Autoscaler;
  /** Of the requests, in percent. */
  readonly utilization: number;
}

const requestsMissing: FaultKind = {
  name: 'autoscaler-without-requests',
  family: 'autoscaling',
  summary: 'A rollout no longer states what CPU the pods request, which their autoscaler measures by.',
  source: `${SOURCE}#how-does-a-horizontalpodautoscaler-work`,
  parameters: {},
  bring: (site) => {
    const { target, autoscaler } = drawScaled(site);
    const { requests = {}, limits = {} } = target.spec?.template.spec?.containers[0]?.resources ?? {};
    site.roll(target, {}, { resources: { requests: withoutCpu(requests), limits: withoutCpu(limits) } });
    const { namespace = '', name } = target.metadata;
    return {
      truth: {
        entities: [entityOf(autoscaler), entityOf(target)],
        classes: ['hpa-requests-missing', 'hpa-metrics-unavailable'],
      },
      touched: site.takeTouched(),
      settlesMs: SETTLES_MS,
      remedy: 'State what CPU each container requests.',
      repair: () => site.rollBack(target),
      isGone: ({ api: { store } }) => {
        const now = store.get(DEPLOYMENTS, namespace, name);
        return now === undefined || now.spec?.template.spec?.containers[0]?.resources?.requests?.['cpu'] !== undefined;
      },
    };
  },
};

const atMaximum: FaultKind = {
  name: 'autoscaler-at-maximum',
  family: 'autoscaling',
  summary: 'The load of a workload asks for more replicas than its autoscaler may run.',
  source: `${SOURCE}#autoscaling-during-rolling-update`,
  parameters: {
    load: {
      ...{ type: 'number', summary: 'times what the most replicas can bear', integer: false },
      ...{ min: 1.2, max: 2, default: 1.5 },
    },
  },
  bring: (site, { load }) => {
    const { target, autoscaler, utilization } = drawScaled(site);
    const { namespace = '', name } = target.metadata;
    const { maxReplicas = 1 } = autoscaler.spec ?? {};
    const [container] = target.spec?.template.spec?.containers ?? [];
    const request = cpuMillis(container?.resources?.requests?.['cpu'] ?? '0') ?? 0;
    const memoryBytes = (wholeUnits(container?.resources?.requests?.['memory'] ?? '0') ?? 0) * 0.4;
    const total = Number(load) * maxReplicas * request * (utilization / 100);
    const { store } = site.cluster.api;
    const usage = () => {
      const ready = store.get(DEPLOYMENTS, namespace, name)?.status?.readyReplicas ?? 0;
      return { cpuMillis: total / Math.max(1, ready), memoryBytes };
    };
    site.behave({
      container: (place) =>
        place.namespace === namespace && place.workload === `Deployment/${name}` && place.container === container?.name
          ? { usage }
          : undefined,
    });
    site.touchOutside(`load of ${entityOf(target)}`);
    const needed = Math.ceil(Number(load) * maxReplicas);
    const maximumOf = () =>
      store.get(HORIZONTAL_POD_AUTOSCALERS, namespace, autoscaler.metadata.name)?.spec?.maxReplicas ?? Infinity;
    return {
      truth: { entities: [entityOf(autoscaler)], classes: ['hpa-at-maximum'] },
      touched: site.takeTouched(),
      settlesMs: 2 * SETTLES_MS,
      remedy: `Let ${autoscaler.metadata.name} run ${needed} replicas or more.`,
      repair: () => setSpec(site, autoscaler, { maxReplicas: needed + 1 }),
      isGone: () => maximumOf() >= needed,
    };
  },
};

const targetMissing: FaultKind = {
  name: 'autoscaler-target-missing',
  family: 'autoscaling',
  summary: 'An autoscaler names a workload that was renamed.',
  source: SOURCE,
  parameters: {},
  bring: (site) => {
    const { target, autoscaler } = drawScaled(site);
    const { namespace = '', name } = autoscaler.metadata;
    const wrong = `${target.metadata.name}-v2`;
    const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: target.metadata.name };
    setSpec(site, autoscaler, { scaleTargetRef: { ...scaleTargetRef, name: wrong } });
    return {
      truth: { entities: [entityOf(autoscaler)], classes: ['hpa-target-missing'] },
      touched: site.takeTouched(),
      settlesMs: SETTLES_MS,
      remedy: `Name ${target.metadata.name} as its target.`,
      repair: () => setSpec(site, autoscaler, { scaleTargetRef }),
      isGone: ({ api: { store } }) => {
        const now = store.get(HORIZONTAL_POD_AUTOSCALERS, namespace, name)?.spec?.scaleTargetRef;
        return now === undefined || store.get(DEPLOYMENTS, namespace, now.name) !== undefined;
      },
    };
  },
};

const metricsDown: FaultKind = {
  name: 'metrics-api-down',
  family: 'autoscaling',
  summary: 'The metrics API does not answer, so that no autoscaler sees any use.',
  source: 'https://kubernetes.io/docs/tasks/debug/debug-cluster/resource-metrics-pipeline/',
  parameters: {},
  bring: (site) => {
    const { autoscaler } = drawScaled(site);
    const { cluster } = site;
    const hungAt = cluster.clock.now;
    let isRepaired = false;
    // A server that hangs is well again once other pods serve.
    const isOver = () => isRepaired || isServedAnew([...cluster.api.store.list(PODS)], hungAt);
    const takeBack = site.behave({ metricsError: () => (isOver() ? undefined : UNABLE) });
    site.touchOutside('metrics API');
    return {
      truth: {
        entities: ['APIService v1beta1.metrics.k8s.io', 'Deployment kube-system/metrics-server*', entityOf(autoscaler)],
        classes: ['hpa-metrics-unavailable', 'metrics-server-absent', 'api-service-unavailable'],
      },
      touched: site.takeTouched(),
      settlesMs: SETTLES_MS,
      remedy: 'Restart what serves the metrics API.',
      repair: () => {
        isRepaired = true;
        takeBack();
      },
      isGone: isOver,
    };
  },
};

const UNABLE = 'the server is currently unable to handle the request (get pods.metrics.k8s.io)';

export const AUTOSCALING_FAULTS: readonly FaultKind[] = [
  requestsMissing,
  atMaximum,
  targetMissing,
  metricsDown,
  SCALE_DOWN_BLOCKED,
];

/** A Deployment that is scaled by CPU; one gets an autoscaler where none has one. @throws NoTargetError */
function drawScaled(site: FaultSite): Scaled {
  const { cluster } = site;
  const scaled = (one: Deployment) => scaledBy(one, autoscalerOf(cluster, one));
  try {
    return scaled(site.deployment((one) => scaled(one) !== undefined)) as Scaled;
  } catch (error) {
    if (!(error instanceof NoTargetError)) throw error;
  }
  const target = site.deployment((one) => autoscalerOf(cluster, one) === undefined && cpuOf(one) > 0);
  const { namespace = '', name } = target.metadata;
  const replicas = target.spec?.replicas ?? 1;
  const metric = { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } };
  const autoscaler = site.create({
    ...{ apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: { namespace, name } },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
      ...{ minReplicas: replicas, maxReplicas: replicas + 2, metrics: [{ type: 'Resource', resource: metric }] },
    },
  }) as Autoscaler;
  return { target, autoscaler, utilization: 70 };
}

function scaledBy(target: Deployment, autoscaler: Autoscaler | undefined) {
  const goal = autoscaler?.spec?.metrics?.find(({ resource }) => resource?.name === 'cpu')?.resource?.target;
  const utilization = goal?.averageUtilization;
  return autoscaler === undefined || utilization === undefined || cpuOf(target) === 0
    ? undefined
    : { target, autoscaler, utilization };
}

function cpuOf({ spec }: Deployment): number {
  return cpuMillis(spec?.template.spec?.containers[0]?.resources?.requests?.['cpu'] ?? '0') ?? 0;
}

function withoutCpu(amounts: Readonly<Record<string, string | number>>) {
  return Object.fromEntries(Object.entries(amounts).filter(([name]) => name !== 'cpu'));
}

function setSpec(site: FaultSite, autoscaler: Autoscaler, change: Partial<NonNullable<Autoscaler['spec']>>): void {
  site.change(
    HORIZONTAL_POD_AUTOSCALERS,
    autoscaler,
    (now) => ({ ...now, spec: { ...now.spec, ...change } }) as Autoscaler,
  );
}
