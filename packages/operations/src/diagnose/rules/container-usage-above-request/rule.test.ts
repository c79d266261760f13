import { expect, it } from 'vitest';
import { check, describeRule, examine } from '../../rule.suite.ts';
import { NOW, pod, state } from '../../scene.suite.ts';
import { history, moment } from '../../usage/usage.suite.ts';
import { rule } from './rule.ts';

const MIB = 2 ** 20;
const objects = [
  pod('a', { containers: [{ name: 'app', resources: { requests: { cpu: '100m', memory: '512Mi' } } }] }),
];

describeRule(rule, import.meta.url, ({ failing }) => {
  it('stays low when a single moment was measured', () => {
    const [finding, ...others] = check(rule, failing);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ severity: 'low', facts: { resource: 'memory', basis: 'moment' } });
  });
  it.each([
    ['medium for memory far above', history([{ pod: 'a', memory: 900 * MIB }]), ['medium memory']],
    ['information for memory just above', history([{ pod: 'a', memory: 600 * MIB }]), ['info memory']],
    ['low for memory far above at one moment', moment([{ pod: 'a', memory: 900 * MIB }]), ['low memory']],
    ['low for CPU far above', history([{ pod: 'a', cpu: 250 }]), ['low cpu']],
    ['information for CPU just above', history([{ pod: 'a', cpu: 150 }]), ['info cpu']],
    ['both where both are', history([{ pod: 'a', cpu: 250, memory: 900 * MIB }]), ['medium memory', 'low cpu']],
    ['nothing for use of the very request', history([{ pod: 'a', cpu: 100, memory: 512 * MIB }]), []],
    ['nothing for a rare burst', history([{ pod: 'a', cpu: [900, ...Array<number>(39).fill(50)] }]), []],
  ])('gives %s', (_, usage, expected) => {
    const findings = check(rule, examine({ observedAt: NOW, objects, usage }));
    expect(findings.map(({ severity, facts }) => `${severity} ${String(facts['resource'])}`)).toEqual(expected);
  });
  it('calls memory low that is far above a tiny request', () => {
    const tiny = [pod('a', { containers: [{ name: 'app', resources: { requests: { memory: '16Mi' } } }] })];
    const findings = check(
      rule,
      examine({ observedAt: NOW, objects: tiny, usage: history([{ pod: 'a', memory: 60 * MIB }]) }),
    );
    expect(findings.map(({ severity }) => severity)).toEqual(['low']);
  });
  it('leaves the memory of a container that was OOM-killed to container-oom-killed, not its CPU', () => {
    const killed = state.running({ restartCount: 3, ...state.last(137, 'OOMKilled') });
    const [one] = objects;
    const looping = pod('a', { statuses: [killed], containers: (one as { spec: { containers: [] } }).spec.containers });
    const usage = history([{ pod: 'a', cpu: 250, memory: 900 * MIB }]);
    expect(
      check(rule, examine({ observedAt: NOW, objects: [looping], usage })).map(({ facts }) => facts['resource']),
    ).toEqual(['cpu']);
  });
});
