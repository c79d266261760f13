/** What every GKE cluster brings along, and what its platform team adds once for all. */
import { DISK_DRIVER } from '../../../cloud/disk-need.ts';
import { STORAGE_CLASSES } from '../../api/built-in-types.ts';
import { GKE_STORAGE_CLASSES } from '../../cloud/storage-classes.ts';
import { make, type Json, type Population } from './population.ts';

const SYSTEM = 'kube-system';

/** Storage classes, priorities, and the workloads of the system. */
export function addSystem(population: Population): void {
  addClasses(population);
  addDns(population);
  addMetricsServer(population);
  for (const agent of [
    { name: 'fluentbit-gke', image: 'gke.gcr.io/fluent-bit:v1.8.12-gke.43', cpu: '50m', memory: '100Mi' },
    {
      name: 'pdcsi-node',
      image: 'gke.gcr.io/gcp-compute-persistent-disk-csi-driver:v1.15.4-gke.0',
      cpu: '10m',
      memory: '20Mi',
    },
  ])
    addAgent(population, SYSTEM, agent, 'system-node-critical');
  const agent = population.draw.pick(population.pools.agents);
  if (population.draw.chance(0.7)) {
    make(population, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'monitoring' } });
    addAgent(population, 'monitoring', { ...agent, cpu: '25m', memory: '64Mi' }, undefined);
  }
}

function addClasses(population: Population): void {
  make(population, { apiVersion: 'storage.k8s.io/v1', kind: 'CSIDriver', metadata: { name: DISK_DRIVER }, spec: {} });
  for (const one of GKE_STORAGE_CLASSES) population.cluster.api.create(STORAGE_CLASSES, one);
  population.pools.priorities.forEach((name, i) =>
    make(population, {
      apiVersion: 'scheduling.k8s.io/v1',
      kind: 'PriorityClass',
      metadata: { name },
      value: 100_000 >> (4 * i),
      description: 'Set by the platform team.',
    }),
  );
}

function addDns(population: Population): void {
  const labels = { 'k8s-app': 'kube-dns' };
  make(population, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'kube-dns', namespace: SYSTEM } });
  addCritical(population, 'kube-dns', labels, Math.max(2, Math.ceil(population.context.nodes / 16)), {
    name: 'kubedns',
    image: 'gke.gcr.io/k8s-dns-kube-dns:1.23.0-gke.9',
    ports: [
      { containerPort: 53, name: 'dns', protocol: 'UDP' },
      { containerPort: 53, name: 'dns-tcp', protocol: 'TCP' },
    ],
    resources: { requests: { cpu: '100m', memory: '70Mi' }, limits: { memory: '210Mi' } },
    readinessProbe: { httpGet: { path: '/readiness', port: 8081 }, initialDelaySeconds: 3, timeoutSeconds: 5 },
    livenessProbe: { httpGet: { path: '/healthcheck/kubedns', port: 10_054 }, failureThreshold: 5, timeoutSeconds: 5 },
  });
  make(population, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'kube-dns', namespace: SYSTEM, labels },
    spec: {
      selector: labels,
      ports: [
        { name: 'dns', port: 53, protocol: 'UDP', targetPort: 53 },
        { name: 'dns-tcp', port: 53, protocol: 'TCP', targetPort: 53 },
      ],
    },
  });
}

function addMetricsServer(population: Population): void {
  const labels = { 'k8s-app': 'metrics-server' };
  addCritical(population, 'metrics-server-v1.32.1', labels, 1, {
    name: 'metrics-server',
    image: 'gke.gcr.io/metrics-server:v0.8.0-gke.1',
    ports: [{ containerPort: 10_250, name: 'https', protocol: 'TCP' }],
    resources: { requests: { cpu: '48m', memory: '104Mi' }, limits: { memory: '104Mi' } },
    readinessProbe: { httpGet: { path: '/readyz', port: 10_250, scheme: 'HTTPS' } },
  });
  make(population, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'metrics-server', namespace: SYSTEM, labels },
    spec: { selector: labels, ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: 'https' }] },
  });
}

function addCritical(population: Population, name: string, labels: Json, replicas: number, container: Json): void {
  make(population, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: SYSTEM, labels },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          priorityClassName: 'system-cluster-critical',
          tolerations: [{ key: 'CriticalAddonsOnly', operator: 'Exists' }],
          containers: [container],
        },
      },
    },
  });
}

function addAgent(
  population: Population,
  namespace: string,
  {
    name,
    image,
    cpu,
    memory,
  }: { readonly name: string; readonly image: string; readonly cpu: string; readonly memory: string },
  priorityClassName: string | undefined,
): void {
  const labels = { 'k8s-app': name };
  make(population, {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name, namespace, labels },
    spec: {
      selector: { matchLabels: labels },
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '10%' } },
      template: {
        metadata: { labels },
        spec: {
          ...(priorityClassName === undefined ? {} : { priorityClassName }),
          tolerations: [
            { operator: 'Exists', effect: 'NoSchedule' },
            { operator: 'Exists', effect: 'NoExecute' },
          ],
          containers: [{ name, image, resources: { requests: { cpu, memory }, limits: { memory: '500Mi' } } }],
        },
      },
    },
  });
}
