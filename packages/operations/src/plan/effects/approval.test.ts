import type { Action, Change } from '@aia/contract';
import { describe, expect, it } from 'vitest';
import { policyFrom } from '../../policy/policy.ts';
import { actionOf, ref } from '../action.suite.ts';
import { approvalOf } from './approval.ts';
import { changedObjects } from './changed-objects.ts';
import { snapshotWith } from './changes.suite.ts';

const ENFORCE = 'pod-security.kubernetes.io/enforce';
const BOUNDS = [
  ['ResourceQuota', 'team', { hard: { pods: '2' } }],
  ['LimitRange', 'bounds', { limits: [] }],
] as const;
const SNAPSHOT = snapshotWith([
  ...BOUNDS.map(([kind, name, spec]) => ({ apiVersion: 'v1', kind, metadata: { name, namespace: 'shop' }, spec })),
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { [ENFORCE]: 'restricted' } } },
]);
const ANYBODY = policyFrom({ version: 1 }, 'test');
const PLATFORM = policyFrom(
  {
    version: 1,
    approvers: [
      { name: 'platform', for: ['namespace-bounds'] },
      { name: 'ops', for: ['high-risk'] },
    ],
  },
  'test',
);

function approved(changes: readonly Change[], policy = ANYBODY, more: Partial<Action> = {}) {
  const objects = changedObjects(changes, SNAPSHOT);
  return approvalOf({ ...actionOf('a', more), changes, objects }, policy);
}

function patched(kind: string, name: string, patch: Record<string, unknown>, namespace = 'shop'): Change {
  return { kind: 'patch', target: ref(name, { group: '', kind, namespace }), patch: { type: 'merge', patch } };
}

const labelled = (labels: Record<string, string>) => patched('Namespace', 'shop', { metadata: { labels } }, '');

describe('the approval of an action', () => {
  it('is nobody’s where it does nothing that wants one', () => {
    const change = patched('ConfigMap', 'settings', { metadata: { labels: { a: 'b' } } });
    expect(approved([change])).toEqual({ isNeeded: false, approvers: [], reasons: [] });
    expect(approved([change], PLATFORM).isNeeded).toBe(false);
  });

  it.each(BOUNDS)('is of whoever set a %s', (kind, name) => {
    const change = patched(kind, name, { metadata: { labels: { a: 'b' } } });
    const reasons = [`whoever set ${kind} shop/${name} has to agree`];
    expect(approved([change])).toEqual({ isNeeded: true, approvers: [], reasons });
    expect(approved([change], PLATFORM)).toEqual({ isNeeded: true, approvers: ['platform'], reasons });
  });

  it('is of whoever bounds a namespace, where it gets a LimitRange that it had not', () => {
    const metadata = { name: 'defaults', namespace: 'shop' };
    const object = { apiVersion: 'v1', kind: 'LimitRange', metadata, spec: { limits: [] } };
    expect(approved([{ kind: 'create', object }]).reasons).toEqual([
      'whoever set the bounds of namespace shop has to agree',
    ]);
  });

  it('is of whoever set the Pod Security level of a namespace, where that becomes another', () => {
    expect(approved([labelled({ [ENFORCE]: 'baseline' })], PLATFORM)).toEqual({
      ...{ isNeeded: true, approvers: ['platform'] },
      reasons: ['whoever set the Pod Security level of namespace shop has to agree'],
    });
    expect(approved([labelled({ team: 'a' })], PLATFORM).isNeeded).toBe(false);
  });

  it('is of a person, with the reason, where it has a high risk, ends something or cannot be undone', () => {
    const { approvers, reasons } = approved([], PLATFORM, {
      risk: { level: 'high', score: 0.9, reasons: [] },
      inverse: { kind: 'irreversible', reason: 'gone' },
    });
    expect(approvers).toEqual(['ops']);
    expect(reasons).toEqual(['it cannot be undone', 'its risk is high']);
  });
});
