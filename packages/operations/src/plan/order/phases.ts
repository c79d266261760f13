/** Actions in phases: what is waited for first, then the most valuable and least risky; few phases, each within what the policy allows at once. */
import { compare, type ClusterSnapshot } from '@aia/cluster';
import type { Action, Goal, Phase } from '@aia/contract';
import { severityRank } from '../../diagnose/finding.ts';
import type { Policy } from '../../policy/policy.ts';
import { namespacesOf, podsAllowed } from '../../policy/reach.ts';
import { acyclic } from './acyclic.ts';
import { dependenciesOf, type Dependency, type WeighedDependency } from './dependencies.ts';
import { nameOf, STAGE_ORDER, STAGES, topicOf, type Stage } from './topics.ts';
import { isDisruptive, nextWindow } from './windows.ts';

/** Phases with their barriers, and the order behind them. */
export interface Ordered {
  readonly phases: readonly Phase[];
  readonly dependencies: readonly Dependency[];
  /** Edges that would have closed a circle. */
  readonly relaxed: readonly Dependency[];
}

/** Puts actions in order. Does not depend on the order in which they are given. */
export function phasesOf(
  actions: readonly Action[],
  goals: readonly Goal[],
  policy: Policy,
  snapshot: ClusterSnapshot,
): Ordered {
  const { kept, dropped } = acyclic(dependenciesOf(actions, goals, snapshot));
  const order = new Order(actions, goals, kept, policy.windows.length > 0);
  const pods = snapshot.list('Pod').length;
  const groups = order.groups().flatMap((group) => split(group, policy, pods));
  const window = nextWindow(policy, snapshot.observedAt);
  return {
    phases: groups.map((group, i) => phaseOf(group, i + 1, order, window)),
    dependencies: kept.map(({ from, to, reason }) => ({ from, to, reason })),
    relaxed: dropped,
  };
}

/** Actions that stand together, in their order. */
interface Group {
  readonly stage: Stage;
  readonly actions: readonly Action[];
  /** Which part it is of what had to be split. */
  readonly part?: string;
}

/** What is known of each action while they are put in order. */
class Order {
  readonly #actions: readonly Action[];
  readonly #before: ReadonlyMap<string, readonly string[]>;
  readonly #needed: ReadonlyMap<string, readonly string[]>;
  readonly #worst: ReadonlyMap<string, number>;
  readonly #key: (action: Action) => number;

  constructor(
    actions: readonly Action[],
    goals: readonly Goal[],
    kept: readonly WeighedDependency[],
    hasWindows: boolean,
  ) {
    const ranks = new Map(
      goals.map(({ id, severity, isMust }) => [
        id,
        isMust ? severityRank(severity) : severityRank(severity) + LEAST_MUST,
      ]),
    );
    const own = ({ resolves }: Action) => Math.min(NOTHING, ...resolves.map((id) => ranks.get(id) ?? NOTHING));
    this.#before = inverse(kept);
    this.#needed = inverse(kept.filter(({ weight }) => weight >= LEAST_NEEDED));
    this.#worst = inherited(actions, kept, own);
    this.#actions = actions.toSorted(
      (a, b) => this.rankOf(a) - this.rankOf(b) || a.risk.score - b.risk.score || compare(a.id, b.id),
    );
    this.#key = (action) =>
      STAGE_ORDER.indexOf(this.stageOf(action)) + (hasWindows && isDisruptive(action) ? STAGE_ORDER.length : 0);
  }

  /** Rank of the worst goal that it serves, or that what waits for it serves. */
  rankOf({ id }: Action): number {
    return this.#worst.get(id) ?? NOTHING;
  }

  stageOf(action: Action): Stage {
    const isUrgent = this.rankOf(action) < LEAST_MUST;
    const someUrgent = [...this.#worst.values()].some((rank) => rank < LEAST_MUST);
    return isUrgent || !someUrgent ? topicOf(action).stage : 'improvement';
  }

  /** Ids of what it waits for. */
  waitsFor({ id }: Action): readonly string[] {
    return this.#before.get(id) ?? [];
  }

  /** Ids of what must have succeeded before; that something is merely wiser later shows in the order alone. */
  needs({ id }: Action): readonly string[] {
    return (this.#needed.get(id) ?? []).toSorted(compare);
  }

  /** Stage by stage, each as far as what it waits for is done; a stage comes again where others had to come between. */
  groups(): readonly Group[] {
    const done = new Set<string>();
    const groups: Group[] = [];
    const keys = new Map(this.#actions.map((action) => [action, this.#key(action)]));
    const steps = [...new Set(keys.values())].sort((a, b) => a - b);
    while (done.size < this.#actions.length) {
      const taken = steps
        .map((step) =>
          this.#ready(
            this.#actions.filter((action) => keys.get(action) === step),
            done,
          ),
        )
        .find((ready) => ready.length > 0);
      if (taken === undefined) throw new RangeError('actions wait for each other in a circle');
      for (const { id } of taken) done.add(id);
      groups.push({ stage: this.stageOf(taken[0] as Action), actions: taken });
    }
    return groups;
  }

  /** What of these can be done now, one after the other. */
  #ready(members: readonly Action[], done: ReadonlySet<string>): readonly Action[] {
    const ready: Action[] = [];
    const known = new Set(done);
    let left = members.filter(({ id }) => !done.has(id));
    for (;;) {
      const next = left.find((action) => this.waitsFor(action).every((id) => known.has(id)));
      if (next === undefined) return ready;
      ready.push(next);
      known.add(next.id);
      left = left.filter((one) => one !== next);
    }
  }
}

