/** Renders a world as the objects of its API server, with what controllers would have written by now. */
import { SnapshotBuilder, type ClusterSnapshot } from '@aia/cluster';
import { ownerReference, podObject } from './pod-objects.ts';
import {
  ago,
  DAY,
  HOUR,
  MINUTE,
  NOW,
  SECOND,
  type App,
  type Json,
  type NodeModel,
  type Ref,
  type Run,
  type Said,
  type World,
} from './world.ts';

type Made = Json & { metadata: Json };

/** All objects, in the order in which a dump would list them. */
export function objectsOf(world: World): readonly Made[] {
  const pods = world.apps.flatMap((app) => app.runs.map((run) => podObject(world, app, run)));
  const withPods = [...world.objects, ...world.nodes.map((node) => nodeObject(world, node)), ...pods];
  return [
    ...withPods,
    ...world.apps.flatMap((app) => workloadObjects(world, app)),
    ...endpointSlices(world, withPods),
    ...budgets(world),
    ...world.events.map(({ about, said }, i) => eventObject(world, about, said, i)),
  ];
}

/** The same as a snapshot, with the logs that were collected. */
export function snapshotOf(world: World): ClusterSnapshot {
  const builder = new SnapshotBuilder();
  for (const object of objectsOf(world)) builder.add(object, 'scenario');
  const logs = world.logs.map(({ run, app, lines }) => ({
    namespace: app.namespace,
    pod: run.name,
    container: app.template.container.name,
    previous: true,
    lines,
  }));
  return builder.build({
    source: { kind: 'dump', name: 'scenario' },
    observedAt: NOW,
    serverVersion: world.version,
    logs,
  });
}

function nodeObject(
  { version }: World,
  { name, zone, uid, taints, unschedulable, lostMs, conditions }: NodeModel,
): Made {
  const lost = lostMs !== undefined;
  const beat = ago(lost ? lostMs + 40 * SECOND : 25 * SECOND);
  const usual: [string, string, string][] = [
    ['MemoryPressure', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
    ['DiskPressure', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
    ['PIDPressure', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
  ];
  const silent = { status: 'Unknown', reason: 'NodeStatusUnknown', message: 'Kubelet stopped posting node status.' };
  const own = new Set(conditions.map(({ type }) => type));
  const away = lost ? ['NoSchedule', 'NoExecute'] : [];
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      uid,
      creationTimestamp: ago(60 * DAY),
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'topology.kubernetes.io/zone': zone,
        'topology.kubernetes.io/region': zone.slice(0, -1),
        'node.kubernetes.io/instance-type': 'm6i.xlarge',
      },
    },
    spec: {
      providerID: `aws:///${zone}/i-${uid.slice(0, 8)}`,
      ...(unschedulable && { unschedulable }),
      taints: [
        ...taints,
        ...away.map((effect) => ({
          key: 'node.kubernetes.io/unreachable',
          effect,
          timeAdded: ago((lostMs ?? 0) - 5 * SECOND),
        })),
        ...(unschedulable ? [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }] : []),
      ],
    },
    status: {
      capacity: { cpu: '4', memory: '16Gi', pods: '58', 'ephemeral-storage': '80Gi' },
      allocatable: { cpu: '3920m', memory: '15Gi', pods: '58', 'ephemeral-storage': '72Gi' },
      addresses: [
        { type: 'InternalIP', address: '10.0.3.7' },
        { type: 'Hostname', address: name },
      ],
      conditions: [
        ...usual
          .filter(([type]) => !own.has(type))
          .map(([type, reason, message]) => ({
            type,
            status: 'False',
            reason,
            message,
            ...(lost && silent),
            lastHeartbeatTime: beat,
            lastTransitionTime: ago(lostMs ?? 60 * DAY),
          })),
        ...conditions,
        ...(own.has('Ready')
          ? []
          : [
              {
                type: 'Ready',
                status: 'True',
                reason: 'KubeletReady',
                message: 'kubelet is posting ready status',
                ...(lost && silent),
                lastHeartbeatTime: beat,
                lastTransitionTime: ago(lostMs ?? 60 * DAY),
              },
            ]),
      ],
      nodeInfo: {
        kubeletVersion: version,
        operatingSystem: 'linux',
        architecture: 'amd64',
        containerRuntimeVersion: 'containerd://1.7.27',
      },
    },
  };
}

const isReady = ({ state }: Run) => state.is === 'ready';
/** Pods that a controller counts. */
const isPresent = ({ state }: Run) => !['evicted', 'lost', 'failed', 'completed'].includes(state.is);

