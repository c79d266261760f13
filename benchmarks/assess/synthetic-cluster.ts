/** Writes a realistic cluster of any size as files, one per kind and namespace, without holding it in memory. */
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { randomFrom } from '../random.ts';
import { breakWorkloads } from './break-workloads.ts';

const OBSERVED_AT = Date.parse('2025-09-27T12:00:00Z');
const PODS_PER_NODE = 30;
const PODS_PER_NAMESPACE = 400;

/** One namespace's objects by kind. */
type Namespace = Readonly<Record<string, unknown[]>>;

/**
 * Writes the cluster into `folder` and returns the files' paths. About 2 % of the pods fail in one way or another; with `broken`, so many Deployments
 * fail instead, each for a reason of its own that can be mended.
 */
export function writeCluster(folder: string, pods: number, seed = 1, broken?: number): readonly string[] {
  mkdirSync(folder, { recursive: true });
  const random = randomFrom(seed);
  const nodes = Math.max(1, Math.ceil(pods / PODS_PER_NODE));
  const files: string[] = [];
  const write = (name: string, items: readonly unknown[]) => {
    const path = join(folder, name);
    writeFileSync(path, JSON.stringify({ apiVersion: 'v1', kind: 'List', metadata: { resourceVersion: '' }, items }));
    files.push(path);
  };
  write(
    'nodes.json',
    Array.from({ length: nodes }, (_, i) => node(i)),
  );
  write(
    'nodemetrics.json',
    Array.from({ length: nodes }, (_, i) => nodeMetrics(i)),
  );
  for (let start = 0, n = 0; start < pods; start += PODS_PER_NAMESPACE, n++) {
    const name = `team-${String(n).padStart(3, '0')}`;
    const count = Math.min(PODS_PER_NAMESPACE, pods - start);
    const objects = namespace(name, count, nodes, random, broken === undefined ? undefined : 0);
    if (broken !== undefined) {
      const until = Math.round((broken * (start + count)) / pods);
      breakWorkloads(objects, Math.round((broken * start) / pods), until, time);
    }
    for (const [kind, items] of Object.entries(objects)) write(`${kind}.${name}.json`, items);
  }
  return files;
}

/** Writes one pretty-printed List of at least `bytes` bytes, as `kubectl get pods -A -o json` does. */
export function writeLargeList(path: string, bytes: number): number {
  const random = randomFrom(2);
  const file = openSync(path, 'w');
  let written = writeSync(file, '{\n    "apiVersion": "v1",\n    "items": [\n');
  let count = 0;
  for (let n = 0; written < bytes; n++) {
    const { pods = [] } = namespace(`team-${n}`, PODS_PER_NAMESPACE, 4000, random);
    const text = pods.map((pod) => JSON.stringify(pod, null, 4).replaceAll('\n', '\n        ')).join(',\n        ');
    written += writeSync(file, `${n === 0 ? '        ' : ',\n        '}${text}`);
    count += pods.length;
  }
  writeSync(file, '\n    ],\n    "kind": "List",\n    "metadata": {\n        "resourceVersion": ""\n    }\n}\n');
  closeSync(file);
  return count;
}

function namespace(name: string, count: number, nodes: number, random: () => number, failureShare = 0.05): Namespace {
  const kinds: Record<string, unknown[]> = {
    pods: [],
    deployments: [],
    replicasets: [],
    services: [],
    endpointslices: [],
    events: [],
    podmetrics: [],
    configmaps: [{ ...config(name, 'kube-root-ca.crt'), data: { 'ca.crt': '-----BEGIN CERTIFICATE-----' } }],
  };
  for (let made = 0, n = 0; made < count; n++) {
    const replicas = Math.min(count - made, 2 + Math.floor(random() * 12));
    addWorkload(kinds, name, `service-${n}`, replicas, nodes, random, failureShare);
    made += replicas;
  }
  return kinds;
}

