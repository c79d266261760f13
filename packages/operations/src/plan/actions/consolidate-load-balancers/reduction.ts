/** Which load balancers can go, in which order: those first that nobody can be using. */
import { compare, timeOf } from '@aia/cluster';
import { balancersOf, covers, type Balancer } from '../../network/balancers.ts';
import type { Planning } from '../../planning.ts';

/** A load balancer whose clients are to be pointed to what leads to the same. */
export interface Moved {
  readonly from: Balancer;
  /** The load balancer that stays; `undefined` where an Ingress or a Gateway leads to it already. */
  readonly to: Balancer | undefined;
}

/** What can go. The sets do not overlap; each is in the order in which its members should go. */
export interface Reducible {
  readonly orphans: readonly Balancer[];
  /** Never had an address; those first whose workload is reached in another way. */
  readonly waiting: readonly Balancer[];
  /** Those of them whose workload is reached in another way: nobody's intention is lost with them. */
  readonly spare: readonly Balancer[];
  /** Have an address, and something else with an address leads to the same. */
  readonly doubled: readonly Moved[];
  /** Have an address, speak HTTP and are known under host names: could share one front. */
  readonly shareable: readonly Balancer[];
}

/** Of all load balancers of a cluster. */
export function reducible(planning: Planning): Reducible {
  const all = balancersOf(planning);
  const orphans = all.filter(({ isOrphan, isOpen, carriesTraffic }) => isOrphan && isOpen && !carriesTraffic);
  const rest = all.filter((one) => !orphans.includes(one));
  const addressed = rest.filter(({ addresses }) => addresses.length > 0);
  const waiting = rest.filter(({ isWaiting, isOpen }) => isWaiting && isOpen);
  const doubled = doubledAmong(addressed);
  const gone = new Set(doubled.map(({ from }) => from));
  const isReached = (one: Balancer) =>
    one.route !== undefined || addressed.some((other) => !gone.has(other) && covers(other, one));
  return {
    orphans,
    waiting: waiting.toSorted((a, b) => Number(isReached(b)) - Number(isReached(a)) || compare(a.key, b.key)),
    spare: waiting.filter(isReached),
    doubled,
    shareable: addressed.filter(
      (one) => one.isOpen && one.isHttp && !one.isInternal && one.hosts.length > 0 && !gone.has(one),
    ),
  };
}

/** Of those that lead to the same one stays: the one that leads to most, is known by a name, is kept by others, is the oldest. */
function doubledAmong(addressed: readonly Balancer[]): readonly Moved[] {
  const ranked = addressed.toSorted(
    (a, b) =>
      b.targets.size - a.targets.size ||
      b.hosts.length - a.hosts.length ||
      Number(a.isOpen) - Number(b.isOpen) ||
      createdAt(a) - createdAt(b) ||
      compare(a.key, b.key),
  );
  const kept: Balancer[] = [];
  const moved: Moved[] = [];
  for (const one of ranked) {
    const to = kept.find((other) => covers(other, one));
    if (one.isOpen && to !== undefined) moved.push({ from: one, to });
    else if (one.isOpen && one.route !== undefined) moved.push({ from: one, to: undefined });
    else kept.push(one);
  }
  return moved.toSorted((a, b) => compare(a.from.key, b.from.key));
}

function createdAt({ service: { metadata } }: Balancer): number {
  return timeOf(metadata.creationTimestamp) ?? 0;
}
