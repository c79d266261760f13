import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  const found = new Map(check(rule, failing).map((finding) => [finding.resource.name, finding]));
  it.each<[string, string, object]>([
    ['no-such-class', 'high', { cause: 'class-missing', storageClass: 'fast', pods: ['shop/a'] }],
    ['no-class', 'medium', { cause: 'no-class', pods: [] }],
    [
      'refused',
      'high',
      { cause: 'provisioning-failed', refusal: 'quota', metric: 'SSD_TOTAL_GB', region: 'us-central1' },
    ],
    ['silent', 'medium', { cause: 'provisioner-silent', provisioner: 'pd.csi.storage.gke.io' }],
    ['by-hand', 'high', { cause: 'no-volume', storageClass: 'local' }],
    ['taken', 'medium', { cause: 'mismatch', volume: 'pv-other' }],
    ['unfit', 'medium', { cause: 'mismatch', volume: 'pv-unfit' }],
    ['later', 'low', { cause: 'waits-for-pod', pods: ['shop/d'] }],
    ['nobody', 'info', { cause: 'waits-for-pod', pods: [] }],
    ['data-db-0', 'high', { cause: 'class-missing', storageClass: 'fast' }],
  ])('%s is %s', (name, severity, facts) => {
    expect(found.get(name)).toMatchObject({ severity, facts });
  });
  it('judges each claim once', () => {
    expect(found.size).toBe(10);
  });
  it('prefers the words of a refusal to the repeated note that the provisioner was asked', () => {
    expect(found.get('refused')?.message).toContain('failed to provision volume');
    expect(found.get('refused')?.evidence[0]).toMatchObject({ kind: 'event', reason: 'ProvisioningFailed' });
  });
});
