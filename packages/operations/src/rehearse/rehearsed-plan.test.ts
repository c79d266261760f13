import { snapshotOf, type ClusterSnapshot } from '@aia/cluster';
import { describe, expect, it } from 'vitest';
import { assess } from '../assess.ts';
import type { ActionKind } from '../plan/remedy.ts';
import { clusterWith, deployment } from '../plan/trial.suite.ts';
import { DEFAULT_POLICY } from '../policy/policy.ts';
import { rehearsedPlan } from './rehearsed-plan.ts';

const ref = (kind: string, name: string) => ({ group: '', kind, namespace: 'shop', name });
const judge = (snapshot: ClusterSnapshot) => assess(snapshot, { version: 'test' });

/** Makes the ConfigMap that `web` waits for, and takes the pods of the Service beside it away. */
function makesAndBreaks(isBreaking: boolean): ActionKind {
  return {
    ...{ kind: 'restore-config-map', title: 'Made for this test', explanation: '', capability: 'rollout' },
    ...{ prior: { alpha: 9, beta: 1, basis: 'made up' }, baseRisk: 0.05 },
    durationMs: { optimistic: 60_000, likely: 60_000, pessimistic: 60_000 },
    propose: ({ assessment }) =>
      assessment.rootCauses
        .filter((cause) => cause.class === 'config-map-missing')
        .map((cause) => ({
          ...{ title: 'Make it', resolves: [cause.id], fit: 1 },
          drafts: [
            {
              ...{ kind: 'restore-config-map', title: 'Make it', target: ref('ConfigMap', 'settings') },
              ...{ reason: 'made up', evidence: [], confidence: 0.9 },
              changes: [
                {
                  kind: 'create',
                  object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace: 'shop' } },
                },
                ...(isBreaking
                  ? [
                      {
                        kind: 'patch' as const,
                        target: ref('Service', 'api'),
                        patch: { type: 'merge' as const, patch: { spec: { selector: { app: 'nothing' } } } },
                      },
                    ]
                  : []),
              ],
            },
          ],
        })),
  };
}

function planned(isBreaking: boolean) {
  const snapshot = snapshotOf(
    clusterWith([
      deployment('web', {}, { envFrom: [{ configMapRef: { name: 'settings' } }] }),
      deployment('api'),
      {
        ...{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'api', namespace: 'shop' } },
        spec: { selector: { app: 'api' }, ports: [{ port: 80, protocol: 'TCP' }] },
      },
    ]),
    'test',
  );
  const input = { snapshot, assessment: judge(snapshot), policy: DEFAULT_POLICY, seed: '0', assess: judge };
  return rehearsedPlan({ ...input, kinds: [makesAndBreaks(isBreaking)] });
}

/** Deletes a pod that nothing makes anew, and expects it to be there; or has somebody look at it. */
function deletesOrAsks(isDeleting: boolean): ActionKind {
  const kind = isDeleting ? 'delete-pod' : 'ask-owner';
  const target = ref('Pod', 'lonely');
  return {
    ...{ kind, title: 'Made for this test', explanation: '', capability: 'rollout' },
    ...{ prior: { alpha: 9, beta: 1, basis: 'made up' }, baseRisk: 0.05 },
    durationMs: { optimistic: 60_000, likely: 60_000, pessimistic: 60_000 },
    propose: ({ assessment }) =>
      assessment.rootCauses
        .filter((cause) => cause.class === 'config-map-missing')
        .map((cause) => ({
          ...{ title: kind, resolves: [cause.id], fit: isDeleting ? 1 : 0.3 },
          drafts: [
            {
              ...{ kind, title: kind, target, reason: 'made up', evidence: [], confidence: 0.9 },
              changes: [
                isDeleting
                  ? { kind: 'delete' as const, target, propagation: 'Background' as const }
                  : { kind: 'manual' as const, instruction: 'Look at it.' },
              ],
              probe: {
                conditions: [
                  isDeleting
                    ? { kind: 'exists' as const, target }
                    : { kind: 'told' as const, statement: 'It works again.' },
                ],
              },
            },
          ],
        })),
  };
}

describe('a plan that was tried', () => {
  it('has the rival of what did not work, although that hid the cause', () => {
    const pod = {
      ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'lonely', namespace: 'shop' } },
      spec: { containers: [{ name: 'app', image: 'web:1', envFrom: [{ configMapRef: { name: 'settings' } }] }] },
    };
    const snapshot = snapshotOf(clusterWith([pod]), 'test');
    const input = { snapshot, assessment: judge(snapshot), policy: DEFAULT_POLICY, seed: '0', assess: judge };
    const { plan } = rehearsedPlan({ ...input, kinds: [deletesOrAsks(true), deletesOrAsks(false)] });
    expect(plan.phases.flatMap(({ actions }) => actions.map(({ kind }) => kind))).toEqual(['ask-owner']);
    const goals = plan.goals.filter(({ id }) => id.startsWith('config-map-missing'));
    expect(goals.map(({ state }) => state)).toEqual(['partly']);
    expect(plan.rejected.map(({ kind, because }) => [kind, because])).toContainEqual(['delete-pod', 'rehearsal']);
  });

  it('is refused with the reason where all that it could do leaves the twin worse', () => {
    const { plan, rehearsal } = planned(true);
    expect(plan.outcome).toBe('refused');
    expect(plan.reason).toContain('Service shop/api');
    expect(plan.phases).toEqual([]);
    expect(plan.goals.filter(({ id }) => id.startsWith('config-map-missing')).map(({ state }) => state)).toEqual([
      'open',
    ]);
    expect(rehearsal).toBeUndefined();
  });

  it('is one where the same repair harms nobody', () => {
    const { plan, rehearsal } = planned(false);
    expect(plan.outcome).toBe('plan');
    expect(rehearsal?.newCritical).toEqual([]);
    expect(rehearsal?.remaining).toEqual([]);
  });
});