function addWorkload(
  kinds: Record<string, unknown[]>,
  namespace: string,
  app: string,
  replicas: number,
  nodes: number,
  random: () => number,
  failureShare: number,
): void {
  const hash = Math.floor(random() * 0xfffffff)
    .toString(36)
    .padStart(8, 'b')
    .slice(0, 9);
  const failing = random() < failureShare ? Math.ceil(replicas * 0.4) : 0;
  const template = podSpec(app);
  kinds['deployments']?.push(deployment(namespace, app, replicas, replicas - failing, template));
  kinds['replicasets']?.push(replicaSet(namespace, app, hash, replicas, replicas - failing, template));
  kinds['services']?.push(service(namespace, app));
  kinds['configmaps']?.push(config(namespace, `${app}-config`));
  const pods = Array.from({ length: replicas }, (_, i) =>
    pod(namespace, app, hash, i, Math.floor(random() * nodes), i < failing),
  );
  kinds['pods']?.push(...pods);
  kinds['endpointslices']?.push(endpointSlice(namespace, app, pods));
  for (const one of pods) {
    kinds['podmetrics']?.push(podMetrics(one.metadata.name, namespace, random));
    if (random() < 0.3) kinds['events']?.push(event(one.metadata.name, namespace, random));
  }
  for (let i = 0; i < failing; i++) kinds['events']?.push(backOff(pods[i]?.metadata.name ?? '', namespace));
}

function time(agoMs: number): string {
  return new Date(OBSERVED_AT - agoMs).toISOString().replace('.000Z', 'Z');
}

const DAY = 86_400_000;

function uid(...parts: readonly (string | number)[]): string {
  let hash = 2166136261;
  for (const char of parts.join('/')) hash = Math.imul(hash ^ char.charCodeAt(0), 16777619);
  const hex = (hash >>> 0).toString(16).padStart(8, '0');
  return `${hex}-${hex.slice(0, 4)}-4${hex.slice(1, 4)}-8${hex.slice(4, 7)}-${hex}${hex.slice(0, 4)}`;
}

function meta(namespace: string, name: string, app: string, extra: object = {}) {
  return {
    annotations: { 'example.com/team': namespace },
    creationTimestamp: time(9 * DAY),
    labels: labelsOf(namespace, app),
    name,
    namespace,
    resourceVersion: '1284471',
    uid: uid(namespace, name),
    ...extra,
  };
}

function labelsOf(namespace: string, app: string) {
  return { app, 'app.kubernetes.io/part-of': namespace };
}

function ownerOf(apiVersion: string, kind: string, namespace: string, name: string) {
  return { apiVersion, blockOwnerDeletion: true, controller: true, kind, name, uid: uid(namespace, name) };
}

