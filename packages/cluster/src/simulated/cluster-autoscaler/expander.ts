/** Chooses one of the groups that would help. Source: https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/FAQ.md#what-are-expanders */
import type { Pod } from '../../model/kinds.ts';
import { addResources, NO_RESOURCES, type Resources } from '../../scheduling/resources.ts';
import { drawInteger, type Random } from '../clock/random.ts';
import type { InstanceGroup } from '../cloud/machines.ts';
import type { AutoscalerOptions, Expander } from './autoscaler-options.ts';
import type { Estimate } from './estimate.ts';
import { hourlyPrice } from './machine-price.ts';

/** An expansion that would help. */
export interface ExpansionOption extends Estimate {
  readonly group: InstanceGroup;
  /** What one node of it offers. */
  readonly allocatable: Resources;
}

type RequestsOf = (pod: Pod) => Resources;
/** The lower, the better. */
type Score = (option: ExpansionOption, requestsOf: RequestsOf, options: AutoscalerOptions) => number;

const SCORES: Readonly<Record<Expander, Score>> = {
  random: () => 0,
  'least-waste': (option, requestsOf) => wasteOf(option, requestedOf(option, requestsOf)),
  price: (option, requestsOf) => {
    const { cpuMillis, memoryBytes } = requestedOf(option, requestsOf);
    return (option.nodes * hourlyPrice(option.group.pool)) / (cpuMillis / 1000 + memoryBytes / 2 ** 33 + 0.01);
  },
  priority: ({ group }, _requests, { priorities = {} }) => -(priorities[group.pool.name] ?? 0),
};

/** The best option; of equal ones the first pool's, or by `random` one that is drawn. */
export function bestOption(
  options: readonly ExpansionOption[],
  settings: AutoscalerOptions,
  requestsOf: RequestsOf,
  random: Random,
): ExpansionOption | undefined {
  const { expander = 'price' } = settings;
  const scored = options.map((option) => ({ option, score: SCORES[expander](option, requestsOf, settings) }));
  const least = Math.min(...scored.map(({ score }) => score));
  const best = scored.filter(({ score }) => score <= least + 1e-12).map(({ option }) => option);
  return best.length < 2 || expander !== 'random' ? best[0] : best[drawInteger(random, 0, best.length - 1)];
}

function requestedOf({ pods }: Estimate, requestsOf: RequestsOf): Resources {
  return pods.reduce((sum, pod) => addResources(sum, requestsOf(pod)), NO_RESOURCES);
}

/** The mean part of CPU and memory that would lie idle. */
function wasteOf({ nodes, allocatable }: ExpansionOption, requested: Resources): number {
  const idle = (part: number, all: number) => (all > 0 ? (nodes * all - part) / (nodes * all) : 0);
  return (idle(requested.cpuMillis, allocatable.cpuMillis) + idle(requested.memoryBytes, allocatable.memoryBytes)) / 2;
}
