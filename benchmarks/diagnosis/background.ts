/** Healthy clusters of varying size, with the harmless noise that every cluster has. */
import { ago, DAY, HOUR, MINUTE, SECOND, World, type App, type Json, type Ref, type Template } from './world.ts';

const NAMESPACES = ['shop', 'payments', 'search', 'media', 'identity', 'reports', 'fleet', 'catalogue'] as const;
const NAMES = [
  'api',
  'web',
  'worker',
  'gateway',
  'orders',
  'cart',
  'billing',
  'mailer',
  'profile',
  'feed',
  'ledger',
  'quotes',
  'render',
  'sessions',
] as const;
const REGISTRY = 'registry.acme.example';

/** A template of a sound web service. */
export function templateOf(world: World, name: string, namespace: string): Template {
  const probe = (path: string) => ({
    httpGet: { path, port: 8080, scheme: 'HTTP' },
    periodSeconds: 10,
    failureThreshold: 3,
    timeoutSeconds: 1,
  });
  return {
    container: {
      name: world.chance(0.5) ? name : 'app',
      image: `${REGISTRY}/${namespace}/${name}:${world.between(1, 4)}.${world.between(0, 20)}.${world.between(0, 9)}`,
      imagePullPolicy: 'IfNotPresent',
      env: [{ name: 'LOG_LEVEL', value: 'info' }],
      envFrom: [{ configMapRef: { name: 'settings' } }],
      ports: [{ containerPort: 8080, name: 'http', protocol: 'TCP' }],
      resources: { requests: { cpu: `${world.pick([50, 100, 150])}m`, memory: '128Mi' }, limits: { memory: '256Mi' } },
      readinessProbe: probe('/ready'),
      livenessProbe: probe('/healthz'),
    },
    spec: {},
  };
}

/** A world in which nothing is wrong. */
export function healthyWorld(seed: number): World {
  const world = new World(seed);
  const region = world.pick(['eu-west-1', 'us-east-2']);
  const count = world.between(4, 7);
  for (let i = 0; i < count; i++)
    world.node(
      `ip-10-0-${world.between(1, 250)}-${i + 11}.${region}.compute.internal`,
      `${region}${'ab'[i % 2] ?? 'a'}`,
    );
  addNamespace(world, 'kube-system');
  addNamespace(world, 'default');
  addSystem(world);
  const free = [...NAMESPACES].sort(() => world.random() - 0.5);
  for (const namespace of free.slice(0, world.between(4, 5))) addTeam(world, namespace);
  addIngresses(world);
  addNoise(world);
  return world;
}

function addNamespace(world: World, name: string): void {
  world.add('v1', 'Namespace', name, undefined, {
    metadata: { labels: { 'kubernetes.io/metadata.name': name } },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  });
  world.add('v1', 'ServiceAccount', 'default', name);
  world.add('v1', 'ConfigMap', 'kube-root-ca.crt', name, { data: { 'ca.crt': 'x' } });
}

/** Ports of Services by those of their pods, where they differ. */
const OUTSIDE: ReadonlyMap<number, number> = new Map([
  [8080, 80],
  [8443, 443],
]);

export function addService(world: World, app: App, type = 'ClusterIP', name = app.name): Ref {
  return world.add('v1', 'Service', name, app.namespace, {
    metadata: { labels: app.labels },
    spec: {
      type,
      clusterIP:
        name === 'kube-dns'
          ? '172.20.0.10'
          : app.kind === 'StatefulSet'
            ? 'None'
            : `172.20.${world.between(1, 250)}.${world.between(2, 250)}`,
      selector: app.labels,
      ports: [
        {
          name: 'http',
          port: OUTSIDE.get(app.port) ?? app.port,
          targetPort: app.port,
          protocol: app.port === 53 ? 'UDP' : 'TCP',
        },
      ],
    },
    status: { loadBalancer: {} },
  });
}

