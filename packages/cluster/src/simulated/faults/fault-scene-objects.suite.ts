/** What teams have in the cluster of {@link newScene}. */
import type { KubeObject } from '../../model/kube-object.ts';

type Json = Readonly<Record<string, unknown>>;

/** A program, as its team describes it; what else it needs follows from this. */
interface Program {
  readonly namespace: string;
  readonly name: string;
  readonly image: string;
  readonly replicas: number;
  /** Thousandths of a CPU and mebibytes that it requests; it may use twice the memory. */
  readonly cpu: number;
  readonly memory: number;
  readonly port: number;
  /** Keys and values of its ConfigMap. */
  readonly config: Readonly<Record<string, string>>;
  /** Names of variables that come from its Secret. */
  readonly secrets?: readonly string[];
  readonly initContainers?: readonly Json[];
  readonly sidecars?: readonly Json[];
  readonly pod?: Json;
  readonly container?: Json;
}

const REGISTRY = 'europe-west1-docker.pkg.dev/example-project';

const MIGRATE = {
  name: 'migrate',
  image: `${REGISTRY}/payments/ledger-migrate:4.1.0`,
  args: ['up'],
  env: [{ name: 'DATABASE_URL', value: 'postgres://ledger@payments-db.payments:5432/ledger' }],
};
const PROXY = {
  name: 'sql-proxy',
  image: 'gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14.1',
  args: ['--structured-logs', '--port=5432', 'example-project:europe-west1:main'],
  restartPolicy: 'Always',
};
const EXPORTER = {
  name: 'exporter',
  image: 'quay.io/oliver006/redis_exporter:v1.66.0',
  ports: [{ name: 'metrics', containerPort: 9121 }],
  resources: { requests: { cpu: '10m', memory: '32Mi' }, limits: { memory: '64Mi' } },
};

const PROGRAMS: readonly Program[] = [
  {
    ...{ namespace: 'shop', name: 'storefront', image: `${REGISTRY}/shop/storefront:2.31.0`, replicas: 3 },
    ...{ cpu: 200, memory: 256, port: 3000 },
    config: { CATALOG_URL: 'http://catalog.shop:8080', CHECKOUT_URL: 'http://checkout.shop:8080', LOG_LEVEL: 'info' },
  },
  {
    ...{ namespace: 'shop', name: 'catalog', image: `${REGISTRY}/shop/catalog:1.18.3`, replicas: 2 },
    ...{ cpu: 250, memory: 512, port: 8080 },
    config: { SEARCH_URL: 'http://query.search:8080', CACHE_TTL: '300s' },
    secrets: ['DB_PASSWORD'],
    initContainers: [PROXY],
  },
  {
    ...{ namespace: 'shop', name: 'checkout', image: `${REGISTRY}/shop/checkout:3.4.1`, replicas: 3 },
    ...{ cpu: 300, memory: 384, port: 8080 },
    config: { LEDGER_URL: 'http://ledger.payments:8080', CART_REDIS_ADDR: 'cart-redis.shop:6379', CURRENCY: 'EUR' },
    secrets: ['STRIPE_API_KEY'],
  },
  {
    ...{ namespace: 'shop', name: 'cart-redis', image: 'docker.io/library/redis:7.4-alpine', replicas: 1 },
    ...{ cpu: 100, memory: 128, port: 6379 },
    config: { MAXMEMORY: '96mb' },
    sidecars: [EXPORTER],
    pod: { strategy: 'Recreate' },
  },
  {
    ...{ namespace: 'payments', name: 'ledger', image: `${REGISTRY}/payments/ledger:4.1.0`, replicas: 2 },
    ...{ cpu: 250, memory: 512, port: 8080 },
    config: { DATABASE_HOST: 'payments-db.payments', POOL_SIZE: '20' },
    secrets: ['DATABASE_PASSWORD'],
    initContainers: [MIGRATE],
    container: { securityContext: { runAsNonRoot: true, runAsUser: 10001, allowPrivilegeEscalation: false } },
  },
  {
    ...{ namespace: 'payments', name: 'webhooks', image: `${REGISTRY}/payments/webhooks:1.9.2`, replicas: 2 },
    ...{ cpu: 100, memory: 192, port: 8080 },
    config: { LEDGER_URL: 'http://ledger.payments:8080', RETRIES: '5' },
    secrets: ['SIGNING_KEY'],
    pod: { imagePullSecrets: [{ name: 'registry-credentials' }] },
  },
  {
    ...{ namespace: 'search', name: 'query', image: `${REGISTRY}/search/query:0.52.0`, replicas: 3 },
    ...{ cpu: 400, memory: 1024, port: 8080 },
    config: { INDEX_BUCKET: 'example-search-index', SHARDS: '4' },
  },
  {
    ...{ namespace: 'search', name: 'indexer', image: `${REGISTRY}/search/indexer:0.52.0`, replicas: 1 },
    ...{ cpu: 500, memory: 1024, port: 8080 },
    config: { CATALOG_URL: 'http://catalog.shop:8080', BATCH_SIZE: '500' },
    secrets: ['BUCKET_TOKEN'],
  },
];

