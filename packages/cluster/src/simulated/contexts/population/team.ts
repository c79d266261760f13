/** A namespace of a team: its settings, its workloads, what it may request. */
import type { KubeObject } from '../../../model/kube-object.ts';
import { formatBytes, formatCpu } from '../../../model/quantity.ts';
import { drawStyle, type Style } from './style.ts';
import { addDeployment, addStatefulSet, type Workload } from './workload.ts';
import { addIngress, expose } from './exposure.ts';
import { GIB, type Amounts } from './amounts.ts';
import { make, type Json, type Population } from './population.ts';
import { drawRequest, meanReplicas, minus, timesIn, workloadCount } from './sizing.ts';
import { addCronJobs, addFinishedJob } from './tasks.ts';

/** A team's namespace and what is in it. */
export interface Team {
  readonly namespace: string;
  readonly style: Style;
  readonly workloads: readonly Workload[];
}

/** Fills a namespace with workloads up to a budget. */
export function addTeam(population: Population, namespace: string, budget: Amounts): Team {
  const { draw, pools, context } = population;
  const style = drawStyle(population, namespace);
  make(population, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels: { team: namespace } } });
  const settings = draw.shuffled(pools.settings).slice(0, draw.integer(2, 5));
  make(population, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: style.settings, namespace },
    data: Object.fromEntries(settings.map((name) => [name, String(draw.integer(1, 5000))])),
  });
  make(population, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: style.credentials, namespace },
    type: 'Opaque',
    stringData: { [style.secretKey]: draw.letters(20), username: namespace },
  });
  const workloads = addWorkloads(population, namespace, style, budget);
  const taskDraw = draw.part(`tasks/${namespace}`);
  addCronJobs({ ...population, draw: taskDraw }, namespace, style);
  addFinishedJob({ ...population, draw: taskDraw }, namespace, style);
  if (draw.chance(context.namespace_quota)) addQuota(population, namespace, workloads);
  return { namespace, style, workloads };
}

function addWorkloads(population: Population, namespace: string, style: Style, budget: Amounts): readonly Workload[] {
  const { draw, context } = population;
  const count = workloadCount(budget, draw);
  const mean = meanReplicas(budget, count);
  const names = namesOf(population, count);
  const made: Workload[] = [];
  let left = budget;
  for (const name of names) {
    const own = { ...population, draw: draw.part(`${namespace}/${name}`) };
    const request = drawRequest(context, own.draw, population.largest);
    const fits = timesIn(left, request);
    if (fits < 1) break;
    const isStateful = own.draw.chance(context.stateful_share);
    const workload = isStateful
      ? addStatefulSet(own, namespace, style, request, fits, made)
      : addDeployment(own, namespace, style, name, request, Math.min(fits, drawReplicas(own.draw.number(0, 1), mean)));
    if (workload === undefined) continue;
    left = minus(left, workload.request, workload.replicas);
    made.push(workload);
    expose(own, namespace, workload);
  }
  addIngress(population, namespace, made);
  return made;
}

/** One to about thrice the mean; more often few. */
function drawReplicas(share: number, mean: number): number {
  return Math.max(1, Math.round(mean * (0.3 + 2 * share * share)));
}

function namesOf({ draw, pools }: Population, count: number): readonly string[] {
  const names = new Set<string>();
  for (let tries = 0; names.size < count && tries < 20 * count; tries++) {
    const [subject, role] = [draw.pick(pools.subjects), draw.pick(pools.roles)];
    names.add(draw.chance(0.15) ? subject : `${subject}-${role}`);
  }
  return [...names];
}

/** Caps what the namespace may request, above what it does. */
function addQuota(population: Population, namespace: string, workloads: readonly Workload[]): KubeObject {
  const { draw } = population;
  const sum = (amount: (one: Workload) => number) => workloads.reduce((total, one) => total + amount(one), 0);
  const room = draw.number(1.6, 2.5);
  const hard: Json = {
    'requests.cpu': formatCpu(
      Math.ceil((sum(({ request, replicas }) => request.cpuMillis * replicas) * room) / 1000 + 2) * 1000,
    ),
    'requests.memory': formatBytes(
      Math.ceil((sum(({ request, replicas }) => request.memoryBytes * replicas) * room) / GIB + 4) * GIB,
    ),
    pods: String(Math.ceil(sum(({ replicas }) => replicas) * room) + 20),
  };
  return make(population, {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'team-quota', namespace },
    spec: { hard },
  });
}
