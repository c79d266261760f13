/** What a pod spec requires of the labels of nodes, and what of it nothing meets. */
import type { PodSpec } from '@aia/cluster';
import { nearName } from '../../near-name.ts';
import type { Planning } from '../../planning.ts';
import { without } from '../../rollout/without.ts';

/** A label with a value that is asked for. */
export interface Requirement {
  readonly key: string;
  readonly value: string;
}

/** Label → values that nodes have. */
type LabelValues = ReadonlyMap<string, ReadonlySet<string>>;

const POOL = 'cloud.google.com/gke-nodepool';

/** Values of the labels of all nodes, and names of pools, which may be empty at the moment. */
export function labelValuesOf({ snapshot }: Planning): LabelValues {
  const values = new Map<string, Set<string>>();
  const add = (key: string, value: string) => values.set(key, (values.get(key) ?? new Set()).add(value));
  for (const { metadata } of snapshot.list('Node'))
    for (const [key, value] of Object.entries(metadata.labels ?? {})) add(key, value);
  for (const { name } of snapshot.cloud.cluster?.nodePools ?? []) add(POOL, name);
  return values;
}

type Terms = NonNullable<
  NonNullable<NonNullable<PodSpec['affinity']>['nodeAffinity']>['requiredDuringSchedulingIgnoredDuringExecution']
>['nodeSelectorTerms'];
type Term = Terms[number];
type Expression = NonNullable<Term['matchExpressions']>[number];

/** Selected labels, and expressions that name values, of which no node has any. */
export function unmetRequirements(spec: PodSpec, values: LabelValues): readonly Requirement[] {
  const isUnmet = (key: string, wanted: readonly string[]) => !wanted.some((one) => values.get(key)?.has(one) === true);
  const selected = Object.entries(spec.nodeSelector ?? {})
    .filter(([key, value]) => isUnmet(key, [value]))
    .map(([key, value]) => ({ key, value }));
  const expressed = termsOf(spec)
    .flatMap(({ matchExpressions = [] }) => matchExpressions)
    .filter(({ key, operator, values: wanted = [] }) => operator === 'In' && isUnmet(key, wanted))
    .flatMap(({ key, values: [value = ''] = [] }) => [{ key, value }]);
  const distinct = new Map([...selected, ...expressed].map((one) => [`${one.key}=${one.value}`, one]));
  return [...distinct.values()];
}

/** The spec with the nearest label or value that nodes have in place of each; `undefined` where one has none near. */
export function correctedTo(
  spec: PodSpec,
  unmet: readonly Requirement[],
  values: LabelValues,
): { readonly spec: PodSpec; readonly words: string } | undefined {
  const near = new Map(unmet.map((one) => [`${one.key}=${one.value}`, nearRequirement(one, values)]));
  if (unmet.length === 0 || [...near.values()].includes(undefined)) return undefined;
  const replace = (key: string, value: string): Requirement => near.get(`${key}=${value}`) ?? { key, value };
  const words = [...near.values()].map((one) => `${one?.key}=${one?.value}`).join(', ');
  return { spec: withRequirements(spec, replace), words };
}

function nearRequirement({ key, value }: Requirement, values: LabelValues): Requirement | undefined {
  const known = values.get(key);
  if (known !== undefined) {
    const near = nearName(value, known);
    return near === undefined ? undefined : { key, value: near };
  }
  const keys = [...values].filter(([, some]) => some.has(value)).map(([name]) => name);
  const nearKey = nearName(key, keys);
  return nearKey === undefined ? undefined : { key: nearKey, value };
}

/** The spec without them. */
export function withoutRequirements(spec: PodSpec, unmet: readonly Requirement[]): PodSpec {
  return withRequirements(spec, (key, value) =>
    unmet.some((one) => one.key === key && one.value === value) ? undefined : { key, value },
  );
}

/** The spec with each required label replaced, or left out where nothing takes its place. */
export function withRequirements(
  spec: PodSpec,
  replace: (key: string, value: string) => Requirement | undefined,
): PodSpec {
  const { nodeSelector, affinity, ...others } = spec;
  const selected = Object.entries(nodeSelector ?? {}).flatMap(([key, value]) => {
    const now = replace(key, value);
    return now === undefined ? [] : [[now.key, now.value] as const];
  });
  const terms = termsOf(spec).map((term) => withExpressions(term, replace));
  return {
    ...others,
    ...(selected.length > 0 && { nodeSelector: Object.fromEntries(selected) }),
    ...withAffinity(affinity, terms),
  };
}

function withExpressions(term: Term, replace: (key: string, value: string) => Requirement | undefined): Term {
  const { matchExpressions } = term;
  if (matchExpressions === undefined) return term;
  return { ...term, matchExpressions: matchExpressions.flatMap((one) => replacedIn(one, replace) ?? []) };
}

function replacedIn(
  expression: Expression,
  replace: (key: string, value: string) => Requirement | undefined,
): Expression | undefined {
  const { key, operator, values = [] } = expression;
  if (operator !== 'In') return expression;
  const now = values.flatMap((value) => replace(key, value) ?? []);
  const [first] = now;
  return first === undefined ? undefined : { key: first.key, operator, values: now.map(({ value }) => value) };
}

/** A term without any expression matches no node, so terms that lost all are left out, and the rule with them. */
function withAffinity(affinity: PodSpec['affinity'], terms: Terms): Pick<PodSpec, 'affinity'> {
  if (affinity === undefined) return {};
  const { nodeAffinity, ...others } = affinity;
  const preferred = without(nodeAffinity ?? {}, 'requiredDuringSchedulingIgnoredDuringExecution');
  const left = terms.filter(
    ({ matchExpressions = [], matchFields = [] }) => matchExpressions.length + matchFields.length > 0,
  );
  const isFree = left.length < terms.length || terms.length === 0;
  const required = isFree ? {} : { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: left } };
  const own = { ...preferred, ...required };
  const all = { ...others, ...(Object.keys(own).length > 0 && { nodeAffinity: own }) };
  return Object.keys(all).length > 0 ? { affinity: all } : {};
}

function termsOf({ affinity }: PodSpec): Terms {
  return affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
}
