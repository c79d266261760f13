/** What a pod's containers ask for together, exact and as written. Source: `k8s.io/component-helpers/resource`. */
import { addAmounts, parseAmount, ZERO, type Amount } from '../../model/amount.ts';
import type { Container, PodSpec } from '../../model/kinds.ts';

/** Amounts by resource name. */
export type Amounts = ReadonlyMap<string, Amount>;
type Quantities = Readonly<Record<string, string | number>>;

/** Requests or limits of a whole pod. */
export type Side = 'requests' | 'limits';

export function amountsOf(quantities: Quantities | undefined): Amounts {
  const amounts = new Map<string, Amount>();
  for (const name in quantities) amounts.set(name, parseAmount(quantities[name] as string | number) ?? ZERO);
  return amounts;
}

function addedAmounts(a: Amounts, b: Amounts): Amounts {
  if (b.size === 0) return a;
  const sum = new Map(a);
  for (const [name, amount] of b) sum.set(name, addAmounts(sum.get(name) ?? ZERO, amount));
  return sum;
}

function largest(a: Amounts, b: Amounts): Amounts {
  const most = new Map(a);
  for (const [name, amount] of b) if ((most.get(name)?.nano ?? -1n) < amount.nano) most.set(name, amount);
  return most;
}

type LeveledSpec = PodSpec & { readonly resources?: { readonly requests?: Quantities; readonly limits?: Quantities } };

/** All containers and sidecars together, or what the init phase needs where that is more. */
export function containerTotal(spec: PodSpec, side: Side): Amounts {
  const own = (container: Container) => amountsOf(container.resources?.[side]);
  const running = (spec.containers ?? []).map(own).reduce(addedAmounts, new Map());
  let sidecars: Amounts = new Map();
  let starting: Amounts = new Map();
  for (const container of spec.initContainers ?? []) {
    const needs = addedAmounts(sidecars, own(container));
    if (container.restartPolicy === 'Always') sidecars = needs;
    starting = largest(starting, needs);
  }
  return largest(addedAmounts(running, sidecars), starting);
}

/** What containers ask for, or what is set for the pod as a whole; the overhead comes on top. */
export function podTotal(spec: PodSpec, side: Side): Amounts {
  const level = amountsOf((spec as LeveledSpec).resources?.[side]);
  const total = new Map([...containerTotal(spec, side), ...level]);
  const overhead = amountsOf(spec.overhead);
  if (side === 'requests') return addedAmounts(total, overhead);
  // A limit that is not set is none, with or without overhead.
  return addedAmounts(total, new Map([...overhead].filter(([name]) => total.has(name))));
}