/** Ranks of goals that should be reached begin here, after all that must be. */
const LEAST_MUST = 10;
const NOTHING = 99;
/** Weight of dependencies without which an action would fail. */
const LEAST_NEEDED = 25;

function inverse(edges: readonly Dependency[]): ReadonlyMap<string, readonly string[]> {
  const groups = Map.groupBy(edges, ({ to }) => to);
  return new Map([...groups].map(([to, same]) => [to, same.map(({ from }) => from)]));
}

/** What something urgent waits for is as urgent. */
function inherited(
  actions: readonly Action[],
  edges: readonly Dependency[],
  own: (action: Action) => number,
): ReadonlyMap<string, number> {
  const worst = new Map(actions.map((action) => [action.id, own(action)]));
  for (let changed = true; changed;) {
    changed = false;
    for (const { from, to } of edges) {
      const rank = Math.min(worst.get(from) ?? NOTHING, worst.get(to) ?? NOTHING);
      if (rank === worst.get(from)) continue;
      worst.set(from, rank);
      changed = true;
    }
  }
  return worst;
}

/** As many phases as the policy's bounds on each make of a group. */
function split(group: Group, policy: Policy, pods: number): readonly Group[] {
  const most = podsAllowed(policy, pods)?.pods ?? Infinity;
  const mostNamespaces = policy.budgets.namespacesPerPhase ?? Infinity;
  const parts: Action[][] = [];
  let [replaced, touched] = [0, new Set<string>()];
  for (const action of group.actions) {
    const namespaces = new Set([...touched, ...namespacesOf(action)]);
    const isFull = replaced + action.disruption.pods > most || namespaces.size > mostNamespaces;
    if (parts.length === 0 || isFull) {
      parts.push([]);
      [replaced, touched] = [0, new Set()];
    }
    parts.at(-1)?.push(action);
    replaced += action.disruption.pods;
    touched = new Set([...touched, ...namespacesOf(action)]);
  }
  if (parts.length === 1) return [group];
  return parts.map((actions, i) => ({ stage: group.stage, actions, part: ` (part ${i + 1} of ${parts.length})` }));
}

const SEVERITIES: readonly Phase['priority'][] = ['critical', 'high', 'medium', 'low'];

function phaseOf(
  { stage, actions, part = '' }: Group,
  number: number,
  order: Order,
  window: string | undefined,
): Phase {
  const rank = Math.min(...actions.map((action) => order.rankOf(action)));
  const barrier = new Map(actions.flatMap(({ probe }) => probe.conditions).map((one) => [JSON.stringify(one), one]));
  const waits = window !== undefined && actions.some(isDisruptive);
  return {
    number,
    name: `${nameOf(actions.map(topicOf))}${part}`,
    priority: SEVERITIES[rank % LEAST_MUST] ?? 'low',
    purpose: STAGES[stage],
    actions: actions.map((action) => ({ ...action, after: order.needs(action) })),
    barrier: [...barrier.values()],
    ...(waits && { window }),
  };
}
