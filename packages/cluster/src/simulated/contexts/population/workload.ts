/** Deployments and StatefulSets as teams write them. */
import { formatBytes, formatCpu } from '../../../model/quantity.ts';
import { drawImage } from './image.ts';
import { GIB, MIB, type Amounts } from './amounts.ts';
import { make, type Json, type Population } from './population.ts';
import type { Style } from './style.ts';

/** A workload that was made. */
export interface Workload {
  readonly kind: 'Deployment' | 'StatefulSet';
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly replicas: number;
  readonly request: Amounts;
  /** Which its container listens on; `undefined` for workers that nobody calls. */
  readonly port: number | undefined;
  readonly isAutoscaled: boolean;
}

export function addDeployment(
  population: Population,
  namespace: string,
  style: Style,
  name: string,
  request: Amounts,
  wanted: number,
): Workload {
  const { draw, context } = population;
  const labels = { [style.labels]: name };
  const isWorker = /worker|consumer|indexer|collector|sync/.test(name) && draw.chance(0.6);
  const isAutoscaled = !isWorker && wanted > 1 && draw.chance(context.autoscaled_share);
  const port = isWorker ? undefined : style.port;
  const spec = podSpecOf(population, style, name, request, port);
  make(population, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace, labels },
    spec: {
      replicas: wanted,
      revisionHistoryLimit: draw.pick([3, 5, 10]),
      selector: { matchLabels: labels },
      strategy: draw.chance(0.3)
        ? { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } }
        : { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
      template: { metadata: { labels: { ...labels, ...drawLabels(population) } }, spec },
    },
  });
  demand(population, namespace, `Deployment/${name}`, spec.containers[0]?.name ?? name, request, wanted);
  return { kind: 'Deployment', name, labels, replicas: wanted, request, port, isAutoscaled };
}

/** @returns `undefined` where the team has that program already, or no room for it */
export function addStatefulSet(
  population: Population,
  namespace: string,
  style: Style,
  asked: Amounts,
  fits: number,
  others: readonly Workload[],
): Workload | undefined {
  const { draw, pools } = population;
  const program = draw.pick(pools.stateful);
  const name = draw.chance(0.6) ? program.name : `${program.name}-${draw.pick(pools.subjects)}`;
  const replicas = Math.min(fits, draw.pick(program.members));
  if (replicas < 1 || others.some((one) => one.name === name)) return undefined;
  const request = { ...asked, memoryBytes: Math.max(asked.memoryBytes, 256 * MIB) };
  if (request.memoryBytes * replicas > fits * asked.memoryBytes) return undefined;
  const labels = { [style.labels]: name };
  make(population, {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name, namespace, labels },
    spec: {
      serviceName: name,
      replicas,
      ...(draw.chance(0.4) ? { podManagementPolicy: 'Parallel' } : {}),
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          ...priority(population),
          containers: [
            {
              name: program.name,
              image: program.image,
              ports: [{ containerPort: program.port, name: 'tcp' }],
              env: [
                { name: 'PASSWORD', valueFrom: { secretKeyRef: { name: style.credentials, key: style.secretKey } } },
              ],
              resources: resourcesOf(request, draw.number(1.1, 1.8), undefined),
              readinessProbe: { tcpSocket: { port: program.port }, periodSeconds: 10, failureThreshold: 3 },
              volumeMounts: [{ name: 'data', mountPath: program.mountPath }],
            },
          ],
        },
      },
      volumeClaimTemplates: [
        {
          metadata: { name: 'data' },
          spec: {
            accessModes: ['ReadWriteOnce'],
            storageClassName: draw.chance(0.8) ? 'standard-rwo' : 'premium-rwo',
            resources: { requests: { storage: formatBytes(draw.pick([10, 20, 50, 100]) * GIB) } },
          },
        },
      ],
    },
  });
  demand(population, namespace, `StatefulSet/${name}`, program.name, request, undefined);
  return { kind: 'StatefulSet', name, labels, replicas, request, port: program.port, isAutoscaled: false };
}

