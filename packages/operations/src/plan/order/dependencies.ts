/** What waits for what, worked out from what actions change. */
import { compare, type ClusterSnapshot } from '@aia/cluster';
import type { Action, Goal, Plan } from '@aia/contract';
import { quotaKey } from '../search/limits.ts';
import { traitsOf, type Traits } from './traits.ts';

/** One edge, as the plan tells it. */
export type Dependency = Plan['dependencies'][number];

/** An edge that may have to give way: of a circle the lightest is dropped. */
export interface WeighedDependency extends Dependency {
  /** 100 where a kind of action says so itself, less for what is merely wiser. */
  readonly weight: number;
}

/** All edges between these actions, the heaviest of each pair; there may be circles. */
export function dependenciesOf(
  actions: readonly Action[],
  goals: readonly Goal[],
  snapshot: ClusterSnapshot,
): readonly WeighedDependency[] {
  const traits = actions
    .map((action) => traitsOf(action, goals, snapshot))
    .sort((a, b) => compare(a.action.id, b.action.id));
  const byPair = new Map<string, WeighedDependency>();
  for (const edge of RULES.flatMap((rule) => rule(traits))) {
    const pair = `${edge.from}\n${edge.to}`;
    if (edge.from !== edge.to && (byPair.get(pair)?.weight ?? 0) < edge.weight) byPair.set(pair, edge);
  }
  return [...byPair].sort(([a], [b]) => compare(a, b)).map(([, edge]) => edge);
}

type OrderRule = (traits: readonly Traits[]) => readonly WeighedDependency[];

/** Each action that `from` holds of comes before every other that `to` holds of. */
function before(
  weight: number,
  reason: string,
  from: (earlier: Traits) => boolean,
  to: (later: Traits, earlier: Traits) => boolean,
): OrderRule {
  return (traits) =>
    traits
      .filter(from)
      .flatMap((earlier) =>
        traits
          .filter((later) => later !== earlier && to(later, earlier))
          .map((later) => ({ from: earlier.action.id, to: later.action.id, reason, weight })),
      );
}

const asks = ({ calls }: Traits) => calls.some(({ operation }) => operation === 'request-quota');
const limitsPods = ({ kinds }: Traits) => kinds.has('ResourceQuota') || kinds.has('LimitRange');

const RULES: readonly OrderRule[] = [
  (traits) => {
    const known = new Set(traits.map(({ action }) => action.id));
    return traits.flatMap(({ action: { id, after } }) =>
      after
        .filter((from) => known.has(from))
        .map((from) => ({ from, to: id, weight: 100, reason: 'It builds on what the other one made.' })),
    );
  },
  makesBeforeNames,
  before(
    85,
    'The address is made static before a change that could lose it.',
    ({ calls }) => calls.some(({ operation }) => operation === 'reserve-address'),
    ({ addresses }, { calls }) =>
      calls.some(
        (call) => call.operation === 'reserve-address' && call.address !== undefined && addresses.has(call.address),
      ),
  ),
  before(
    80,
    'An address is given up only after nothing uses it any more.',
    ({ addresses }) => addresses.size > 0,
    ({ calls }, { addresses }) =>
      calls.some((call) => call.operation === 'release-address' && addresses.has(call.address)),
  ),
  before(
    70,
    'Nothing can be made while an admission webhook refuses it or does not answer.',
    // What a person does when they come to it holds nothing up: where it is needed at once, the rehearsal sees the next one refused.
    ({ isAboutAdmission, action }) => isAboutAdmission && action.delivery !== 'person',
    ({ isAboutAdmission, makes }) => !isAboutAdmission && makes,
  ),
  (traits) => quotaOrder(traits),
  before(
    50,
    'The namespace has to let new pods in before any are replaced.',
    limitsPods,
    (later, { namespaces }) =>
      !limitsPods(later) && later.makes && [...namespaces].some((one) => later.namespaces.has(one)),
  ),
  before(
    45,
    'The budget has to allow it before pods are taken away.',
    ({ budgets }) => budgets.size > 0,
    ({ action, budgets }, earlier) =>
      budgets.size === 0 && action.disruption.budgets.some((name) => earlier.budgets.has(name)),
  ),
  before(
    30,
    'Requests are set first, so that what has to move fits on what is left.',
    ({ setsRequests, takesCapacity }) => setsRequests && !takesCapacity,
    ({ takesCapacity }) => takesCapacity,
  ),
  before(
    25,
    'More nodes need the quota first.',
    (earlier) => asks(earlier) && !earlier.addsCapacity,
    ({ addsCapacity }) => addsCapacity,
  ),
  before(
    15,
    'New pods need room beside the old ones.',
    ({ addsCapacity, makes }) => addsCapacity && !makes,
    ({ addsCapacity, makes, takesCapacity }) => !addsCapacity && (makes || takesCapacity),
  ),
];

/** What one action makes or mends and another names. */
function makesBeforeNames(traits: readonly Traits[]): readonly WeighedDependency[] {
  const providers = Map.groupBy(
    traits.flatMap(({ action, provides }) => [...provides].map(([key, isNew]) => ({ id: action.id, key, isNew }))),
    ({ key }) => key,
  );
  return traits.flatMap(({ action, names }) =>
    [...names].flatMap((key) =>
      (providers.get(key) ?? []).map(({ id, isNew }) => ({
        ...{ from: id, to: action.id, weight: isNew ? 90 : 40 },
        reason: isNew
          ? `It makes ${key.replace(' /', ' ')}, which is named here.`
          : `It mends ${key.replace(' /', ' ')}, which is named here.`,
      })),
    ),
  );
}

/** Room in a quota is asked for and made before it is taken. */
function quotaOrder(traits: readonly Traits[]): readonly WeighedDependency[] {
  const users = traits.flatMap(({ action, calls }) => [
    ...action.quota.map((effect) => ({ id: action.id, key: quotaKey(effect), amount: effect.amount, isAsking: false })),
    ...calls
      .filter((call) => call.operation === 'request-quota')
      .map((call) => ({ id: action.id, key: quotaKey(call), amount: 0, isAsking: true })),
  ]);
  return [...Map.groupBy(users, ({ key }) => key)].flatMap(([key, same]) => {
    const takers = same.filter(({ amount }) => amount > 0);
    return same
      .filter(({ amount, isAsking }) => isAsking || amount < 0)
      .flatMap(({ id, isAsking, amount }) =>
        takers.map((taker) => ({
          ...{ from: id, to: taker.id, weight: isAsking ? 60 : 20 },
          reason: isAsking
            ? `More of ${key} has to be granted first.`
            : `It gives back ${-amount} of ${key}, of which ${taker.amount} is taken here.`,
        })),
      );
  });
}
