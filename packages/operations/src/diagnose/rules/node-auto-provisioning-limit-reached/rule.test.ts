import { expect, it } from 'vitest';
import { check, describeRule, examine } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('names the resource that leaves no room for the smallest node', () => {
    const [finding, ...others] = check(rule, failing);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ severity: 'low', facts: { resource: 'cpu', maximum: 10, used: 8 } });
    expect(finding?.message).toBe(
      'Node auto-provisioning may use 10 of cpu and the nodes have 8; no further node fits.',
    );
  });
  it('counts accelerators by their type', () => {
    const gpu = (name: string) => ({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name, labels: { 'cloud.google.com/gke-accelerator': 'nvidia-tesla-t4' } },
      status: { capacity: { cpu: '4', memory: '16Gi', 'nvidia.com/gpu': '2' } },
    });
    const { cluster } = failing.snapshot.cloud;
    const limited = (maximum: number) =>
      examine({
        objects: [gpu('g1'), gpu('g2')],
        cloud: { cluster: cluster && { ...cluster, provisioningLimits: [{ resource: 'nvidia-tesla-t4', maximum }] } },
      });
    expect(check(rule, limited(5)).map(({ facts }) => facts['used'])).toEqual([4]);
    expect(check(rule, limited(6))).toEqual([]);
  });
});
