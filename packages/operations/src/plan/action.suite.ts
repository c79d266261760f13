/** Builds actions for tests of the search and the order. */
import type { ResourceRef } from '@aia/cluster';
import type { Action, Change } from '@aia/contract';

/** A reference to a Deployment in `shop`, or to what is said. */
export function ref(name: string, more: Partial<ResourceRef> = {}): ResourceRef {
  return { group: 'apps', kind: 'Deployment', namespace: 'shop', name, ...more };
}

/** An action of low risk that patches nothing in particular. */
export function actionOf(
  id: string,
  more: Partial<Omit<Action, 'steps'>> = {},
  changes: readonly Change[] = [],
): Action {
  return {
    id,
    kind: id.split(':')[0] ?? id,
    title: `Does ${id}`,
    target: ref('web'),
    resolves: [],
    reason: 'For a test.',
    evidence: [],
    confidence: 1,
    delivery: 'cluster',
    steps: changes.map((change) => ({ change, command: '' })),
    preconditions: [],
    inverse: { kind: 'reversible', steps: [] },
    probe: { conditions: [], withinMs: 0, soakMs: 0 },
    disruption: { pods: 0, services: [], budgets: [], isOutage: false, text: '' },
    quota: [],
    money: { monthly: 0, currency: 'USD', text: '' },
    owner: 'production-readiness-assessor',
    risk: { level: 'low', score: 0.1, reasons: [] },
    durationMs: { optimistic: 0, likely: 0, pessimistic: 0 },
    approval: { isNeeded: false, approvers: [], reasons: [] },
    after: [],
    ...more,
  };
}

/** A merge patch. */
export function patchOf(target: ResourceRef, patch: Record<string, unknown>): Change {
  return { kind: 'patch', target, patch: { type: 'merge', patch } };
}

/** A new object of the core group in `shop`. */
export function creationOf(kind: string, name: string, more: Record<string, unknown> = {}): Change {
  return { kind: 'create', object: { apiVersion: 'v1', kind, metadata: { name, namespace: 'shop' }, ...more } };
}