function addTeam(world: World, namespace: string): void {
  addNamespace(world, namespace);
  world.add('v1', 'ConfigMap', 'settings', namespace, { data: { region: 'eu', mode: 'standard' } });
  world.add('v1', 'Secret', 'credentials', namespace, { type: 'Opaque', data: { username: 'eA==', password: 'eA==' } });
  if (world.chance(0.5))
    world.add('v1', 'ResourceQuota', 'team', namespace, {
      spec: { hard: { pods: '60', 'requests.cpu': '12' } },
      status: { hard: { pods: '60', 'requests.cpu': '12' }, used: { pods: '14', 'requests.cpu': '3' } },
    });
  const names = [...NAMES].sort(() => world.random() - 0.5).slice(0, world.between(3, 5));
  for (const name of names) {
    const app = world.app({
      kind: 'Deployment',
      namespace,
      name,
      replicas: world.between(2, 4),
      template: templateOf(world, name, namespace),
    });
    addService(world, app);
    if (world.chance(0.3)) addAutoscaler(world, app);
  }
  addDatabase(world, namespace);
  if (world.chance(0.6)) addFinishedJob(world, namespace);
}

function addAutoscaler(world: World, app: App): void {
  const metric = (target: number) => ({
    type: 'Resource',
    resource: { name: 'cpu', ...{ target: { type: 'Utilization', averageUtilization: target } } },
  });
  const condition = (type: string, status: string, reason: string, message: string) => ({
    type,
    status,
    reason,
    message,
    lastTransitionTime: ago(9 * DAY),
  });
  world.add('autoscaling/v2', 'HorizontalPodAutoscaler', app.name, app.namespace, {
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: app.name },
      minReplicas: 2,
      maxReplicas: 10,
      metrics: [metric(70)],
    },
    status: {
      currentReplicas: app.replicas,
      desiredReplicas: app.replicas,
      currentMetrics: [
        { type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 46, averageValue: '46m' } } },
      ],
      conditions: [
        condition('AbleToScale', 'True', 'ReadyForNewScale', 'recommended size matches current size'),
        condition(
          'ScalingActive',
          'True',
          'ValidMetricFound',
          'the HPA was able to successfully calculate a replica count from cpu resource utilization (percentage of request)',
        ),
        condition('ScalingLimited', 'False', 'DesiredWithinRange', 'the desired count is within the acceptable range'),
      ],
    },
  });
}

/** A bound claim with its volume in the zone of a node. */
export function addClaim(world: World, namespace: string, name: string, zone: string, storageClass = 'gp3'): void {
  const volume = `pvc-${world.uid()}`;
  const claim = world.add('v1', 'PersistentVolumeClaim', name, namespace, {
    spec: {
      accessModes: ['ReadWriteOnce'],
      storageClassName: storageClass,
      volumeName: volume,
      resources: { requests: { storage: '20Gi' } },
    },
    status: { phase: 'Bound', accessModes: ['ReadWriteOnce'], capacity: { storage: '20Gi' } },
  });
  world.add('v1', 'PersistentVolume', volume, undefined, {
    spec: {
      capacity: { storage: '20Gi' },
      accessModes: ['ReadWriteOnce'],
      storageClassName: storageClass,
      persistentVolumeReclaimPolicy: 'Delete',
      claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name, uid: claim.uid },
      csi: { driver: 'ebs.csi.aws.com', volumeHandle: `vol-${volume.slice(4, 16)}` },
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [
            { matchExpressions: [{ key: 'topology.kubernetes.io/zone', operator: 'In', values: [zone] }] },
          ],
        },
      },
    },
    status: { phase: 'Bound' },
  });
}

