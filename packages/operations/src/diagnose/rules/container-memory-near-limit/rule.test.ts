import { expect, it } from 'vitest';
import { check, describeRule, examine } from '../../rule.suite.ts';
import { ago, NOW, pod, state } from '../../scene.suite.ts';
import { history, moment } from '../../usage/usage.suite.ts';
import { rule } from './rule.ts';

const MIB = 2 ** 20;
const containers = [{ name: 'app', resources: { limits: { memory: '512Mi' } } }];
const web = (name: string, more = {}) => pod(name, { containers, ...more });

describeRule(rule, import.meta.url, ({ failing }) => {
  it('stays low and says so when a single moment was measured', () => {
    const [finding, ...others] = check(rule, failing);
    expect(others).toEqual([]);
    expect(finding?.severity).toBe('low');
    expect(finding?.message).toContain('95 % of its memory limit in 1 of 2 pods: 490 MiB of 512 MiB at the one moment');
  });
  it('goes by the peak of a history, and names the workload once for all its pods', () => {
    const usage = history([
      { pod: 'a', memory: [100 * MIB, 100 * MIB, 480 * MIB] },
      { pod: 'b', memory: 470 * MIB },
      { pod: 'c', memory: 100 * MIB },
    ]);
    const [finding, ...others] = check(
      rule,
      examine({ observedAt: NOW, objects: [web('a'), web('b'), web('c')], usage }),
    );
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      severity: 'medium',
      facts: {
        used: 480 * MIB,
        allowed: 512 * MIB,
        share: 0.938,
        basis: 'history',
        pods: ['shop/a', 'shop/b'],
        measuredPods: 3,
      },
    });
    expect(finding?.message).toContain('(peak over 3 days)');
  });
  it.each([
    ['information for a peak of 85 %', history([{ pod: 'a', memory: 436 * MIB }]), ['info']],
    ['information for a moment of 85 %', moment([{ pod: 'a', memory: 436 * MIB }]), ['info']],
    ['nothing below 80 %', history([{ pod: 'a', memory: 409 * MIB }]), []],
    ['low for a history of half a day', history([{ pod: 'a', memory: 500 * MIB }], 12), ['low']],
    ['nothing without memory usage', history([{ pod: 'a', cpu: 5000 }]), []],
  ])('gives %s', (_, usage, severities) => {
    const findings = check(rule, examine({ observedAt: NOW, objects: [web('a')], usage }));
    expect(findings.map(({ severity }) => severity)).toEqual(severities);
  });
  it('leaves to container-oom-killed what was killed', () => {
    const killed = state.waiting('CrashLoopBackOff', '', { restartCount: 4, ...state.last(137, 'OOMKilled') });
    const objects = [web('a', { statuses: [killed], metadata: { uid: 'uid-a' } })];
    expect(
      check(rule, examine({ observedAt: NOW, objects, usage: history([{ pod: 'a', memory: 500 * MIB }]) })),
    ).toEqual([]);
  });
  it('judges sidecars, which run as long as the pod, and no other init container', () => {
    const init = (name: string, restartPolicy?: string) => ({
      ...containers[0],
      name,
      ...(restartPolicy && { restartPolicy }),
    });
    const objects = [web('a', { spec: { initContainers: [init('migrate'), init('proxy', 'Always')] } })];
    const usage = history(['migrate', 'proxy'].map((container) => ({ pod: 'a', container, memory: 500 * MIB })));
    expect(check(rule, examine({ observedAt: NOW, objects, usage })).map(({ facts }) => facts['container'])).toEqual([
      'proxy',
    ]);
  });
  it('leaves out finished pods, pods being deleted and namespaces that are not judged', () => {
    const objects = [web('a', { phase: 'Succeeded' }), web('b', { metadata: { deletionTimestamp: ago(0) } })];
    const usage = history(['a', 'b'].map((name) => ({ pod: name, memory: 500 * MIB })));
    expect(check(rule, examine({ observedAt: NOW, objects, usage }))).toEqual([]);
  });
});
