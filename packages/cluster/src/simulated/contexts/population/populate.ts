/** From a context to a running, healthy cluster. */
import { NODES } from '../../api/built-in-types.ts';
import type { SimulatedCluster } from '../../simulated-cluster.ts';
import type { Context, Split } from '../context.ts';
import type { Draw } from '../draw.ts';
import { POOLS } from '../pools.ts';
import { addAutoscalers } from './exposure.ts';
import { fitCeilings, layGround, tightenQuotas } from './ground.ts';
import type { Population } from './population.ts';
import { budgetOf, largestPod } from './sizing.ts';
import { addSystem } from './system.ts';
import { addTeam } from './team.ts';
import { Traffic } from './traffic.ts';

const MINUTE_MS = 60_000;
/** Until all pods run, disks are attached and load balancers have their addresses. */
const SETTLING_MS = 10 * MINUTE_MS;
/** Until autoscalers have measured. */
const MEASURING_MS = 3 * MINUTE_MS;

/** Draws a cluster and lets it settle. */
export function populate(context: Context, seed: string, split: Split, draw: Draw): SimulatedCluster {
  const pools = POOLS[split];
  const cluster = layGround(context, seed, pools, draw.part('ground'));
  const traffic = new Traffic();
  cluster.behave(traffic.rowOf(() => cluster));
  const nodes = [...cluster.api.store.list(NODES)];
  const largest = largestPod(nodes, context.load);
  const tally = { loadBalancers: 0, addresses: [] };
  const population: Population = { cluster, context, split, pools, draw: draw.part('system'), traffic, tally, largest };
  addSystem(population);
  const teams = shares(population, budgetOf(nodes, context.load)).map(([namespace, budget]) =>
    addTeam({ ...population, draw: draw.part(`team/${namespace}`) }, namespace, budget),
  );
  cluster.clock.advance(SETTLING_MS);
  for (const { namespace, workloads } of teams)
    addAutoscalers({ ...population, draw: draw.part(`autoscalers/${namespace}`) }, namespace, workloads);
  cluster.clock.advance(MEASURING_MS);
  tightenQuotas(cluster, context, draw.part('quotas'));
  fitCeilings(cluster);
  return cluster;
}

/** What each namespace may request: some much, some little. */
function shares(
  { draw, context, pools }: Population,
  budget: { readonly cpuMillis: number; readonly memoryBytes: number },
) {
  const names = namespacesOf(context.namespaces, pools.teams, pools.environments, draw);
  const weights = names.map(() => draw.number(0.4, 1.6));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return names.map((name, i) => {
    const share = (weights[i] as number) / sum;
    return [name, { cpuMillis: budget.cpuMillis * share, memoryBytes: budget.memoryBytes * share }] as const;
  });
}

function namespacesOf(
  count: number,
  teams: readonly string[],
  environments: readonly string[],
  draw: Draw,
): readonly string[] {
  const plain = draw.shuffled(teams);
  const suffixed = environments.flatMap((environment) => plain.map((team) => `${team}-${environment}`));
  const [first, second] = draw.chance(0.6) ? [plain, suffixed] : [suffixed, plain];
  return [...first, ...second].slice(0, count);
}
