import type { Action, Change, PolicyFile } from '@aia/contract';
import type { KubeObject } from '@aia/cluster';
import { describe, expect, it } from 'vitest';
import { forbiddenBy, type Surroundings } from './forbidden.ts';
import { policyFrom } from './policy.ts';

const WEB = { group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'web' };
const AROUND: Surroundings = {
  object: ({ name }) =>
    name === 'web'
      ? ({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, labels: { tier: 'gold' } } } as KubeObject)
      : undefined,
  isAutopilot: false,
  pods: 20,
  podsAtOnce: () => 2,
};
const patch: Change = { kind: 'patch', target: WEB, patch: { type: 'merge', patch: {} } };
const DISRUPTION = { pods: 6, services: [], budgets: [], isOutage: false, text: '' };

function action(changes: readonly Change[], more: Partial<Action> = {}): Action {
  return {
    ...{ kind: 'fix-image', owner: 'mlops-specialist', target: WEB, disruption: DISRUPTION },
    risk: { level: 'medium', score: 0.3, reasons: ['it may fail'] },
    steps: changes.map((change) => ({ change, command: '' })),
    ...more,
  } as Action;
}
const lineOf = (one: Action, file: Omit<PolicyFile, 'version'>, around = AROUND) =>
  forbiddenBy(one, policyFrom({ version: 1, ...file }, 'test'), around)?.line;

describe('a line of the policy', () => {
  it.each<[string, Omit<PolicyFile, 'version'>, string | undefined]>([
    ['without any, nothing is forbidden', {}, undefined],
    ['a kind that is off', { actions: { off: ['fix-*'] } }, 'actions.off: fix-*'],
    ['another kind that is off', { actions: { off: ['delete-*'] } }, undefined],
    ['a kind that is not on', { actions: { only: ['roll-back-workload'] } }, 'actions.only'],
    ['a kind that is on', { actions: { only: ['fix-image'] } }, undefined],
    ['a protected namespace', { protected: { namespaces: ['sh*'] } }, 'protected.namespaces: sh*'],
    ['a protected kind', { protected: { kinds: ['Deployment'] } }, 'protected.kinds: Deployment'],
    [
      'a protected kind with its group',
      { protected: { kinds: ['Deployment.apps'] } },
      'protected.kinds: Deployment.apps',
    ],
    ['a kind of another group', { protected: { kinds: ['Deployment.example.com'] } }, undefined],
    [
      'a protected object',
      { protected: { objects: ['Deployment shop/web'] } },
      'protected.objects: Deployment shop/web',
    ],
    ['a protected label', { protected: { labels: { tier: 'gold' } } }, 'protected.labels: tier=gold'],
    ['another value of the label', { protected: { labels: { tier: 'silver' } } }, undefined],
    ['a verb that the owner has not', { roles: { 'mlops-specialist': ['scale', 'delete'] } }, 'roles.mlops-specialist'],
    ['a verb that it has', { roles: { 'mlops-specialist': ['patch'] } }, undefined],
    ['a verb that another role has not', { roles: { 'cryptography-agent': [] } }, undefined],
    ['a risk above the highest', { budgets: { risk: 'low' } }, 'budgets.risk: low'],
    ['the highest risk', { budgets: { risk: 'medium' } }, undefined],
    [
      'more pods than a phase may replace',
      { budgets: { blastRadius: { podsPerPhase: 5 } } },
      'budgets.blastRadius.podsPerPhase: 5',
    ],
    ['as many as it may', { budgets: { blastRadius: { podsPerPhase: 6 } } }, undefined],
    [
      'a larger share of all pods',
      { budgets: { blastRadius: { podShare: 0.25 } } },
      'budgets.blastRadius.podShare: 0.25 of 20 pods',
    ],
    [
      'no namespace',
      { budgets: { blastRadius: { namespacesPerPhase: 0 } } },
      'budgets.blastRadius.namespacesPerPhase: 0',
    ],
    [
      'more pods of a workload at once',
      { budgets: { disruption: { podsAtOnce: 1 } } },
      'budgets.disruption.podsAtOnce: 1',
    ],
  ])('%s', (_, file, expected) => {
    const found = forbiddenBy(action([patch]), policyFrom({ version: 1, ...file }, 'test'), AROUND);
    expect(found?.line).toBe(expected);
    if (found !== undefined && expected !== undefined) expect(found.reason).toContain(expected);
  });
  it('reaches everything that an action changes, and not its target alone', () => {
    const elsewhere: Change = {
      kind: 'delete',
      target: { group: '', kind: 'Service', namespace: 'payments', name: 'x' },
    };
    expect(lineOf(action([patch, elsewhere]), { protected: { namespaces: ['payments'] } })).toBe(
      'protected.namespaces: payments',
    );
    const made: Change = {
      kind: 'create',
      object: {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'x', namespace: 'shop', labels: { tier: 'gold' } },
      },
    };
    const target = { ...WEB, name: 'other' };
    expect(lineOf(action([made], { target }), { protected: { labels: { tier: 'gold' } } })).toBe(
      'protected.labels: tier=gold',
    );
    const namespace: Change = {
      kind: 'delete',
      target: { group: '', kind: 'Namespace', namespace: '', name: 'payments' },
    };
    expect(lineOf(action([namespace]), { protected: { namespaces: ['payments'] } })).toBe(
      'protected.namespaces: payments',
    );
  });
  it('leaves what persons do to persons', () => {
    const manual: Change = { kind: 'manual', instruction: 'Ask.' };
    expect(lineOf(action([manual]), { roles: { 'mlops-specialist': [] } })).toBeUndefined();
  });
  it('forbids changes to node pools in an Autopilot cluster', () => {
    const resize: Change = { kind: 'cloud', call: { operation: 'resize-node-pool', pool: 'p', from: 1, to: 2 } };
    const quota: Change = {
      kind: 'cloud',
      call: { operation: 'request-quota', metric: 'CPUS', region: 'r', from: 1, to: 2 },
    };
    const autopilot = { ...AROUND, isAutopilot: true };
    expect(lineOf(action([resize]), {}, autopilot)).toBe('GKE Autopilot');
    expect(lineOf(action([quota]), {}, autopilot)).toBeUndefined();
    expect(lineOf(action([resize]), {})).toBeUndefined();
  });
});
