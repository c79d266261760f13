import { expect, it } from 'vitest';
import { check, describeRule, examine } from '../../rule.suite.ts';
import { NOW, pod } from '../../scene.suite.ts';
import { history } from '../../usage/usage.suite.ts';
import { rule } from './rule.ts';

const containers = [{ name: 'app', resources: { limits: { cpu: '500m' } } }];
const objects = [pod('a', { containers }), pod('b', { containers })];

describeRule(rule, import.meta.url, ({ failing }) => {
  it('is information when a single moment was measured', () => {
    expect(check(rule, failing).map(({ severity }) => severity)).toEqual(['info']);
  });
  it.each([
    ['low for a 95th percentile of 96 %', 480, ['low']],
    ['low for one sample in ten at the limit', [100, 100, 100, 100, 100, 100, 100, 100, 100, 500], ['low']],
    ['information for 85 %', 425, ['info']],
    ['nothing for one sample in forty at the limit', [500, ...Array<number>(39).fill(100)], []],
  ])('gives %s', (_, cpu, severities) => {
    const usage = history([
      { pod: 'a', cpu },
      { pod: 'b', cpu: 50 },
    ]);
    const findings = check(rule, examine({ observedAt: NOW, objects, usage }));
    expect(findings.map(({ severity }) => severity)).toEqual(severities);
  });
  it('states use, limit and how much of time they cover', () => {
    const usage = history([
      { pod: 'a', cpu: 480 },
      { pod: 'b', cpu: 490 },
    ]);
    const [finding] = check(rule, examine({ observedAt: NOW, objects, usage }));
    expect(finding?.message).toContain(
      'uses 98 % of its CPU limit in 2 of 2 pods: 0.49 CPU of 0.5 CPU (95th percentile over 3 days)',
    );
    expect(finding?.evidence).toEqual([
      expect.objectContaining({ kind: 'metric', value: 490, unit: 'millicores', samples: 145 }),
      expect.objectContaining({ kind: 'field', path: 'spec.containers[0].resources.limits.cpu', value: '500m' }),
    ]);
  });
});
