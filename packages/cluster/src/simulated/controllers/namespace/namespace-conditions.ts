/** What a namespace that is being deleted tells of its content. Source: `pkg/controller/namespace/deletion/status_condition_utils.go` */
import type { KindMap } from '../../../model/kinds.ts';
import { timestamp } from '../../clock/virtual-clock.ts';

/** One attempt to empty a namespace. */
export interface Emptying {
  /** Instances that are left, by `pods.` or `deployments.apps`. */
  readonly remaining: ReadonlyMap<string, number>;
  /** Instances that are held, by finalizer. */
  readonly held: ReadonlyMap<string, number>;
  /** What the API server refused. */
  readonly failures: readonly string[];
}

type Condition = NonNullable<NonNullable<KindMap['Namespace']['status']>['conditions']>[number];

interface Told {
  readonly reason: string;
  readonly message: string;
}

interface Rule {
  readonly type: string;
  readonly fine: Told;
  /** What is wrong, if anything. */
  wrong(emptying: Emptying): Told | undefined;
}

const REMOVED = 'All content successfully removed';

const RULES: readonly Rule[] = [
  {
    type: 'NamespaceDeletionDiscoveryFailure',
    fine: { reason: 'ResourcesDiscovered', message: 'All resources successfully discovered' },
    wrong: () => undefined,
  },
  {
    type: 'NamespaceDeletionGroupVersionParsingFailure',
    fine: { reason: 'ParsedGroupVersions', message: 'All legacy kube types successfully parsed' },
    wrong: () => undefined,
  },
  {
    type: 'NamespaceDeletionContentFailure',
    fine: { reason: 'ContentDeleted', message: 'All content successfully deleted, may be waiting on finalization' },
    wrong: ({ failures }) =>
      failures.length === 0
        ? undefined
        : {
            reason: 'ContentDeletionFailed',
            message: `Failed to delete all resource types, ${failures.length} remaining: ${[...failures].sort().join(', ')}`,
          },
  },
  {
    type: 'NamespaceContentRemaining',
    fine: { reason: 'ContentRemoved', message: REMOVED },
    wrong: ({ remaining }) =>
      counted(
        remaining,
        'SomeResourcesRemain',
        'Some resources are remaining: ',
        (name, count) => `${name} has ${count}`,
      ),
  },
  {
    type: 'NamespaceFinalizersRemaining',
    fine: { reason: 'ContentRemoved', message: REMOVED },
    wrong: ({ held }) =>
      counted(
        held,
        'SomeFinalizersRemain',
        'Some content in the namespace has finalizers remaining: ',
        (name, count) => `${name} in ${count}`,
      ),
  },
];

/** The conditions after an attempt; the same list where nothing is new. `now` in epoch milliseconds. */
export function conditionsAfter(
  conditions: readonly Condition[],
  emptying: Emptying,
  now: number,
): readonly Condition[] {
  const told = RULES.map((rule) => conditionOf(rule, conditions, emptying, now));
  const isSame = told.every((condition) => conditions.includes(condition));
  if (isSame) return conditions;
  const types = new Set(RULES.map(({ type }) => type));
  return [...conditions.filter(({ type }) => !types.has(type)), ...told];
}

function conditionOf(
  { type, fine, wrong }: Rule,
  conditions: readonly Condition[],
  emptying: Emptying,
  now: number,
): Condition {
  const trouble = wrong(emptying);
  const { reason, message } = trouble ?? fine;
  const status = trouble === undefined ? 'False' : 'True';
  const known = conditions.find((condition) => condition.type === type);
  if (known?.status === status && known.reason === reason && known.message === message) return known;
  const lastTransitionTime = known?.status === status ? known.lastTransitionTime : timestamp(now);
  return {
    type,
    status,
    ...(lastTransitionTime === undefined ? {} : { lastTransitionTime }),
    reason,
    message,
  };
}

function counted(
  counts: ReadonlyMap<string, number>,
  reason: string,
  intro: string,
  shown: (name: string, count: number) => string,
): Told | undefined {
  if (counts.size === 0) return undefined;
  const parts = [...counts].map(([name, count]) => `${shown(name, count)} resource instances`).sort();
  return { reason, message: `${intro}${parts.join(', ')}` };
}
