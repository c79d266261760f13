/** How workloads are reached, kept and scaled: Services, Ingresses, budgets, autoscalers. */
import { make, type Json, type Population } from './population.ts';
import type { Workload } from './workload.ts';

/** A cluster has few load balancers of its own Services: each takes an address. */
const MOST_LOAD_BALANCERS = 4;

/** The Service of a workload, and a budget where several pods serve. */
export function expose(population: Population, namespace: string, workload: Workload): void {
  const { draw, context } = population;
  const { kind, name, labels, port, replicas } = workload;
  if (port !== undefined) {
    make(population, {
      apiVersion: 'v1',
      kind: 'Service',
      // GKE adds the annotation to Services of VPC-native clusters.
      metadata: { name, namespace, labels, annotations: { 'cloud.google.com/neg': '{"ingress":true}' } },
      spec: {
        ...(kind === 'StatefulSet' ? { clusterIP: 'None' } : {}),
        ...(isLoadBalanced(population, workload) ? { type: 'LoadBalancer' } : {}),
        selector: labels,
        ports: [{ name: 'http', port: kind === 'StatefulSet' ? port : 80, targetPort: port }],
      },
    });
    const url = `${kind === 'StatefulSet' ? `tcp://${name}.${namespace}.svc:${port}` : `http://${name}.${namespace}`}`;
    population.tally.addresses.push({ namespace, name, url });
  }
  if (replicas > 1 && draw.chance(context.disruption_budgets))
    make(population, {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: draw.chance(0.5) ? name : `${name}-pdb`, namespace },
      spec: {
        ...(draw.chance(0.6) ? { maxUnavailable: 1 } : { minAvailable: draw.chance(0.5) ? '50%' : 1 }),
        selector: { matchLabels: labels },
      },
    });
}

function isLoadBalanced({ draw, context, tally }: Population, { kind, name }: Workload): boolean {
  if (kind !== 'Deployment' || !FRONT.test(name) || tally.loadBalancers >= MOST_LOAD_BALANCERS) return false;
  if (!draw.chance(context.exposure * 0.25)) return false;
  tally.loadBalancers++;
  return true;
}

/** An Ingress to some of a namespace's Deployments. */
export function addIngress(population: Population, namespace: string, workloads: readonly Workload[]): void {
  const { draw, context, pools } = population;
  const fronts = workloads
    .filter(({ kind, port }) => kind === 'Deployment' && port !== undefined)
    .slice(0, draw.integer(1, 3));
  if (fronts.length === 0 || !draw.chance(context.exposure)) return;
  const domain = draw.pick(pools.domains);
  const path = ({ name }: Workload, i: number): Json => ({
    path: i === 0 ? '/' : `/${name}`,
    pathType: 'Prefix',
    backend: { service: { name, port: { number: 80 } } },
  });
  make(population, {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: {
      name: draw.pick(['public', 'web', namespace, 'external']),
      namespace,
      annotations: { 'kubernetes.io/ingress.class': 'gce' },
    },
    spec: { rules: [{ host: `${namespace}.${domain}`, http: { paths: fronts.map(path) } }] },
  });
}

/** Autoscalers of the workloads that are to have one; made once there is something to measure. */
export function addAutoscalers(population: Population, namespace: string, workloads: readonly Workload[]): void {
  const { context } = population;
  for (const { name, replicas, isAutoscaled } of workloads) {
    if (!isAutoscaled) continue;
    // Above what is used at the time, within the tolerance that autoscalers have, or they would begin by scaling.
    const target = Math.min(90, Math.max(30, Math.round(context.utilisation * 100 * population.draw.number(1, 1.15))));
    make(population, {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name, namespace },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
        minReplicas: Math.max(1, Math.floor(replicas / 2)),
        maxReplicas: replicas * 2 + 2,
        metrics: [
          { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: target } } },
        ],
      },
    });
  }
}

/** Programs that face callers. */
const FRONT = /api|web|gateway|frontend|proxy|edge|\bui\b|svc|server|handler|listener/;
