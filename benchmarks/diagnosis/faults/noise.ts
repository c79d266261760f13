/** What looks like trouble and is none. */
import { type Fault } from '../fault.ts';
import { ago, DAY, HOUR, MINUTE, SECOND, type Json } from '../world.ts';

/** A rollout that began a minute ago and goes well. */
export const rolloutUnderWay: Fault = (site) => {
  const { world } = site;
  const app = site.app();
  const runs = world.rollOut(
    app,
    ({ container }) => (container.image = container.image.replace(/:[^:]*$/, ':5.0.0')),
    55 * SECOND,
    () => ({ is: 'waiting', reason: 'ContainerCreating' }),
  );
  const [first] = runs;
  if (first !== undefined) {
    first.state = { is: 'unready', sinceMs: 40 * SECOND };
    world.event(world.podRef(app, first), {
      reason: 'Unhealthy',
      message:
        'Readiness probe failed: Get "http://10.8.1.17:8080/ready": dial tcp 10.8.1.17:8080: connect: connection refused',
      count: 3,
      firstMs: 35 * SECOND,
      lastMs: 8 * SECOND,
    });
  }
  return [];
};

/** An incident that is over: pods crashed, were replaced, and events still tell of it. */
export const pastIncident: Fault = (site) => {
  const { world } = site;
  const app = site.app();
  const end = { exitCode: 1, reason: 'Error', livedMs: 9 * SECOND };
  for (const run of app.runs) {
    run.state = { is: 'ready', restarts: 4, restartedMs: 44 * MINUTE, end };
    world.event(world.podRef(app, run), {
      reason: 'BackOff',
      message: `Back-off restarting failed container ${app.template.container.name} in pod ${run.name}_${app.namespace}(${run.uid})`,
      count: 9,
      firstMs: 55 * MINUTE,
      lastMs: 46 * MINUTE,
    });
  }
  return [];
};

/** A Deployment that somebody scaled to nothing, a CronJob that is suspended, a budget and a Service kept for later. */
export const atRest: Fault = (site) => {
  const { world } = site;
  const app = site.app();
  app.replicas = 0;
  app.runs = [];
  world.remove('Service', app.namespace, app.name);
  const ingresses = world.objects.filter(
    ({ kind, metadata }) => kind === 'Ingress' && metadata['namespace'] === app.namespace,
  );
  for (const { metadata } of ingresses) world.remove('Ingress', app.namespace, String(metadata['name']));
  const scalers = world.objects.filter(
    ({ kind, metadata }) =>
      kind === 'HorizontalPodAutoscaler' && metadata['name'] === app.name && metadata['namespace'] === app.namespace,
  );
  for (const { metadata } of scalers) world.remove('HorizontalPodAutoscaler', app.namespace, String(metadata['name']));
  world.add('batch/v1', 'CronJob', 'nightly', app.namespace, {
    spec: {
      schedule: '0 2 * * *',
      suspend: true,
      jobTemplate: { spec: { template: { spec: { restartPolicy: 'Never', containers: [app.template.container] } } } },
    },
    status: { lastScheduleTime: ago(40 * DAY), lastSuccessfulTime: ago(40 * DAY) },
  });
  return [];
};

/** A pod that waited for a node and found one, and a drained node that comes back. */
export const waitedOnce: Fault = (site) => {
  const { world } = site;
  const app = site.app();
  const [run] = app.runs;
  if (run === undefined) return [];
  run.ageMs = 30 * MINUTE;
  const total = world.nodes.length;
  world.event(world.podRef(app, run), {
    reason: 'FailedScheduling',
    component: 'default-scheduler',
    message: `0/${total} nodes are available: ${total} Insufficient cpu. preemption: 0/${total} nodes are available: ${total} No preemption victims found for incoming pod.`,
    firstMs: 30 * MINUTE,
    lastMs: 28 * MINUTE,
    count: 2,
  });
  world.event(world.podRef(app, run), {
    type: 'Normal',
    reason: 'TriggeredScaleUp',
    component: 'cluster-autoscaler',
    message: 'pod triggered scale-up: [{workers 4->5 (max: 9)}]',
    firstMs: 29 * MINUTE,
  });
  world.event(world.podRef(app, run), {
    type: 'Normal',
    reason: 'Scheduled',
    component: 'default-scheduler',
    message: `Successfully assigned ${app.namespace}/${run.name} to ${run.node ?? ''}`,
    firstMs: 27 * MINUTE,
  });
  return [];
};

/** An image that came at the third attempt, an optional ConfigMap that is not there, a probe that was slow once. */
export const hiccups: Fault = (site) => {
  const { world } = site;
  const app = site.app();
  const [run] = app.runs;
  if (run === undefined) return [];
  (app.template.container as Json)['envFrom'] = [
    { configMapRef: { name: 'settings' } },
    { configMapRef: { name: 'overrides', optional: true } },
  ];
  run.ageMs = 3 * HOUR;
  const about = world.podRef(app, run);
  world.event(about, {
    reason: 'Failed',
    message: `Failed to pull image "${app.template.container.image}": rpc error: code = Unknown desc = context canceled`,
    firstMs: 50 * MINUTE,
    lastMs: 49 * MINUTE,
    count: 2,
  });
  world.event(about, {
    type: 'Normal',
    reason: 'Pulled',
    message: `Successfully pulled image "${app.template.container.image}" in 2.1s`,
    firstMs: 48 * MINUTE,
  });
  world.event(about, {
    reason: 'FailedMount',
    message:
      'MountVolume.SetUp failed for volume "kube-api-access-7xk2p" : failed to sync configmap cache: timed out waiting for the condition',
    firstMs: 47 * MINUTE,
  });
  return [];
};
