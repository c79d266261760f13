import type { PolicyFile } from '@aia/contract';
import { describe, expect, it } from 'vitest';
import { contradictionsOf, faultText } from './contradictions.ts';
import { policyFrom } from './policy.ts';

const KINDS = ['delete-service', 'fix-image', 'roll-back-workload'];
const faults = (file: Omit<PolicyFile, 'version'>) =>
  contradictionsOf(policyFrom({ version: 1, ...file }, 'test'), KINDS).map(faultText);

const NOBODY = {
  'main-orchestrator': [],
  'gcp-deployment-orchestrator': [],
  'cryptography-agent': [],
  'production-readiness-assessor': [],
  'mlops-specialist': [],
  'threejs-ui-optimizer': [],
} as const;

describe('a policy without contradictions', () => {
  it.each<[string, Omit<PolicyFile, 'version'>]>([
    ['that says nothing', {}],
    ['that protects most', { protected: { namespaces: ['kube-*', '*-prod'], kinds: ['*.example.com'] } }],
    [
      'that protects kinds of whoever wrote them',
      {
        protected: { kinds: ['Deplyer', 'Cluster.example.com', 'Deployment.apps', 'Web*'], objects: ['Shop shop/web'] },
      },
    ],
    ['that protects by labels', { protected: { labels: { 'aia.dev/protected': 'true', tier: '*' } } }],
    ['that demands a saving', { budgets: { money: { monthly: -100 } } }],
    ['that lets no pod be replaced', { budgets: { blastRadius: { podsPerPhase: 0 }, disruption: { outages: 0 } } }],
    ['that takes kinds out by a pattern', { actions: { off: ['delete-*'], only: ['*'] } }],
    ['whose roles may do little', { roles: { 'mlops-specialist': [] } }],
    ['with a window that comes once in four years', { windows: [{ schedule: '0 0 29 2 *', minutes: 60 }] }],
  ])('%s', (_, file) => {
    expect(faults(file)).toEqual([]);
  });
});

describe('a policy that contradicts itself', () => {
  it.each<[string, Omit<PolicyFile, 'version'>, string]>([
    ['protects every namespace', { protected: { namespaces: ['shop', '**'] } }, 'protected.namespaces[1]: '],
    ['protects every kind', { protected: { kinds: ['*'] } }, 'protected.kinds[0]: '],
    ['names objects by half', { protected: { objects: ['web'] } }, 'protected.objects[0]: "web" is no KIND'],
    ['protects a kind in the plural', { protected: { kinds: ['deployments'] } }, 'did you mean "Deployment"?'],
    [
      'protects a kind that is mistyped',
      { protected: { kinds: ['PersistantVolumeClaim'] } },
      '"PersistentVolumeClaim"?',
    ],
    ['protects a group of it', { protected: { kinds: ['ingresses.networking.k8s.io'] } }, 'did you mean "Ingress"?'],
    ['protects an object of a kind that is not', { protected: { objects: ['deployment shop/web'] } }, '"Deployment"?'],
    ['protects a namespace that cannot be', { protected: { namespaces: ['Shop'] } }, 'protected.namespaces[0]: "Shop"'],
    ['protects by a label and its value', { protected: { labels: { 'a=b': '' } } }, '"a=b" protects nothing'],
    ['lets nobody do anything', { roles: NOBODY }, 'roles: '],
    ['allows what it takes out', { actions: { off: ['fix-*'], only: ['fix-image'] } }, 'actions.only[0]: "fix-image"'],
    ['takes every kind out', { actions: { off: ['*'] } }, 'actions: no kind of action is left'],
    ['names a kind that is not', { actions: { off: ['fix-imagge'] } }, 'did you mean "fix-image"?'],
    ['has a schedule that is none', { windows: [{ schedule: '61 * * * *', minutes: 5 }] }, 'windows[0].schedule: '],
    ['has a schedule that never comes', { windows: [{ schedule: '0 0 30 2 *', minutes: 5 }] }, 'never comes'],
    [
      'has a time zone that is none',
      { windows: [{ schedule: '0 0 * * *', minutes: 5, timeZone: 'Mars/One' }] },
      'windows[0].timeZone: "Mars/One"',
    ],
    ['has a window of no length', { windows: [{ schedule: '0 0 * * *', minutes: 0 }] }, 'windows[0].minutes: '],
    ['has an approver of nothing', { approvers: [{ name: 'ops', for: [] }] }, 'approvers[0].for: "ops"'],
    [
      'has one approver twice',
      {
        approvers: [
          { name: 'ops', for: ['cloud'] },
          { name: 'ops', for: ['delete'] },
        ],
      },
      'approvers[1].name: ',
    ],
    ['allows no action', { budgets: { blastRadius: { actions: 0 } } }, 'budgets.blastRadius.actions: '],
    [
      'counts in money without prices',
      { budgets: { money: { monthly: 5, currency: 'EUR' } } },
      'budgets.money.currency: ',
    ],
    ['aims at an empty band', { targets: { utilisation: { min: 0.7, max: 0.7 } } }, 'targets.utilisation: min 0.7'],
    ['aims below zero', { targets: { loadBalancers: 0 } }, 'targets.loadBalancers: '],
  ])('%s', (_, file, expected) => {
    const found = faults(file);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(expected);
  });
});