function podSpec(app: string) {
  const probe = (path: string) => ({
    failureThreshold: 3,
    httpGet: { path, port: 'http', scheme: 'HTTP' },
    periodSeconds: 10,
    successThreshold: 1,
    timeoutSeconds: 1,
  });
  return {
    containers: [
      {
        env: [
          { name: 'LOG_LEVEL', value: 'info' },
          { name: 'UPSTREAM_URL', value: `http://${app}-upstream.internal:8080/api` },
          { name: 'POD_IP', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'status.podIP' } } },
          { name: 'MODE', valueFrom: { configMapKeyRef: { key: 'mode', name: `${app}-config` } } },
        ],
        image: `registry.example.com/${app}:1.14.2`,
        imagePullPolicy: 'IfNotPresent',
        livenessProbe: probe('/healthz'),
        name: app,
        ports: [{ containerPort: 8080, name: 'http', protocol: 'TCP' }],
        readinessProbe: probe('/ready'),
        resources: { limits: { memory: '512Mi' }, requests: { cpu: '100m', memory: '256Mi' } },
        terminationMessagePath: '/dev/termination-log',
        terminationMessagePolicy: 'File',
        volumeMounts: [
          { mountPath: '/etc/config', name: 'config' },
          { mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', name: 'kube-api-access', readOnly: true },
        ],
      },
    ],
    dnsPolicy: 'ClusterFirst',
    restartPolicy: 'Always',
    schedulerName: 'default-scheduler',
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    serviceAccount: 'default',
    serviceAccountName: 'default',
    terminationGracePeriodSeconds: 30,
    volumes: [
      { configMap: { defaultMode: 420, name: `${app}-config` }, name: 'config' },
      {
        name: 'kube-api-access',
        projected: {
          defaultMode: 420,
          sources: [
            { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
            { configMap: { items: [{ key: 'ca.crt', path: 'ca.crt' }], name: 'kube-root-ca.crt' } },
            {
              downwardAPI: {
                items: [{ fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' }, path: 'namespace' }],
              },
            },
          ],
        },
      },
    ],
  };
}

function pod(namespace: string, app: string, hash: string, index: number, onNode: number, failing: boolean) {
  const name = `${app}-${hash}-${index.toString(36).padStart(5, 'x')}`;
  const owner = ownerOf('apps/v1', 'ReplicaSet', namespace, `${app}-${hash}`);
  const condition = (type: string, status = 'True') => ({
    lastProbeTime: null,
    lastTransitionTime: time(3 * DAY),
    status,
    type,
  });
  const ready = failing ? 'False' : 'True';
  const state = failing
    ? {
        waiting: {
          message: `back-off 5m0s restarting failed container=${app} pod=${name}_${namespace}(${uid(namespace, name)})`,
          reason: 'CrashLoopBackOff',
        },
      }
    : { running: { startedAt: time(3 * DAY) } };
  const lastState = failing
    ? {
        terminated: {
          containerID: `containerd://${uid(name)}`,
          exitCode: 1,
          finishedAt: time(180_000),
          reason: 'Error',
          startedAt: time(190_000),
        },
      }
    : {};
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...meta(namespace, name, app),
      generateName: `${app}-${hash}-`,
      labels: { app, 'app.kubernetes.io/part-of': namespace, 'pod-template-hash': hash },
      ownerReferences: [owner],
    },
    spec: {
      ...podSpec(app),
      enableServiceLinks: true,
      nodeName: nodeName(onNode),
      preemptionPolicy: 'PreemptLowerPriority',
      priority: 0,
      tolerations: ['not-ready', 'unreachable'].map((key) => ({
        effect: 'NoExecute',
        key: `node.kubernetes.io/${key}`,
        operator: 'Exists',
        tolerationSeconds: 300,
      })),
    },
    status: {
      conditions: [
        condition('PodReadyToStartContainers'),
        condition('Initialized'),
        condition('Ready', ready),
        condition('ContainersReady', ready),
        condition('PodScheduled'),
      ],
      containerStatuses: [
        {
          containerID: `containerd://${uid(name, 1)}`,
          image: `registry.example.com/${app}:1.14.2`,
          imageID: `registry.example.com/${app}@sha256:${uid(app).replaceAll('-', '').repeat(2)}`,
          lastState,
          name: app,
          ready: !failing,
          restartCount: failing ? 41 : 0,
          started: !failing,
          state,
        },
      ],
      hostIP: `10.128.${onNode % 250}.${onNode % 200}`,
      phase: 'Running',
      podIP: `10.8.${onNode % 250}.${index % 250}`,
      podIPs: [{ ip: `10.8.${onNode % 250}.${index % 250}` }],
      qosClass: 'Burstable',
      startTime: time(3 * DAY),
    },
  };
}

function workloadStatus(replicas: number, ready: number) {
  return { availableReplicas: ready, observedGeneration: 4, readyReplicas: ready, replicas, updatedReplicas: replicas };
}

