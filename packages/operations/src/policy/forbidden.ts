/** Which line of a policy forbids an action taken by itself; what actions come to together is kept by the search and the order. */
import { patternOf, refOf, refText, type KubeObject, type ResourceRef } from '@aia/cluster';
import type { Action, Change } from '@aia/contract';
import type { Policy } from './policy.ts';
import { namespacesOf, podsAllowed } from './reach.ts';

/** Why not. */
export interface Forbidden {
  readonly because: 'policy' | 'budget';
  /** The line of the policy: `protected.namespaces: gke-*`. */
  readonly line: string;
  /** In a full sentence that names the line. */
  readonly reason: string;
}

/** What rules look at beside the action. */
export interface Surroundings {
  /** Objects as they are; `undefined` where one is not there. */
  object(ref: ResourceRef): KubeObject | undefined;
  /** GKE Autopilot has no node pools that anybody may change. */
  readonly isAutopilot: boolean;
  /** All pods, for shares of them. */
  readonly pods: number;
  /** Most pods of one workload that are gone at once while an action is carried out. */
  podsAtOnce(action: Action): number;
}

const LEVELS = ['low', 'medium', 'high'] as const;

/** The first line that forbids it; `undefined` where none does. */
export function forbiddenBy(action: Action, policy: Policy, around: Surroundings): Forbidden | undefined {
  for (const rule of RULES) {
    const found = rule(action, policy, around);
    if (found !== undefined) return found;
  }
  return undefined;
}

type RuleOfPolicy = (action: Action, policy: Policy, around: Surroundings) => Forbidden | undefined;

const no = (because: Forbidden['because'], line: string, what: string): Forbidden => ({
  ...{ because, line },
  reason: `The policy forbids it (${line}): ${what}.`,
});

const RULES: readonly RuleOfPolicy[] = [
  ({ kind }, { actions }) => {
    const off = actions.off.find((pattern) => patternOf(pattern)(kind));
    if (off !== undefined) return no('policy', `actions.off: ${off}`, `no plan contains ${kind}`);
    const isOn = actions.only === undefined || actions.only.some((pattern) => patternOf(pattern)(kind));
    return isOn ? undefined : no('policy', 'actions.only', `${kind} is not among the kinds of action that it allows`);
  },
  protectedBy,
  ({ owner, steps }, { roles }) => {
    const verbs = roles[owner];
    const lacking = steps.map(({ change }) => change.kind).find((kind) => !isAllowed(kind, verbs));
    return (
      lacking &&
      no('policy', `roles.${owner}`, `${owner} may ${verbs?.join(', ') || 'do nothing'}, and it takes ${lacking}`)
    );
  },
  ({ risk }, { budgets }) =>
    LEVELS.indexOf(risk.level) > LEVELS.indexOf(budgets.risk)
      ? no(
          'policy',
          `budgets.risk: ${budgets.risk}`,
          `its risk is ${risk.level} (${percent(risk.score)}): ${risk.reasons[0] ?? ''}`,
        )
      : undefined,
  ({ steps }, _policy, { isAutopilot }) => {
    const call = isAutopilot ? steps.map(({ change }) => change).find(isAboutNodes) : undefined;
    return (
      call && {
        because: 'policy',
        line: 'GKE Autopilot',
        reason:
          'The cluster is a GKE Autopilot cluster: Google runs its nodes and node pools, and nobody else changes them.',
      }
    );
  },
  (action, policy, { pods }) => {
    const most = podsAllowed(policy, pods);
    if (most === undefined || action.disruption.pods <= most.pods) return undefined;
    return no(
      'budget',
      most.line,
      `it alone replaces ${action.disruption.pods} pods, and a phase may replace ${most.pods}`,
    );
  },
  (action, { budgets: { namespacesPerPhase: most } }) => {
    const touched = namespacesOf(action).length;
    return most !== undefined && touched > most
      ? no('budget', `budgets.blastRadius.namespacesPerPhase: ${most}`, `it alone touches ${touched} namespaces`)
      : undefined;
  },
  (action, { budgets: { podsAtOnce: most } }, around) => {
    if (most === undefined) return undefined;
    const gone = around.podsAtOnce(action);
    return gone > most
      ? no('budget', `budgets.disruption.podsAtOnce: ${most}`, `${gone} pods of a workload would be gone at once`)
      : undefined;
  },
];

function isAllowed(kind: Change['kind'], verbs: readonly string[] | undefined): boolean {
  return kind === 'manual' || verbs === undefined || verbs.includes(kind);
}

const NODE_CALLS: ReadonlySet<string> = new Set([
  'resize-node-pool',
  'set-pool-autoscaling',
  'set-pool-zones',
  'set-pool-taints',
  'set-autoscaling-profile',
  'create-node-pool',
  'delete-node-pool',
  'delete-machine',
]);

function isAboutNodes(change: Change): boolean {
  return change.kind === 'cloud' && NODE_CALLS.has(change.call.operation);
}

/** What an action names: its target, and the objects of its changes. */
function touchedBy({ target, steps }: Action): readonly ResourceRef[] {
  const changed = steps.flatMap(({ change }): readonly ResourceRef[] => {
    if (change.kind === 'cloud' || change.kind === 'manual') return [];
    return [change.kind === 'create' ? refOf(change.object as unknown as KubeObject) : change.target];
  });
  return [target, ...changed];
}

function protectedBy(action: Action, { protected: guarded }: Policy, around: Surroundings): Forbidden | undefined {
  const made = new Map(
    action.steps.flatMap(({ change }) => {
      if (change.kind !== 'create') return [];
      const object = change.object as unknown as KubeObject;
      return [[refText(refOf(object)), object] as const];
    }),
  );
  for (const ref of touchedBy(action)) {
    const name = refText(ref);
    const within = ref.kind === 'Namespace' && ref.group === '' ? ref.name : ref.namespace;
    const namespace = within === '' ? undefined : guarded.namespaces.find((pattern) => patternOf(pattern)(within));
    if (namespace !== undefined)
      return no('policy', `protected.namespaces: ${namespace}`, `${name} is not to be changed`);
    const kind = guarded.kinds.find((pattern) => [ref.kind, `${ref.kind}.${ref.group}`].some(patternOf(pattern)));
    if (kind !== undefined) return no('policy', `protected.kinds: ${kind}`, `${name} is not to be changed`);
    const object = guarded.objects.find((pattern) => patternOf(pattern)(name));
    if (object !== undefined) return no('policy', `protected.objects: ${object}`, `${name} is not to be changed`);
    const labels = [around.object(ref), made.get(name)].map((one) => one?.metadata.labels ?? {});
    const label = Object.entries(guarded.labels).find(([key, value]) =>
      labels.some((own) => own[key] !== undefined && patternOf(value)(own[key])),
    );
    if (label !== undefined)
      return no('policy', `protected.labels: ${label.join('=')}`, `${name} has this label and is not to be changed`);
  }
  return undefined;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