/** All of it, namespaces first. */
export function teamObjects(): readonly KubeObject[] {
  const objects = [
    ...['shop', 'payments', 'search', 'ops'].map((name) => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name },
    })),
    ...PROGRAMS.flatMap(objectsOf),
    ...STORAGE,
    ...DATABASE,
    ...SYSTEM,
    ...OPERATIONS,
    ...EDGE,
  ];
  return objects as unknown as readonly KubeObject[];
}

function objectsOf(program: Program): readonly Json[] {
  const { namespace, name, config, secrets = [], port } = program;
  const labels = { 'app.kubernetes.io/name': name };
  const data = Object.fromEntries(secrets.map((key) => [key, btoa(`${name}-${key.toLowerCase()}`)]));
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace, name } },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name: `${name}-config` }, data: config },
    ...(secrets.length === 0
      ? []
      : [{ apiVersion: 'v1', kind: 'Secret', metadata: { namespace, name: `${name}-credentials` }, data }]),
    deploymentOf(program, labels),
    serviceOf(namespace, name, labels, port),
  ];
}

function deploymentOf({ pod, ...program }: Program, labels: Json): Json {
  const { strategy, ...rest } = (pod ?? {}) as Json & { readonly strategy?: string };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { namespace: program.namespace, name: program.name, labels },
    spec: {
      replicas: program.replicas,
      ...(strategy === undefined ? {} : { strategy: { type: strategy } }),
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { ...podSpecOf(program), ...rest } },
    },
  };
}

function podSpecOf({ name, initContainers, sidecars = [], ...program }: Program): Json {
  return {
    serviceAccountName: name,
    ...(initContainers === undefined ? {} : { initContainers }),
    containers: [containerOf({ name, ...program }), ...sidecars],
    volumes: [
      { name: 'config', configMap: { name: `${name}-config` } },
      { name: 'tmp', emptyDir: {} },
    ],
  };
}

function containerOf({ name, image, cpu, memory, port, config, secrets = [], container = {} }: Program): Json {
  const fromConfig = Object.keys(config).map((key) => ({
    name: key,
    valueFrom: { configMapKeyRef: { name: `${name}-config`, key } },
  }));
  const fromSecret = secrets.map((key) => ({
    name: key,
    valueFrom: { secretKeyRef: { name: `${name}-credentials`, key } },
  }));
  return {
    name,
    image,
    ports: [{ name: 'http', containerPort: port }],
    env: [...fromConfig, ...fromSecret],
    ...probesOf(port),
    resources: {
      requests: { cpu: `${cpu}m`, memory: `${memory}Mi`, 'ephemeral-storage': '256Mi' },
      limits: { memory: `${memory * 2}Mi`, 'ephemeral-storage': '1Gi' },
    },
    volumeMounts: [
      { name: 'config', mountPath: '/etc/app', readOnly: true },
      { name: 'tmp', mountPath: '/tmp' },
    ],
    ...container,
  };
}

function probesOf(port: number): Json {
  if (port === 6379)
    return { readinessProbe: { tcpSocket: { port: 'http' } }, livenessProbe: { tcpSocket: { port: 'http' } } };
  return {
    readinessProbe: { httpGet: { path: '/readyz', port: 'http' }, periodSeconds: 5 },
    livenessProbe: { httpGet: { path: '/healthz', port: 'http' }, periodSeconds: 10 },
  };
}

function serviceOf(namespace: string, name: string, selector: Json, port: number): Json {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    // As GKE annotates every Service that is made.
    metadata: { namespace, name, annotations: { 'cloud.google.com/neg': '{"ingress":true}' } },
    spec: { selector, ports: [{ name: 'http', port, targetPort: 'http' }] },
  };
}

const PD_DRIVER = 'pd.csi.storage.gke.io';
const STORAGE: readonly Json[] = [
  { apiVersion: 'storage.k8s.io/v1', kind: 'CSIDriver', metadata: { name: PD_DRIVER }, spec: { attachRequired: true } },
  {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'standard-rwo', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
    provisioner: PD_DRIVER,
    parameters: { type: 'pd-balanced' },
    reclaimPolicy: 'Delete',
    volumeBindingMode: 'WaitForFirstConsumer',
    allowVolumeExpansion: true,
  },
];

