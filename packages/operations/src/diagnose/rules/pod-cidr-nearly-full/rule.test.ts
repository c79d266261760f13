import type { NodePool } from '@aia/cluster';
import { expect, it } from 'vitest';
import { check, describeRule, examine } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing, passing }) => {
  it('is medium when no further node fits and the cluster may grow', () => {
    const [finding, ...others] = check(rule, failing);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      severity: 'medium',
      facts: { cidr: '10.4.0.0/22', share: 1, pools: ['a'], furtherNodes: 0 },
    });
    expect(finding?.message).toBe(
      '100 % of range 10.4.0.0/22, from which the pods of a get their addresses, is taken; it has room for no further nodes.',
    );
  });
  it.each<[string, Partial<NodePool>, readonly unknown[]]>([
    ['low for pools of a fixed size', { autoscaling: undefined }, [['low', 0]]],
    ['low while a block is left', { podRange: { cidr: '10.4.0.0/22', nodeMask: 25, share: 0.875 } }, [['low', 1]]],
    [
      'by the share that is stated, where nothing else is',
      { podRange: { cidr: '10.4.0.0/14', nodeMask: undefined, share: 0.9 } },
      [['low', undefined]],
    ],
    ['none for ranges that are no ranges', { podRange: { cidr: 'secondary', nodeMask: 24, share: undefined } }, []],
  ])('is %s', (_, changes, expected) => {
    const { cluster } = failing.snapshot.cloud;
    const nodePools = (cluster?.nodePools ?? []).map((pool) => ({ ...pool, ...changes }));
    const cloud = { cluster: cluster && { ...cluster, nodePools } };
    const findings = check(rule, examine({ objects: failing.snapshot.objects, cloud }));
    expect(findings.map(({ severity, facts }) => [severity, facts['furtherNodes']])).toEqual(expected);
  });
  it('stays silent without the description of the cluster', () => {
    expect(check(rule, examine({ objects: passing.snapshot.objects }))).toEqual([]);
  });
});
