import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('is low only where it may be a matter of seconds', () => {
    const found = check(rule, failing).map(({ resource, severity }) => `${resource.name} ${severity}`);
    expect(found.sort()).toEqual(['long medium', 'said medium', 'stuck medium', 'unknown low']);
  });
  it('says what holds the volume', () => {
    const found = new Map(check(rule, failing).map(({ resource, message }) => [resource.name, message]));
    expect(found.get('said')).toContain('volume is still attached to node n1');
    expect(found.get('stuck')).toContain('finalizers external-attacher/pd-csi-storage-gke-io are left');
  });
});