function workloadObjects(world: World, app: App): readonly Made[] {
  switch (app.kind) {
    case 'Deployment':
      return [deployment(app), ...replicaSets(world, app)];
    case 'StatefulSet':
      return [statefulSet(app)];
    case 'DaemonSet':
      return [daemonSet(world, app)];
    case 'Job':
      return [];
  }
}

function metaOf(app: App, more: Json = {}): Json {
  return {
    name: app.name,
    namespace: app.namespace,
    uid: app.uid,
    creationTimestamp: ago(app.createdMs),
    generation: app.revision,
    labels: app.labels,
    managedFields: [
      {
        manager: 'helm',
        operation: 'Update',
        apiVersion: 'apps/v1',
        time: ago(app.previous?.rolledMs ?? Math.min(app.createdMs, 9 * DAY)),
      },
    ],
    ...more,
  };
}

function templateOf({ labels, template: { container, spec } }: Pick<App, 'labels' | 'template'>): Json {
  const { containers = [], ...rest } = spec;
  return {
    metadata: { labels },
    spec: { restartPolicy: 'Always', ...rest, containers: [container, ...(containers as Json[])] },
  };
}

/** When the pods ceased to suffice: with the first that fails. */
function lackingSince(app: App): number {
  const times = app.runs.filter((run) => !isReady(run)).map(failingSince);
  return times.length === 0 ? (app.refused?.sinceMs ?? app.previous?.rolledMs ?? HOUR) : Math.max(...times);
}

function failingSince({ state, ageMs }: Run): number {
  if (state.is === 'unready' || state.is === 'lost' || state.is === 'evicted') return state.sinceMs;
  return state.is === 'crashing' ? Math.min(ageMs, state.restarts * 5 * MINUTE + MINUTE) : ageMs;
}

function deployment(app: App): Made {
  const present = app.runs.filter(isPresent);
  const ready = present.filter(isReady).length;
  const available = ready >= app.replicas - Math.floor(app.replicas / 4);
  const lacking = lackingSince(app);
  const rolledMs = app.previous?.rolledMs;
  const isDone = rolledMs === undefined || present.every((run) => !run.isOld && isReady(run));
  const settledMs = Math.min(app.createdMs, rolledMs ?? 9 * DAY);
  const condition = (type: string, status: string, sinceMs: number, reason: string, message: string) => ({
    type,
    status,
    reason,
    message,
    lastTransitionTime: ago(sinceMs),
    lastUpdateTime: ago(sinceMs),
  });
  const set = `ReplicaSet "${app.name}-${app.hash}"`;
  const isLate = !isDone && rolledMs > 10 * MINUTE;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: metaOf(app, { annotations: { 'deployment.kubernetes.io/revision': String(app.revision) } }),
    spec: {
      replicas: app.replicas,
      progressDeadlineSeconds: 600,
      revisionHistoryLimit: 10,
      selector: { matchLabels: app.labels },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
      template: templateOf(app),
    },
    status: {
      observedGeneration: app.revision,
      ...(present.length > 0 && {
        replicas: present.length,
        updatedReplicas: present.filter((run) => !run.isOld).length,
      }),
      ...(ready > 0 && { readyReplicas: ready, availableReplicas: ready }),
      ...(ready < Math.max(app.replicas, present.length) && {
        unavailableReplicas: Math.max(app.replicas, present.length) - ready,
      }),
      conditions: [
        available
          ? condition(
              'Available',
              'True',
              app.createdMs - 20_000,
              'MinimumReplicasAvailable',
              'Deployment has minimum availability.',
            )
          : condition(
              'Available',
              'False',
              lacking,
              'MinimumReplicasUnavailable',
              'Deployment does not have minimum availability.',
            ),
        isDone
          ? condition('Progressing', 'True', settledMs, 'NewReplicaSetAvailable', `${set} has successfully progressed.`)
          : isLate
            ? condition(
                'Progressing',
                'False',
                rolledMs - 10 * MINUTE,
                'ProgressDeadlineExceeded',
                `${set} has timed out progressing.`,
              )
            : condition('Progressing', 'True', rolledMs, 'ReplicaSetUpdated', `${set} is progressing.`),
        ...(app.refused === undefined
          ? []
          : [condition('ReplicaFailure', 'True', app.refused.sinceMs, 'FailedCreate', app.refused.message)]),
      ],
    },
  };
}

