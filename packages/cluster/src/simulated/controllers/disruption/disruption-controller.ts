/**
 * The status of PodDisruptionBudgets: how many of their pods may go now.
 * Source: https://kubernetes.io/docs/concepts/workloads/pods/disruptions/; `pkg/controller/disruption`
 */
import type { Pod } from '../../../model/kinds.ts';
import { selectorText } from '../../../model/selector.ts';
import { sameJson } from '../../../snapshot/diff.ts';
import { POD_DISRUPTION_BUDGETS, PODS } from '../../api/built-in-types.ts';
import { timestamp } from '../../clock/virtual-clock.ts';
import type { SimulationContext } from '../../simulation-context.ts';
import { isChangeOf, SelectorIndex, selectedPods } from '../../store/object-index.ts';
import type { Change } from '../../store/object-store.ts';
import type { Controller } from '../controller.ts';
import { keyOf, namesOf } from '../object-key.ts';
import { isReady } from '../pod-state.ts';
import { Throttle } from '../throttle.ts';
import { budgetStatus, disruptionAllowed, type BudgetStatus } from './budget-status.ts';
import { expectationOf, type Budget } from './expected-pods.ts';

/** How long an eviction may take until it counts as failed. Source: `DeletionTimeout` */
const DELETION_TIMEOUT_MS = 120_000;
const SOURCE = { component: 'controllermanager' };

export function disruptionController(context: SimulationContext): Controller {
  const budgets = new SelectorIndex(context.api.store, POD_DISRUPTION_BUDGETS, ({ spec }) => spec?.selector);
  const throttle = new Throttle();
  return {
    name: 'disruption-controller',
    needs: ['/Pod', 'policy/PodDisruptionBudget'],
    keysOf: (change) => keysOf(change, budgets),
    reconcile: (key) => {
      const waitMs = throttle.waitMs(key, context.clock.now);
      return waitMs > 0 ? waitMs : reconcile(key, context, throttle);
    },
  };
}

function keysOf(change: Change, budgets: SelectorIndex<Budget>): readonly string[] {
  if (isChangeOf(change, POD_DISRUPTION_BUDGETS)) return change.kind === 'DELETED' ? [] : [keyOf(change.object)];
  if (!isChangeOf(change, PODS)) return [];
  const { kind, object, previous } = change;
  if (kind === 'MODIFIED' && previous !== undefined && isSameForBudgets(previous, object)) return [];
  const keys = new Set([...budgets.selecting(object.metadata)].map(keyOf));
  if (previous !== undefined && previous.metadata.labels !== object.metadata.labels)
    for (const budget of budgets.selecting(previous.metadata)) keys.add(keyOf(budget));
  return [...keys];
}

function isSameForBudgets(a: Pod, b: Pod): boolean {
  return (
    isReady(a) === isReady(b) &&
    a.metadata.deletionTimestamp === b.metadata.deletionTimestamp &&
    (a.metadata.labels === b.metadata.labels || sameJson(a.metadata.labels, b.metadata.labels))
  );
}

function reconcile(key: string, { api, clock, events }: SimulationContext, throttle: Throttle): number | undefined {
  const [namespace, name] = namesOf(key);
  const budget = api.store.get(POD_DISRUPTION_BUDGETS, namespace, name);
  if (budget === undefined) return undefined;
  const pods = [...selectedPods(api.store, namespace, budget.spec?.selector)];
  throttle.looked(key, pods.length, clock.now);
  if (pods.length === 0) events.record(budget, 'Normal', 'NoPods', 'No matching pods found', SOURCE);
  const { expectedPods, desiredHealthy, unmanaged, problem } = expectationOf(api, budget, pods);
  if (problem !== undefined) {
    const text = `Failed to calculate the number of expected pods: ${problem}`;
    events.record(budget, 'Warning', 'CalculateExpectedPodCountFailed', text, SOURCE);
    write(budget, failedStatus(budget, problem, clock.now));
    return undefined;
  }
  if (unmanaged.length > 0) events.record(budget, 'Warning', 'UnmanagedPods', unmanagedText(budget), SOURCE);
  const { disruptedPods, againMs } = stillDisrupted(budget, pods);
  const currentHealthy = pods.filter((pod) => isHealthy(pod, disruptedPods)).length;
  write(budget, budgetStatus(budget, { currentHealthy, desiredHealthy, expectedPods, disruptedPods }, clock.now));
  return againMs;

  function write(before: Budget, status: BudgetStatus): void {
    if (sameJson(before.status, status)) return;
    api.changeStatus(POD_DISRUPTION_BUDGETS, namespace, name, (one) => ({ ...one, status }));
  }

  /** Pods that were evicted and are still there; after two minutes they count again. */
  function stillDisrupted({ status }: Budget, selected: readonly Pod[]) {
    const kept: Record<string, string> = {};
    let again: number | undefined;
    for (const pod of selected) {
      const at = status?.disruptedPods?.[pod.metadata.name];
      if (at === undefined || pod.metadata.deletionTimestamp !== undefined) continue;
      const leftMs = Date.parse(at) + DELETION_TIMEOUT_MS - clock.now;
      if (leftMs < 0) {
        const text = `Pod was expected by PDB ${namespace}/${name} to be deleted but it wasn't`;
        events.record(pod, 'Warning', 'NotDeleted', text, SOURCE);
      } else {
        kept[pod.metadata.name] = at;
        again = Math.min(again ?? Infinity, leftMs + 1);
      }
    }
    return { disruptedPods: kept, againMs: again };
  }
}

function isHealthy(pod: Pod, disruptedPods: Readonly<Record<string, string>>): boolean {
  return pod.metadata.deletionTimestamp === undefined && disruptedPods[pod.metadata.name] === undefined && isReady(pod);
}

/** Nothing may go while nobody knows how many there should be. */
function failedStatus(budget: Budget, problem: string, now: number): BudgetStatus {
  const status = budget.status ?? { currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 };
  const failed = { status: 'False', reason: 'SyncFailed', message: problem } as const;
  return {
    ...status,
    disruptionsAllowed: 0,
    conditions: disruptionAllowed(status.conditions ?? [], budget.metadata.generation ?? 0, failed, timestamp(now)),
  };
}

function unmanagedText({ spec }: Budget): string {
  const selector = selectorText(spec?.selector);
  return `Pods selected by this PodDisruptionBudget (selector: ${selector}) were found to be unmanaged. As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. To account for these pods please set ".spec.minAvailable" field of the PDB to an integer value.`;
}
