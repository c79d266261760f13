/** Pods of the scenarios as kubelets report them. */
import { ago, MINUTE, SECOND, type App, type End, type Json, type Run, type State, type World } from './world.ts';

const PASSING = ['not-ready', 'unreachable'].map((key) => ({
  effect: 'NoExecute',
  key: `node.kubernetes.io/${key}`,
  operator: 'Exists',
  tolerationSeconds: 300,
}));

/** The longest pause between restarts. */
const PAUSE = 5 * MINUTE;

export function podObject(world: World, app: App, run: Run): Json & { metadata: Json } {
  const { template, hash } =
    run.isOld && app.previous !== undefined ? app.previous : { template: app.template, hash: app.hash };
  const maker = world.makerRef(app);
  const owner = run.isOld ? { ...maker, name: `${app.name}-${hash}`, uid: `${app.uid}-${hash}` } : maker;
  const spec = template.spec;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: run.name,
      namespace: app.namespace,
      uid: run.uid,
      creationTimestamp: ago(run.ageMs),
      labels: { ...app.labels, ...hashLabel(app, hash) },
      ownerReferences: [ownerReference(owner)],
      ...(run.state.is === 'lost' && {
        deletionTimestamp: ago(run.state.sinceMs - 5 * MINUTE - 30 * SECOND),
        deletionGracePeriodSeconds: 30,
      }),
    },
    spec: {
      restartPolicy: app.kind === 'Job' ? 'Never' : 'Always',
      serviceAccountName: 'default',
      schedulerName: 'default-scheduler',
      priority: 0,
      terminationGracePeriodSeconds: 30,
      ...spec,
      containers: [template.container, ...((spec['containers'] as Json[] | undefined) ?? [])],
      ...(run.node !== undefined && { nodeName: run.node }),
      tolerations: [...((spec['tolerations'] as Json[] | undefined) ?? []), ...PASSING],
    },
    status: status(app, run, template.container),
  };
}

function hashLabel(app: App, hash: string): Json {
  if (app.kind === 'Deployment') return { 'pod-template-hash': hash };
  if (app.kind === 'Job') return { 'batch.kubernetes.io/job-name': app.name, 'job-name': app.name };
  return { 'controller-revision-hash': `${app.name}-${hash}` };
}