function replicaSets(world: World, app: App): readonly Made[] {
  const { previous } = app;
  const current = app.runs.filter((run) => !run.isOld);
  const old = app.runs.filter((run) => run.isOld);
  const wanted = previous === undefined ? app.replicas : Math.max(current.length, 1);
  const olderHash = `6${app.uid.slice(1, 8)}c`;
  const olderTemplate = {
    container: { ...app.template.container, image: `${app.template.container.image}-previous` },
    spec: app.template.spec,
  };
  return [
    replicaSet(
      world,
      app,
      app.hash,
      app,
      previous?.rolledMs ?? Math.min(app.createdMs, 9 * DAY),
      app.revision,
      current,
      wanted,
    ),
    previous === undefined
      ? replicaSet(world, app, olderHash, { ...app, template: olderTemplate }, app.createdMs, app.revision - 1, [], 0)
      : replicaSet(
          world,
          app,
          previous.hash,
          { ...app, template: previous.template },
          Math.min(app.createdMs, 9 * DAY),
          app.revision - 1,
          old,
          old.length,
        ),
  ];
}

function replicaSet(
  world: World,
  app: App,
  hash: string,
  templated: Pick<App, 'labels' | 'template'>,
  ageMs: number,
  revision: number,
  runs: readonly Run[],
  wanted: number,
): Made {
  const labels = { ...app.labels, 'pod-template-hash': hash };
  const present = runs.filter(isPresent);
  const ready = present.filter(isReady).length;
  const failed = hash === app.hash ? app.refused : undefined;
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${app.name}-${hash}`,
      namespace: app.namespace,
      uid: `${app.uid}-${hash}`,
      creationTimestamp: ago(ageMs),
      generation: 1,
      labels,
      annotations: {
        'deployment.kubernetes.io/revision': String(Math.max(0, revision)),
        'deployment.kubernetes.io/desired-replicas': String(app.replicas),
      },
      ownerReferences: [ownerReference(world.appRef(app))],
    },
    spec: {
      replicas: wanted,
      selector: { matchLabels: labels },
      template: { ...templateOf(templated), metadata: { labels } },
    },
    status: {
      replicas: present.length,
      observedGeneration: 1,
      ...(present.length > 0 && { fullyLabeledReplicas: present.length }),
      ...(ready > 0 && { readyReplicas: ready, availableReplicas: ready }),
      ...(failed !== undefined && {
        conditions: [
          {
            type: 'ReplicaFailure',
            status: 'True',
            reason: 'FailedCreate',
            message: failed.message,
            lastTransitionTime: ago(failed.sinceMs),
          },
        ],
      }),
    },
  };
}

function statefulSet(app: App): Made {
  const present = app.runs.filter(isPresent);
  const ready = present.filter(isReady).length;
  const updated = app.previous === undefined ? present.length : 1;
  const revision = (hash: string) => `${app.name}-${hash}`;
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: metaOf(app),
    spec: {
      replicas: app.replicas,
      serviceName: app.name,
      selector: { matchLabels: app.labels },
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
      podManagementPolicy: 'OrderedReady',
      template: templateOf(app),
    },
    status: {
      observedGeneration: app.revision,
      replicas: present.length,
      readyReplicas: ready,
      availableReplicas: ready,
      ...(app.previous === undefined
        ? { currentReplicas: present.length, updatedReplicas: updated }
        : { updatedReplicas: updated, currentReplicas: present.length - 1 }),
      currentRevision: revision(app.previous?.hash ?? app.hash),
      updateRevision: revision(app.hash),
      collisionCount: 0,
    },
  };
}

function daemonSet(world: World, app: App): Made {
  const desired = world.nodes.length;
  const ready = app.runs.filter(isReady).length;
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: metaOf(app),
    spec: {
      selector: { matchLabels: app.labels },
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
      template: templateOf(app),
    },
    status: {
      desiredNumberScheduled: desired,
      currentNumberScheduled: desired,
      numberMisscheduled: 0,
      numberReady: ready,
      numberAvailable: ready,
      ...(ready < desired && { numberUnavailable: desired - ready }),
      updatedNumberScheduled: desired,
      observedGeneration: app.revision,
    },
  };
}

function matches(labels: Json | undefined, selector: Json): boolean {
  return Object.entries(selector).every(([key, value]) => labels?.[key] === value);
}

function endpointSlices(world: World, objects: readonly Made[]): readonly Made[] {
  const pods = objects.filter(({ kind }) => kind === 'Pod');
  return objects
    .filter(({ kind }) => kind === 'Service')
    .flatMap((service) => {
      const { selector, ports = [] } = service['spec'] as { selector?: Json; ports?: Json[] };
      if (selector === undefined) return [];
      const { name, namespace, uid } = service.metadata;
      const endpoints = pods
        .filter(({ metadata }) => metadata['namespace'] === namespace && matches(metadata['labels'] as Json, selector))
        .filter(
          (pod) => (pod['status'] as Json)['podIP'] !== undefined && (pod['status'] as Json)['phase'] === 'Running',
        )
        .map((pod) => endpoint(pod));
      return [
        {
          apiVersion: 'discovery.k8s.io/v1',
          kind: 'EndpointSlice',
          addressType: 'IPv4',
          metadata: {
            name: `${String(name)}-${world.suffix(5)}`,
            namespace,
            uid: world.uid(),
            creationTimestamp: ago(29 * DAY),
            labels: {
              'kubernetes.io/service-name': name,
              'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
            },
            ownerReferences: [ownerReference({ apiVersion: 'v1', kind: 'Service', name, uid })],
          },
          endpoints,
          ports: ports.map((port) => ({
            name: port['name'] ?? '',
            port: port['targetPort'] ?? port['port'],
            protocol: 'TCP',
          })),
        },
      ];
    });
}

function endpoint(pod: Made): Json {
  const conditions = (pod['status'] as { conditions?: Json[] }).conditions ?? [];
  const ready = conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
  const terminating = pod.metadata['deletionTimestamp'] !== undefined;
  return {
    addresses: [(pod['status'] as Json)['podIP']],
    conditions: { ready: ready && !terminating, serving: ready, terminating },
    nodeName: (pod['spec'] as Json)['nodeName'],
    targetRef: {
      kind: 'Pod',
      namespace: pod.metadata['namespace'],
      name: pod.metadata['name'],
      uid: pod.metadata['uid'],
    },
  };
}

/** Each app with two replicas or more may lose one. */
function budgets(world: World): readonly Made[] {
  return world.apps
    .filter(({ kind, replicas }) => kind === 'Deployment' && replicas >= 2)
    .map((app) => {
      const ready = app.runs.filter(isReady).length;
      const desired = app.replicas - 1;
      const allowed = Math.max(0, ready - desired);
      return {
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata: {
          name: app.name,
          namespace: app.namespace,
          uid: world.uid(),
          creationTimestamp: ago(app.createdMs),
          generation: 1,
        },
        spec: { maxUnavailable: 1, selector: { matchLabels: app.labels } },
        status: {
          currentHealthy: ready,
          desiredHealthy: desired,
          disruptionsAllowed: allowed,
          expectedPods: app.replicas,
          observedGeneration: 1,
          conditions: [
            {
              type: 'DisruptionAllowed',
              status: allowed > 0 ? 'True' : 'False',
              reason: allowed > 0 ? 'SufficientPods' : 'InsufficientPods',
              message: '',
              lastTransitionTime: ago(allowed > 0 ? app.createdMs : lackingSince(app)),
            },
          ],
        },
      };
    });
}

function eventObject({ version }: World, about: Ref, said: Said, index: number): Made {
  const { reason, type = 'Warning', component = 'kubelet', count = 1, firstMs, lastMs = firstMs, fieldPath } = said;
  const message = typeof said.message === 'string' ? said.message : said.message();
  const isSeries = component === 'default-scheduler';
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: {
      name: `${about.name}.${(0x17a0000000000 + index * 7919).toString(16)}`,
      namespace: about.namespace ?? 'default',
      uid: `event-${index}-${version}`,
      creationTimestamp: ago(firstMs),
    },
    involvedObject: {
      apiVersion: about.apiVersion,
      kind: about.kind,
      name: about.name,
      uid: about.uid,
      ...(about.namespace !== undefined && { namespace: about.namespace }),
      ...(fieldPath !== undefined && { fieldPath }),
    },
    type,
    reason,
    message,
    ...(isSeries
      ? {
          eventTime: ago(firstMs).replace('Z', '.104211Z'),
          firstTimestamp: null,
          lastTimestamp: null,
          reportingComponent: component,
          ...(count > 1 && { series: { count, lastObservedTime: ago(lastMs).replace('Z', '.104211Z') } }),
          source: {},
        }
      : {
          count,
          firstTimestamp: ago(firstMs),
          lastTimestamp: ago(lastMs),
          eventTime: null,
          source: { component },
          reportingComponent: component,
        }),
  };
}