function podSpecOf(
  population: Population,
  style: Style,
  name: string,
  request: Amounts,
  port: number | undefined,
): { readonly containers: readonly (Json & { readonly name: string })[] } & Json {
  const { draw, context } = population;
  const container = {
    name: draw.pick([name, 'app', name, 'main']),
    image: drawImage(draw, style, name),
    env: [
      { name: 'SERVICE_NAME', value: name },
      ...(draw.chance(0.6)
        ? [{ name: 'SECRET', valueFrom: { secretKeyRef: { name: style.credentials, key: style.secretKey } } }]
        : []),
      ...callsOf(population, name),
    ],
    ...(draw.chance(0.7) ? { envFrom: [{ configMapRef: { name: style.settings } }] } : {}),
    resources: resourcesOf(request, draw.number(1.2, 2), draw.chance(0.2) ? draw.number(2, 4) : undefined),
    ...(port === undefined
      ? {}
      : { ports: [{ name: 'http', containerPort: port }], ...probesOf(population, style, port) }),
    ...(draw.chance(0.5)
      ? { securityContext: { runAsNonRoot: true, runAsUser: 10_001, allowPrivilegeEscalation: false } }
      : {}),
    ...(draw.chance(0.2) ? { volumeMounts: [{ name: 'config', mountPath: '/etc/app', readOnly: true }] } : {}),
  };
  const mounts = 'volumeMounts' in container;
  return {
    containers: [container],
    ...(draw.chance(0.15 * context.heterogeneity)
      ? {
          initContainers: [
            {
              name: draw.pick(['migrate', 'wait', 'prepare']),
              image: container.image,
              args: ['init'],
              resources: container.resources,
            },
          ],
        }
      : {}),
    ...(mounts ? { volumes: [{ name: 'config', configMap: { name: style.settings } }] } : {}),
    ...priority(population),
    ...(draw.chance(0.4) ? { topologySpreadConstraints: [spreadOver(style, name)] } : {}),
    terminationGracePeriodSeconds: draw.pick([30, 30, 15, 60]),
  };
}

/** Where it finds what it calls: up to two Services that are there, seldom those of other teams. */
function callsOf({ draw, tally }: Population, name: string): readonly Json[] {
  const known = tally.addresses.slice(-12);
  if (known.length === 0 || !draw.chance(0.5)) return [];
  const called = new Map(
    Array.from({ length: draw.integer(1, 2) }, () => draw.pick(known)).map((one) => [one.name, one]),
  );
  return [...called.values()]
    .filter((one) => one.name !== name)
    .map((one) => ({ name: `${one.name.replaceAll('-', '_').toUpperCase()}_URL`, value: one.url }));
}

function spreadOver(style: Style, name: string): Json {
  return {
    maxSkew: 1,
    topologyKey: 'topology.kubernetes.io/zone',
    whenUnsatisfiable: 'ScheduleAnyway',
    labelSelector: { matchLabels: { [style.labels]: name } },
  };
}

function probesOf({ draw }: Population, style: Style, port: number): Json {
  const probe = (path: string) => ({
    httpGet: { path, port: draw.chance(0.5) ? 'http' : port },
    periodSeconds: draw.pick([5, 10, 10, 15]),
    failureThreshold: 3,
  });
  return {
    ...(draw.chance(0.9) ? { readinessProbe: probe(style.readyPath) } : {}),
    ...(draw.chance(0.7) ? { livenessProbe: { ...probe(style.livePath), initialDelaySeconds: 10 } } : {}),
    ...(draw.chance(0.2) ? { startupProbe: { ...probe(style.livePath), failureThreshold: 30 } } : {}),
  };
}

function priority({ draw, pools }: Population): Json {
  return draw.chance(0.4) ? { priorityClassName: draw.pick(pools.priorities) } : {};
}

function drawLabels({ draw }: Population): Json {
  return {
    ...(draw.chance(0.4) ? { tier: draw.pick(['front', 'middle', 'back']) } : {}),
    ...(draw.chance(0.3) ? { 'app.kubernetes.io/managed-by': draw.pick(['Helm', 'argocd', 'flux']) } : {}),
  };
}

function resourcesOf(request: Amounts, memoryFactor: number, cpuFactor: number | undefined): Json {
  const amounts = (cpuMillis: number, memoryBytes: number) => ({
    cpu: formatCpu(cpuMillis),
    memory: formatBytes(Math.ceil(memoryBytes / MIB) * MIB),
  });
  const limit = amounts(
    Math.ceil((request.cpuMillis * (cpuFactor ?? 1)) / 10) * 10,
    request.memoryBytes * memoryFactor,
  );
  return {
    requests: amounts(request.cpuMillis, request.memoryBytes),
    limits: cpuFactor === undefined ? { memory: limit.memory } : limit,
  };
}

/** What its programs use: about the context's share of what they ask for, some more, some less. */
function demand(
  { draw, context, traffic }: Population,
  namespace: string,
  workload: string,
  container: string,
  requested: Amounts,
  sharedBy: number | undefined,
): void {
  const { utilisation, heterogeneity, traffic_variation: variation } = context;
  const around = (share: number, most: number) =>
    Math.min(most, share * (1 + 0.5 * heterogeneity * draw.number(-1, 1)));
  traffic.set(namespace, workload, container, {
    requested,
    cpuShare: around(utilisation, 0.92),
    memoryShare: around(Math.max(utilisation, 0.4), 0.88),
    amplitude: variation * draw.number(0.1, 0.6),
    peakAt: draw.number(0.35, 0.85),
    sharedBy,
  });
}