export function ownerReference({
  apiVersion,
  kind,
  name,
  uid,
}: Json | { apiVersion: string; kind: string; name: string; uid: string }): Json {
  return { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
}

function condition(type: string, isTrue: boolean, sinceMs: number, rest: Json = {}): Json {
  return { type, status: isTrue ? 'True' : 'False', lastProbeTime: null, lastTransitionTime: ago(sinceMs), ...rest };
}

function status(app: App, run: Run, container: Json & { name: string }): Json {
  const { state, ageMs } = run;
  if (state.is === 'unschedulable')
    return {
      phase: 'Pending',
      qosClass: 'Burstable',
      conditions: [condition('PodScheduled', false, ageMs, { reason: 'Unschedulable', message: state.message() })],
    };
  if (state.is === 'evicted')
    return { phase: 'Failed', reason: 'Evicted', message: state.message, startTime: ago(ageMs), qosClass: 'Burstable' };
  const isInit = state.is === 'crashing' && state.init !== undefined;
  const inits = (app.template.spec['initContainers'] as (Json & { name: string })[] | undefined) ?? [];
  return {
    phase: phaseOf(state),
    qosClass: 'Burstable',
    hostIP: '10.128.0.7',
    startTime: ago(ageMs),
    ...(runs(state) && { podIP: '10.8.1.17', podIPs: [{ ip: '10.8.1.17' }] }),
    conditions: conditions(run, container.name, isInit),
    ...(inits.length > 0 && {
      initContainerStatuses: inits.map((init) =>
        isInit && init.name === state.init
          ? containerStatus(app, run, init, state)
          : containerStatus(app, run, init, { is: 'completed', sinceMs: ageMs - 3 * SECOND }),
      ),
    }),
    containerStatuses: [
      isInit
        ? statusOf(container, {
            ready: false,
            restartCount: 0,
            started: false,
            state: { waiting: { reason: 'PodInitializing' } },
          })
        : containerStatus(app, run, container, state),
    ],
  };
}

function phaseOf(state: State): string {
  switch (state.is) {
    case 'failed':
      return 'Failed';
    case 'completed':
      return 'Succeeded';
    case 'waiting':
      return state.reason === 'RunContainerError' && (state.restarts ?? 0) > 0 ? 'Running' : 'Pending';
    case 'crashing':
      return state.init === undefined ? 'Running' : 'Pending';
    default:
      return 'Running';
  }
}

/** Whether it has a sandbox, and with it an address. */
function runs(state: State): boolean {
  return !(state.is === 'waiting' && state.reason === 'ContainerCreating');
}

function conditions({ state, ageMs }: Run, name: string, isInit: boolean): Json[] {
  const unready = { reason: 'ContainersNotReady', message: `containers with unready status: [${name}]` };
  const done = { reason: 'PodCompleted' };
  const since = readySince(state, ageMs);
  const ready = state.is === 'ready';
  const rest = ready ? {} : state.is === 'completed' ? done : state.is === 'failed' ? { reason: 'PodFailed' } : unready;
  return [
    condition('PodReadyToStartContainers', runs(state), ageMs),
    isInit
      ? condition('Initialized', false, ageMs, {
          reason: 'ContainersNotInitialized',
          message: 'containers with incomplete status: [wait]',
        })
      : condition('Initialized', true, ageMs - 2 * SECOND),
    condition('Ready', ready, since, rest),
    condition('ContainersReady', ready || state.is === 'lost', since, ready || state.is === 'lost' ? {} : rest),
    condition('PodScheduled', true, ageMs),
  ];
}

function readySince(state: State, ageMs: number): number {
  switch (state.is) {
    case 'ready':
      return state.restartedMs === undefined ? ageMs - 12 * SECOND : state.restartedMs - 15 * SECOND;
    case 'unready':
    case 'lost':
    case 'failed':
    case 'completed':
      return state.sinceMs;
    case 'crashing':
      return Math.min(ageMs, PAUSE / 2);
    default:
      return ageMs;
  }
}

function statusOf(container: Json & { name: string }, rest: Json): Json {
  const known = rest['started'] === true || (rest['restartCount'] as number) > 0;
  const image = String(container['image']);
  return {
    name: container.name,
    image,
    imageID: known ? `${image.replace(/:[^/:]*$/, '')}@sha256:${'ab12'.repeat(16)}` : '',
    ...(known && { containerID: `containerd://${'9f3e'.repeat(16)}` }),
    lastState: {},
    ...rest,
  };
}

function ended({ exitCode, reason, livedMs, message }: End, endedMs: number): Json {
  return {
    terminated: {
      exitCode,
      reason,
      startedAt: reason === 'StartError' ? '1970-01-01T00:00:00Z' : ago(endedMs + livedMs),
      finishedAt: ago(endedMs),
      containerID: `containerd://${'7c1d'.repeat(16)}`,
      ...(message !== undefined && { message }),
    },
  };
}

function containerStatus(app: App, run: Run, container: Json & { name: string }, state: State): Json {
  const running = (ms: number) => ({ running: { startedAt: ago(ms) } });
  switch (state.is) {
    case 'crashing': {
      const text = `back-off 5m0s restarting failed container=${container.name} pod=${run.name}_${app.namespace}(${run.uid})`;
      return statusOf(container, {
        ready: false,
        started: false,
        restartCount: state.restarts,
        state: { waiting: { reason: 'CrashLoopBackOff', message: text } },
        lastState: ended(state.end, PAUSE / 2),
      });
    }
    case 'waiting': {
      const { reason, message, restarts = 0 } = state;
      return statusOf(container, {
        ready: false,
        started: false,
        restartCount: restarts,
        state: { waiting: { reason, ...(message !== undefined && { message }) } },
        ...(reason === 'RunContainerError' &&
          restarts > 0 && {
            lastState: ended({ exitCode: 128, reason: 'StartError', livedMs: 0, message: message ?? '' }, MINUTE),
          }),
      });
    }
    case 'completed':
      return statusOf(container, {
        ready: container !== app.template.container,
        started: false,
        restartCount: 0,
        state: ended({ exitCode: 0, reason: 'Completed', livedMs: 4 * SECOND }, state.sinceMs),
      });
    case 'failed':
      return statusOf(container, {
        ready: false,
        started: false,
        restartCount: 0,
        state: ended(state.end, state.sinceMs),
      });
    case 'ready':
    case 'unready': {
      const { restarts = 0, end } = state;
      const restartedMs = state.is === 'ready' ? state.restartedMs : undefined;
      return statusOf(container, {
        ready: state.is === 'ready',
        started: true,
        restartCount: restarts,
        state: running(restartedMs ?? run.ageMs - 5 * SECOND),
        ...(end !== undefined && { lastState: ended(end, (restartedMs ?? run.ageMs) + SECOND) }),
      });
    }
    default:
      return statusOf(container, {
        ready: true,
        started: true,
        restartCount: 0,
        state: running(run.ageMs - 5 * SECOND),
      });
  }
}