function addDatabase(world: World, namespace: string): void {
  const template: Template = {
    container: {
      name: 'postgres',
      image: 'docker.io/library/postgres:16.4',
      imagePullPolicy: 'IfNotPresent',
      env: [{ name: 'POSTGRES_PASSWORD', valueFrom: { secretKeyRef: { name: 'credentials', key: 'password' } } }],
      ports: [{ containerPort: 5432, protocol: 'TCP' }],
      resources: { requests: { cpu: '200m', memory: '512Mi' }, limits: { memory: '1Gi' } },
      volumeMounts: [{ name: 'data', mountPath: '/var/lib/postgresql/data' }],
    },
    spec: { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data-db-0' } }] },
  };
  const app = world.app({ kind: 'StatefulSet', namespace, name: 'db', replicas: 1, template, port: 5432 });
  const node = world.nodes.find(({ name }) => name === app.runs[0]?.node);
  addClaim(world, namespace, 'data-db-0', node?.zone ?? '');
  addService(world, app);
}

function addFinishedJob(world: World, namespace: string): void {
  const { container } = templateOf(world, 'migrate', namespace);
  delete container['readinessProbe'];
  delete container['livenessProbe'];
  const name = `migrate-${world.between(100, 999)}`;
  const app = world.app({ kind: 'Job', namespace, name, replicas: 0, template: { container, spec: {} } });
  const endedMs = world.between(2, 40) * HOUR;
  world.run(app, { is: 'completed', sinceMs: endedMs }, endedMs + 2 * MINUTE);
  addJobObject(world, app, {
    succeeded: 1,
    ready: 0,
    startTime: ago(endedMs + 2 * MINUTE),
    completionTime: ago(endedMs),
    conditions: [{ type: 'Complete', status: 'True', lastTransitionTime: ago(endedMs), lastProbeTime: ago(endedMs) }],
  });
}

export function addJobObject(world: World, app: App, status: Json): void {
  const ageMs = Math.max(...app.runs.map((run) => run.ageMs));
  world.add(
    'batch/v1',
    'Job',
    app.name,
    app.namespace,
    {
      metadata: { uid: app.uid },
      spec: {
        backoffLimit: 3,
        completions: 1,
        parallelism: 1,
        selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': app.uid } },
        template: {
          metadata: { labels: app.labels },
          spec: { restartPolicy: 'Never', containers: [app.template.container] },
        },
      },
      status,
    },
    ageMs + SECOND,
  );
}

function systemTemplate(name: string, image: string, more: Json = {}): Template {
  return {
    container: {
      name,
      image,
      imagePullPolicy: 'IfNotPresent',
      resources: { requests: { cpu: '100m', memory: '70Mi' }, limits: { memory: '300Mi' } },
      ...more,
    },
    spec: { priorityClassName: 'system-cluster-critical', tolerations: [{ operator: 'Exists' }] },
  };
}

function addSystem(world: World): void {
  for (const name of ['system-cluster-critical', 'system-node-critical'])
    world.add('scheduling.k8s.io/v1', 'PriorityClass', name, undefined, { value: 2_000_000_000 });
  world.add('storage.k8s.io/v1', 'StorageClass', 'gp3', undefined, {
    metadata: { annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
    provisioner: 'ebs.csi.aws.com',
    volumeBindingMode: 'WaitForFirstConsumer',
    reclaimPolicy: 'Delete',
  });
  world.add('networking.k8s.io/v1', 'IngressClass', 'nginx', undefined, {
    spec: { controller: 'k8s.io/ingress-nginx' },
  });
  const dns = world.app({
    kind: 'Deployment',
    namespace: 'kube-system',
    name: 'coredns',
    replicas: 2,
    labels: { 'k8s-app': 'kube-dns' },
    template: systemTemplate('coredns', 'registry.k8s.io/coredns/coredns:v1.11.3', {
      ports: [{ containerPort: 53, name: 'dns', protocol: 'UDP' }],
    }),
    port: 53,
  });
  addService(world, dns, 'ClusterIP', 'kube-dns');
  world.add('v1', 'ConfigMap', 'coredns', 'kube-system', { data: { Corefile: '.:53 { forward . /etc/resolv.conf }' } });
  const metrics = world.app({
    kind: 'Deployment',
    namespace: 'kube-system',
    name: 'metrics-server',
    replicas: 1,
    labels: { 'k8s-app': 'metrics-server' },
    template: systemTemplate('metrics-server', 'registry.k8s.io/metrics-server/metrics-server:v0.7.2'),
    port: 10250,
  });
  addService(world, metrics);
  world.add('apiregistration.k8s.io/v1', 'APIService', 'v1beta1.metrics.k8s.io', undefined, {
    spec: {
      group: 'metrics.k8s.io',
      version: 'v1beta1',
      service: { name: 'metrics-server', namespace: 'kube-system', port: 10250 },
    },
    status: {
      conditions: [
        {
          type: 'Available',
          status: 'True',
          reason: 'Passed',
          message: 'all checks passed',
          lastTransitionTime: ago(40 * DAY),
        },
      ],
    },
  });
  const ingress = world.app({
    kind: 'Deployment',
    namespace: 'kube-system',
    name: 'ingress-nginx-controller',
    replicas: 2,
    template: systemTemplate('controller', 'registry.k8s.io/ingress-nginx/controller:v1.12.1'),
  });
  addService(world, ingress);
  for (const [name, image] of [
    ['kube-proxy', 'registry.k8s.io/kube-proxy:v1.33.4'],
    ['aws-node', 'registry.acme.example/eks/cni:v1.19.2'],
  ] as const) {
    const template = systemTemplate(name, image);
    const app = world.app({
      kind: 'DaemonSet',
      namespace: 'kube-system',
      name,
      replicas: 0,
      labels: { 'k8s-app': name },
      template: {
        ...template,
        spec: { ...template.spec, hostNetwork: true, priorityClassName: 'system-node-critical' },
      },
    });
    for (const node of world.nodes) world.run(app, { is: 'ready' }, 50 * DAY, node.name);
  }
}

/** One Ingress in most namespaces, to one of its Services. */
function addIngresses(world: World): void {
  const byNamespace = Map.groupBy(world.apps.filter(isTeamApp), ({ namespace }) => namespace);
  for (const [namespace, apps] of byNamespace) {
    const [app] = apps;
    if (app === undefined || world.chance(0.2)) continue;
    world.add('networking.k8s.io/v1', 'Ingress', 'public', namespace, {
      spec: {
        ingressClassName: 'nginx',
        rules: [
          {
            host: `${namespace}.acme.example`,
            http: {
              paths: [
                { path: '/', pathType: 'Prefix', backend: { service: { name: app.name, port: { number: 80 } } } },
              ],
            },
          },
        ],
      },
      status: { loadBalancer: { ingress: [{ hostname: 'a1b2.elb.amazonaws.com' }] } },
    });
  }
}

/** Whether a team's Deployment, not the system's. */
export function isTeamApp({ kind, namespace }: App): boolean {
  return kind === 'Deployment' && namespace !== 'kube-system';
}

/** What is seen in every cluster and harms nobody. */
function addNoise(world: World): void {
  const apps = world.apps.filter(isTeamApp);
  for (const app of apps.slice(0, 4)) {
    const [run] = app.runs;
    if (run === undefined) continue;
    if (world.chance(0.5)) {
      const restartedMs = world.between(30, 90) * HOUR;
      run.ageMs = Math.max(run.ageMs, restartedMs + DAY);
      const end = world.pick([
        { exitCode: 137, reason: 'OOMKilled', livedMs: 20 * HOUR },
        { exitCode: 1, reason: 'Error', livedMs: 9 * HOUR },
      ]);
      run.state = { is: 'ready', restarts: world.between(1, 2), restartedMs, end };
    }
    if (world.chance(0.5))
      world.event(world.podRef(app, run), {
        reason: 'Unhealthy',
        message: `Readiness probe failed: Get "http://10.8.1.17:8080/ready": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`,
        count: world.between(1, 3),
        firstMs: world.between(20, 55) * MINUTE,
        lastMs: world.between(12, 19) * MINUTE,
        fieldPath: `spec.containers{${app.template.container.name}}`,
      });
  }
  const scaled = world.pick(apps);
  world.event(world.makerRef(scaled), {
    type: 'Normal',
    reason: 'SuccessfulCreate',
    component: 'replicaset-controller',
    message: `Created pod: ${scaled.runs[0]?.name ?? ''}`,
    firstMs: 47 * MINUTE,
  });
  const node = world.pick(world.nodes);
  world.event(
    { apiVersion: 'v1', kind: 'Node', name: node.name, uid: node.name },
    { reason: 'InvalidDiskCapacity', message: 'invalid capacity 0 on image filesystem', firstMs: 50 * MINUTE },
  );
  const claim = world.apps.find(({ kind }) => kind === 'StatefulSet');
  if (claim !== undefined && world.chance(0.5))
    world.event(world.appRef(claim), {
      reason: 'RecreatingFailedPod',
      component: 'statefulset-controller',
      message: `StatefulSet ${claim.namespace}/${claim.name} is recreating failed Pod ${claim.name}-0`,
      firstMs: 51 * MINUTE,
    });
  const dns = world.apps.find(({ name }) => name === 'coredns');
  if (dns?.runs[0] !== undefined && world.chance(0.4))
    world.event(world.podRef(dns, dns.runs[0]), {
      reason: 'DNSConfigForming',
      message:
        'Nameserver limits were exceeded, some nameservers have been omitted, the applied nameserver line is: 10.0.0.2 10.0.0.3 10.0.0.4',
      count: 41,
      firstMs: 55 * MINUTE,
      lastMs: 4 * MINUTE,
    });
}