function deployment(namespace: string, app: string, replicas: number, ready: number, spec: object) {
  const condition = (type: string, reason: string, status: string) => ({
    lastTransitionTime: time(8 * DAY),
    lastUpdateTime: time(3 * DAY),
    message: reason,
    reason,
    status,
    type,
  });
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      ...meta(namespace, app, app, {
        annotations: { 'deployment.kubernetes.io/revision': '4', 'example.com/team': namespace },
      }),
      generation: 4,
    },
    spec: {
      progressDeadlineSeconds: 600,
      replicas,
      revisionHistoryLimit: 10,
      selector: { matchLabels: { app } },
      strategy: { rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' }, type: 'RollingUpdate' },
      template: { metadata: { creationTimestamp: null, labels: { app } }, spec },
    },
    status: {
      ...workloadStatus(replicas, ready),
      conditions: [
        condition('Progressing', 'NewReplicaSetAvailable', 'True'),
        ready < replicas
          ? condition('Available', 'MinimumReplicasUnavailable', 'False')
          : condition('Available', 'MinimumReplicasAvailable', 'True'),
      ],
    },
  };
}

function replicaSet(namespace: string, app: string, hash: string, replicas: number, ready: number, spec: object) {
  const owner = ownerOf('apps/v1', 'Deployment', namespace, app);
  const labels = { app, 'pod-template-hash': hash };
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      ...meta(namespace, `${app}-${hash}`, app),
      annotations: {
        'deployment.kubernetes.io/desired-replicas': String(replicas),
        'deployment.kubernetes.io/max-replicas': String(replicas + Math.ceil(replicas / 4)),
        'deployment.kubernetes.io/revision': '4',
        'example.com/team': namespace,
      },
      generation: 1,
      labels,
      ownerReferences: [owner],
    },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { creationTimestamp: null, labels }, spec },
    },
    status: {
      availableReplicas: ready,
      fullyLabeledReplicas: replicas,
      observedGeneration: 1,
      readyReplicas: ready,
      replicas,
    },
  };
}

function service(namespace: string, app: string) {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: meta(namespace, app, app),
    spec: {
      clusterIP: '10.12.0.7',
      clusterIPs: ['10.12.0.7'],
      internalTrafficPolicy: 'Cluster',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      ports: [{ name: 'http', port: 80, protocol: 'TCP', targetPort: 'http' }],
      selector: { app },
      sessionAffinity: 'None',
      type: 'ClusterIP',
    },
    status: { loadBalancer: {} },
  };
}

function endpointSlice(namespace: string, app: string, pods: readonly ReturnType<typeof pod>[]) {
  const endpoints = pods.map(({ metadata, spec, status }) => ({
    addresses: [status.podIP],
    conditions: { ready: true, serving: true, terminating: false },
    nodeName: spec.nodeName,
    targetRef: { kind: 'Pod', name: metadata.name, namespace, uid: metadata.uid },
    zone: 'us-central1-b',
  }));
  return {
    addressType: 'IPv4',
    apiVersion: 'discovery.k8s.io/v1',
    endpoints,
    kind: 'EndpointSlice',
    metadata: {
      ...meta(namespace, `${app}-x7k2p`, app),
      labels: {
        ...labelsOf(namespace, app),
        'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
        'kubernetes.io/service-name': app,
      },
      ownerReferences: [ownerOf('v1', 'Service', namespace, app)],
    },
    ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
  };
}

function config(namespace: string, name: string) {
  return {
    apiVersion: 'v1',
    data: { mode: 'standard', 'app.yaml': 'server:\n  port: 8080\n  threads: 16\ncache:\n  size: 512\n' },
    kind: 'ConfigMap',
    metadata: meta(namespace, name, name),
  };
}

function podMetrics(pod: string, namespace: string, random: () => number) {
  const usage = {
    cpu: `${Math.floor(30_000_000 + random() * 40_000_000)}n`,
    memory: `${Math.floor(120_000 + random() * 80_000)}Ki`,
  };
  return {
    apiVersion: 'metrics.k8s.io/v1beta1',
    containers: [{ name: pod.replace(/-[^-]+-[^-]+$/, ''), usage }],
    kind: 'PodMetrics',
    metadata: { creationTimestamp: time(30_000), name: pod, namespace },
    timestamp: time(60_000),
    window: '15.2s',
  };
}

