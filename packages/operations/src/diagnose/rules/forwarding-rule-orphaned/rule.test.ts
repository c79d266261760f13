import { expect, it } from 'vitest';
import { check, describeRule, examine } from '../../rule.suite.ts';
import { NOW, object, service } from '../../scene.suite.ts';
import { rule } from './rule.ts';

const front = (name: string, ipAddress: string, made: string, kind = 'service') => ({
  name,
  region: 'us-central1',
  ipAddress,
  protocol: 'TCP',
  scheme: 'EXTERNAL',
  description: JSON.stringify({ [`kubernetes.io/${kind}-name`]: made }),
});
const web = service('web', { type: 'LoadBalancer' }, { status: { loadBalancer: { ingress: [{ ip: '34.1.2.3' }] } } });
const findings = (objects: readonly unknown[], ...forwardingRules: readonly ReturnType<typeof front>[]) =>
  check(rule, examine({ observedAt: NOW, objects, cloud: { forwardingRules } }));

describeRule(rule, import.meta.url, ({ failing }) => {
  it('is low for what bears the mark of this cluster, with its cost and the date of the price', () => {
    const [finding, ...others] = check(rule, failing);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      severity: 'low',
      facts: { madeFor: 'Service shop/old', isOwn: true, monthlyCost: 7.3 },
    });
    expect(finding?.message).toContain('about 7.30 USD a month (list price as of 2026-10)');
  });
  it('is information, with the doubt said, for what another cluster may have made', () => {
    const [finding] = findings([web], front('ad9690bde3d3b498c812ba08a96cdf54', '34.1.2.4', 'shop/old'));
    expect(finding?.severity).toBe('info');
    expect(finding?.message).toContain('Another cluster of the project may have made it');
  });
  it('knows Ingresses, and the mark that they share with the cluster', () => {
    const objects = [
      web,
      object('networking.k8s.io/v1', 'Ingress', 'other', { spec: {} }),
      object('v1', 'ConfigMap', 'ingress-uid', {
        metadata: { namespace: 'kube-system' },
        data: { uid: 'f00dcafe12345678' },
      }),
    ];
    const rules = [
      front('k8s-fw-shop-old--f00dcafe12345678', '34.1.2.4', 'shop/old', 'ingress'),
      front('k8s-fw-shop-other--f00dcafe12345678', '34.1.2.5', 'shop/other', 'ingress'),
    ];
    expect(findings(objects, ...rules).map(({ severity, facts }) => `${severity} ${String(facts['madeFor'])}`)).toEqual(
      ['low Ingress shop/old'],
    );
  });
  it('takes what was made for a namespace that is gone for left over', () => {
    const namespace = object('v1', 'Namespace', 'shop', { metadata: { namespace: undefined } });
    expect(findings([web, namespace], front('a1', '34.1.2.4', 'gone/web'))).toHaveLength(1);
    expect(findings([web], front('a1', '34.1.2.4', 'gone/web'))).toEqual([]);
  });
});
