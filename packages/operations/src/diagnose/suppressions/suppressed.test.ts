/** What suppressions do to a whole assessment. */
import { refText } from '@aia/cluster';
import type { Assessment } from '@aia/contract';
import { describe, expect, it } from 'vitest';
import { assess } from '../../assess.ts';
import { examine } from '../rule.suite.ts';
import { condition, deployment, node, NOW, object, pod, replicaSet, service, state } from '../scene.suite.ts';
import type { Suppression } from './suppression.ts';

const UNTIL = Date.parse('2026-01-01');
const entry = (code: string, object_: string, expiresAt = UNTIL): Suppression => ({
  ...{ code, object: object_, expiresAt },
  reason: 'known',
  owner: 'platform',
});
const crashing = () => state.waiting('CrashLoopBackOff', '', { restartCount: 12, ...state.last(1, 'Error') });
/** A Deployment of which one of two pods crashes. */
const broken = [
  node(),
  deployment(2, 1, { status: { conditions: [condition('Available', 'False')] } }),
  replicaSet('web-1', 2, 1),
  pod('web-1-a'),
  pod('web-1-b', { statuses: [crashing()] }),
];
function assessed(objects: readonly unknown[], suppressions?: readonly Suppression[], more: object = {}): Assessment {
  const { snapshot } = examine({ observedAt: NOW, ...more, objects });
  return assess(snapshot, { version: 'test', ...(suppressions && { suppressions }) });
}
const partOf = ({ verdict }: Assessment, name: string) => verdict.components.find((one) => one.name === name)?.value;

describe('suppressed findings', () => {
  it('stand apart, make no cause, and cost no score', () => {
    const before = assessed(broken);
    const after = assessed(broken, [entry('*', 'Deployment shop/web')]);
    expect(before.rootCauses).toHaveLength(1);
    expect(before.cluster.pods).toEqual({ total: 2, succeeding: 1, failing: 1 });
    expect([after.rootCauses, after.findings]).toEqual([[], []]);
    expect(after.suppressed?.map(({ id }) => id).toSorted()).toEqual(before.findings.map(({ id }) => id).toSorted());
    expect(after.cluster.pods).toEqual({ total: 1, succeeding: 1, failing: 0 });
    expect([before.verdict.status, after.verdict.status]).toEqual(['not-ready', 'ready']);
    expect([partOf(after, 'pods'), partOf(after, 'root causes')]).toEqual([1, 1]);
    expect(after.suppressions).toEqual([
      { ...entry('*', 'Deployment shop/web'), expired: false, findings: before.findings.length },
    ]);
  });
  it('leave the cause standing with what else it explains, and the chain whole', () => {
    const after = assessed(broken, [entry('container-crash-loop', 'Pod shop/web-1-b')]);
    const [cause, ...others] = after.rootCauses;
    expect(others).toEqual([]);
    expect(cause?.explains.map((id) => id.split(':')[0])).toEqual(['deployment-unavailable']);
    expect(cause?.chain.map(({ from, to }) => [from === cause.id, to.split(':')[0]])).toEqual([
      [true, 'deployment-unavailable'],
    ]);
    // What led there is still the evidence.
    expect(cause?.chain[0]?.evidence.map((one) => ('path' in one ? one.path : one.kind))).toContainEqual(
      expect.stringContaining('containerStatuses'),
    );
  });
  it('of one pod do not excuse another of the same workload', () => {
    const two = [...broken, pod('web-1-c', { statuses: [crashing()] })];
    const after = assessed(two, [entry('*', 'Pod shop/web-1-b')]);
    expect(after.cluster.pods).toEqual({ total: 2, succeeding: 1, failing: 1 });
  });
  it('of a full quota take it out of the score', () => {
    const cloud = { quotas: [{ metric: 'CPUS', region: 'us-central1', limit: 8, usage: 8 }] };
    const region = { 'topology.kubernetes.io/region': 'us-central1' };
    const placed = [object('v1', 'Node', 'n1', { metadata: { namespace: undefined, labels: region } })];
    const of = (suppressions: readonly Suppression[]) => partOf(assessed(placed, suppressions, { cloud }), 'quota');
    expect([of([]), of([entry('quota-exhausted', 'Quota us-central1/CPUS')])]).toEqual([0, 1]);
  });
  it('of many load balancers take them out of the score', () => {
    const many = Array.from({ length: 6 }, (_, i) => service(`s${i}`, { type: 'LoadBalancer' }));
    const addressed = many.map((one) => ({ ...one, status: { loadBalancer: { ingress: [{ ip: '203.0.113.1' }] } } }));
    const of = (suppressions: readonly Suppression[]) => partOf(assessed(addressed, suppressions), 'load balancers');
    expect([of([]), of([entry('load-balancer-proliferation', '*')])]).toEqual([0, 1]);
  });
  it('count again from the day on', () => {
    const after = assessed(broken, [entry('*', 'Deployment shop/web', Date.parse(NOW))]);
    expect(after.rootCauses).toHaveLength(1);
    expect(after.findings.map(({ code, resource }) => `${code} ${refText(resource)}`)).toContain(
      'suppression-expired Suppression * Deployment shop/web',
    );
    expect(after.suppressions?.map(({ expired, findings }) => [expired, findings])).toEqual([[true, 0]]);
  });
  it('are not spoken of where no file was given', () => {
    expect(Object.keys(assessed(broken))).not.toContain('suppressed');
  });
});
