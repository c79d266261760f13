import { describe, expect, it } from 'vitest';
import { DEPLOYMENTS } from '../api/built-in-types.ts';
import { Symptoms } from './symptoms.suite.ts';

const UNHELPFUL =
  'no new claims to deallocate, preemption: 0/6 nodes are available: 6 Preemption is not helpful for scheduling.';
const NO_VICTIMS =
  'no new claims to deallocate, preemption: 0/6 nodes are available: 6 No preemption victims found for incoming pod.';

/** Source: the filters of kube-scheduler 1.36, `pkg/scheduler/framework/plugins`; no further node of the pools would take these pods. */
const WAITING = [
  [
    'node-selector-unmatched',
    { form: 'selector' },
    `6 node(s) didn't match Pod's node affinity/selector. ${UNHELPFUL}`,
  ],
  [
    'node-selector-unmatched',
    { form: 'affinity' },
    `6 node(s) didn't match Pod's node affinity/selector. ${UNHELPFUL}`,
  ],
  ['anti-affinity-unmet', { extra: 2 }, `6 node(s) didn't match pod anti-affinity rules. ${NO_VICTIMS}`],
  [
    'spread-unsatisfiable',
    {},
    `6 node(s) didn't match pod topology spread constraints (missing required label). ${UNHELPFUL}`,
  ],
  ['host-port-conflict', {}, `6 node(s) didn't have free ports for the requested pod ports. ${NO_VICTIMS}`],
  ['pod-too-large', { resource: 'cpu' }, `6 Insufficient cpu. ${UNHELPFUL}`],
  ['pod-too-large', { resource: 'memory', factor: 4 }, `6 Insufficient memory. ${UNHELPFUL}`],
  ['gpu-not-offered', { count: 2 }, `6 Insufficient nvidia.com/gpu. ${UNHELPFUL}`],
] as const;

describe('faults of scheduling', () => {
  it.each(WAITING)('%s %o leaves pods that wait, as the scheduler says', (kind, parameters, text) => {
    const symptoms = new Symptoms(kind, { target: 'shop/storefront', parameters });
    expect(symptoms.fault.truth.entities).toContain('Deployment shop/storefront');
    expect(symptoms.unscheduled('shop', 'storefront')).toEqual([`Unschedulable: 0/6 nodes are available: ${text}`]);
    expect(symptoms.warnings('Pod shop/storefront')).toContain(`FailedScheduling: 0/6 nodes are available: ${text}`);
    expect(symptoms.repair().unscheduled('shop')).toEqual([]);
  });

  it('scheduling-gate-left holds pods back without an event', () => {
    const symptoms = new Symptoms('scheduling-gate-left', { target: 'shop/storefront' });
    expect(symptoms.unscheduled('shop')).toEqual([
      'SchedulingGated: Scheduling is blocked due to non-empty scheduling gates',
    ]);
    const [gated] = symptoms.pods('shop').filter(({ spec }) => (spec?.schedulingGates ?? []).length > 0);
    expect(gated?.status?.phase).toBe('Pending');
    expect(symptoms.warnings('Pod shop/storefront')).toEqual([]);
  });

  it('priority-class-missing keeps pods from being made', () => {
    const symptoms = new Symptoms('priority-class-missing', { target: 'shop/storefront' });
    const refused = symptoms.warnings('ReplicaSet shop/storefront');
    expect(refused).toHaveLength(1);
    expect(refused[0]).toMatch(
      /^FailedCreate: Error creating: pods "storefront-[a-z0-9]+-" is forbidden: no PriorityClass with name storefront-critical was found$/,
    );
    const { status } = symptoms.cluster.api.store.get(DEPLOYMENTS, 'shop', 'storefront') ?? {};
    expect(status?.conditions?.find(({ type }) => type === 'ReplicaFailure')).toMatchObject({
      status: 'True',
      reason: 'FailedCreate',
    });
  });

  it('priority-inversion preempts pods that serve', () => {
    const symptoms = new Symptoms('priority-inversion', { target: 'shop/storefront' });
    const preempted = symptoms.events('Pod ', ({ reason }) => reason === 'Preempted');
    expect(preempted.length).toBeGreaterThan(0);
    expect(preempted[0]).toMatch(/^Preempted: Preempted by pod [0-9a-f-]{36} on node gke-example-/);
    expect(
      ['shop', 'payments', 'search'].flatMap((namespace) => symptoms.unscheduled(namespace)).length,
    ).toBeGreaterThan(0);
  });
});