const DATABASE_LABELS = { 'app.kubernetes.io/name': 'payments-db' };
const DATABASE: readonly Json[] = [
  {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { namespace: 'payments', name: 'payments-db-credentials' },
    data: { POSTGRES_PASSWORD: btoa('correct horse') },
  },
  {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'kubernetes.io/dockerconfigjson',
    metadata: { namespace: 'payments', name: 'registry-credentials' },
    data: { '.dockerconfigjson': btoa('{"auths":{}}') },
  },
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { namespace: 'payments', name: 'payments-db-config' },
    data: { 'postgresql.conf': 'max_connections = 200\n' },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace: 'payments', name: 'payments-db' },
    spec: {
      clusterIP: 'None',
      selector: DATABASE_LABELS,
      ports: [{ name: 'postgres', port: 5432, targetPort: 'postgres' }],
    },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { namespace: 'payments', name: 'payments-db', labels: DATABASE_LABELS },
    spec: {
      replicas: 2,
      serviceName: 'payments-db',
      selector: { matchLabels: DATABASE_LABELS },
      template: {
        metadata: { labels: DATABASE_LABELS },
        spec: {
          containers: [
            {
              name: 'postgres',
              image: 'docker.io/library/postgres:17.2',
              ports: [{ name: 'postgres', containerPort: 5432 }],
              env: [
                {
                  name: 'POSTGRES_PASSWORD',
                  valueFrom: { secretKeyRef: { name: 'payments-db-credentials', key: 'POSTGRES_PASSWORD' } },
                },
              ],
              readinessProbe: { exec: { command: ['pg_isready', '-U', 'postgres'] } },
              resources: { requests: { cpu: '500m', memory: '1Gi' }, limits: { memory: '2Gi' } },
              volumeMounts: [
                { name: 'data', mountPath: '/var/lib/postgresql/data' },
                { name: 'config', mountPath: '/etc/postgresql' },
              ],
            },
          ],
          volumes: [{ name: 'config', configMap: { name: 'payments-db-config' } }],
        },
      },
      volumeClaimTemplates: [
        {
          metadata: { name: 'data' },
          spec: {
            accessModes: ['ReadWriteOnce'],
            storageClassName: 'standard-rwo',
            resources: { requests: { storage: '50Gi' } },
          },
        },
      ],
    },
  },
];

const DNS_LABELS = { 'k8s-app': 'kube-dns' };
const SYSTEM: readonly Json[] = [
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { namespace: 'kube-system', name: 'kube-dns', labels: DNS_LABELS },
    spec: {
      replicas: 2,
      selector: { matchLabels: DNS_LABELS },
      template: {
        metadata: { labels: DNS_LABELS },
        spec: {
          priorityClassName: 'system-cluster-critical',
          containers: [
            {
              name: 'kubedns',
              image: 'gke.gcr.io/k8s-dns-kube-dns:1.23.0-gke.9',
              ports: [{ name: 'dns', containerPort: 53, protocol: 'UDP' }],
              readinessProbe: { httpGet: { path: '/readiness', port: 8081 }, initialDelaySeconds: 3 },
              resources: { requests: { cpu: '100m', memory: '70Mi' }, limits: { memory: '210Mi' } },
            },
          ],
        },
      },
    },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace: 'kube-system', name: 'kube-dns', labels: DNS_LABELS },
    spec: { selector: DNS_LABELS, ports: [{ name: 'dns', port: 53, protocol: 'UDP', targetPort: 53 }] },
  },
];

const AGENT_LABELS = { 'app.kubernetes.io/name': 'node-agent' };
const JOB_CONTAINER = {
  env: [{ name: 'LEDGER_URL', value: 'http://ledger.payments:8080' }],
  resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '256Mi' } },
};
const OPERATIONS: readonly Json[] = [
  {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { namespace: 'ops', name: 'node-agent', labels: AGENT_LABELS },
    spec: {
      selector: { matchLabels: AGENT_LABELS },
      template: {
        metadata: { labels: AGENT_LABELS },
        spec: {
          containers: [
            {
              name: 'node-agent',
              image: 'docker.io/fluent/fluent-bit:3.2.4',
              resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '128Mi' } },
            },
          ],
        },
      },
    },
  },
  {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { namespace: 'ops', name: 'settlement-report' },
    spec: {
      schedule: '*/5 * * * *',
      concurrencyPolicy: 'Forbid',
      jobTemplate: {
        spec: {
          backoffLimit: 2,
          template: {
            spec: {
              restartPolicy: 'Never',
              containers: [{ name: 'report', image: `${REGISTRY}/ops/settlement-report:1.4.0`, ...JOB_CONTAINER }],
            },
          },
        },
      },
    },
  },
];

const EDGE: readonly Json[] = [
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { namespace: 'shop', name: 'storefront' },
    spec: {
      rules: [
        {
          host: 'shop.example.com',
          http: {
            paths: [
              { path: '/', pathType: 'Prefix', backend: { service: { name: 'storefront', port: { name: 'http' } } } },
            ],
          },
        },
      ],
    },
  },
  {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { namespace: 'search', name: 'query' },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'query' },
      minReplicas: 3,
      maxReplicas: 6,
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } },
      ],
    },
  },
  {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { namespace: 'shop', name: 'checkout' },
    spec: { minAvailable: 2, selector: { matchLabels: { 'app.kubernetes.io/name': 'checkout' } } },
  },
];