function event(pod: string, namespace: string, random: () => number) {
  const pulled = random() < 0.5;
  const at = time(Math.floor(random() * 3_600_000));
  return {
    apiVersion: 'v1',
    count: 1,
    eventTime: null,
    firstTimestamp: at,
    involvedObject: { apiVersion: 'v1', kind: 'Pod', name: pod, namespace, uid: uid(namespace, pod) },
    kind: 'Event',
    lastTimestamp: at,
    message: pulled ? 'Container image already present on machine' : 'Created container',
    metadata: {
      creationTimestamp: at,
      name: `${pod}.${uid(pod, at).slice(0, 16)}${pulled ? 'a' : 'b'}`,
      namespace,
      uid: uid(pod, at, 'e'),
    },
    reason: pulled ? 'Pulled' : 'Created',
    reportingComponent: 'kubelet',
    reportingInstance: 'node',
    source: { component: 'kubelet', host: 'node' },
    type: 'Normal',
  };
}

function backOff(pod: string, namespace: string) {
  return {
    apiVersion: 'v1',
    count: 212,
    eventTime: null,
    firstTimestamp: time(3_600_000),
    involvedObject: { apiVersion: 'v1', kind: 'Pod', name: pod, namespace, uid: uid(namespace, pod) },
    kind: 'Event',
    lastTimestamp: time(60_000),
    message: `Back-off restarting failed container in pod ${pod}_${namespace}(${uid(namespace, pod)})`,
    metadata: { creationTimestamp: time(3_600_000), name: `${pod}.backoff`, namespace, uid: uid(pod, 'backoff') },
    reason: 'BackOff',
    source: { component: 'kubelet', host: 'node' },
    type: 'Warning',
  };
}

function nodeName(index: number): string {
  return `gke-main-pool-${String(index).padStart(5, '0')}`;
}

function node(index: number) {
  const condition = (type: string, status: string, reason: string) => ({
    lastHeartbeatTime: time(20_000),
    lastTransitionTime: time(9 * DAY),
    message: reason,
    reason,
    status,
    type,
  });
  const resources = { cpu: '16', 'ephemeral-storage': '98831908Ki', memory: '65838292Ki', pods: '110' };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      creationTimestamp: time(9 * DAY),
      labels: {
        'cloud.google.com/gke-nodepool': 'pool',
        'kubernetes.io/hostname': nodeName(index),
        'node.kubernetes.io/instance-type': 'e2-standard-16',
        'topology.kubernetes.io/region': 'us-central1',
        'topology.kubernetes.io/zone': 'us-central1-b',
      },
      name: nodeName(index),
      uid: uid('node', index),
    },
    spec: { podCIDR: `10.8.${index % 250}.0/24`, providerID: `gce://project/us-central1-b/${nodeName(index)}` },
    status: {
      addresses: [{ address: `10.128.0.${index % 250}`, type: 'InternalIP' }],
      allocatable: { ...resources, cpu: '15890m' },
      capacity: resources,
      conditions: [
        condition('MemoryPressure', 'False', 'KubeletHasSufficientMemory'),
        condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure'),
        condition('PIDPressure', 'False', 'KubeletHasSufficientPID'),
        condition('Ready', 'True', 'KubeletReady'),
      ],
      images: Array.from({ length: 20 }, (_, i) => ({
        names: [`registry.example.com/service-${i}:1.14.2`],
        sizeBytes: 48_112_000 + i,
      })),
      nodeInfo: {
        architecture: 'amd64',
        containerRuntimeVersion: 'containerd://1.7.27',
        kernelVersion: '6.6.87+',
        kubeletVersion: 'v1.33.4-gke.1036000',
        osImage: 'Container-Optimized OS from Google',
      },
    },
  };
}

function nodeMetrics(index: number) {
  return {
    apiVersion: 'metrics.k8s.io/v1beta1',
    kind: 'NodeMetrics',
    metadata: { creationTimestamp: time(30_000), name: nodeName(index) },
    timestamp: time(60_000),
    usage: { cpu: '5412345678n', memory: '22345678Ki' },
    window: '20s',
  };
}
