import { describe, expect, it } from 'vitest';
import { DEPLOYMENTS } from '../api/built-in-types.ts';
import { Symptoms } from './symptoms.suite.ts';

const TARGET = 'search/indexer';

describe('faults of resources', () => {
  it.each([30, 60, 90])('memory-limit-too-low: the kernel kills it (%d %)', (share) => {
    const symptoms = new Symptoms('memory-limit-too-low', { target: TARGET, parameters: { share } });
    expect(symptoms.states('search', 'indexer')).toEqual([
      'indexer CrashLoopBackOff: back-off TIME restarting failed container=indexer pod=POD_search(UID)',
      'indexer ended OOMKilled 137',
    ]);
    const { cluster } = symptoms;
    cluster.api.change(
      DEPLOYMENTS,
      'search',
      'indexer',
      (now) => JSON.parse(JSON.stringify(now).replace(/("limits":\{[^}]*"memory":)"\w+"/, '$1"1800Mi"')) as typeof now,
    );
    cluster.clock.advance(600_000);
    expect(symptoms.states('search', 'indexer')).toEqual([]);
    expect(symptoms.fault.isGone?.(cluster)).toBe(true);
  });

  it('memory-leak: killed again and again, as long after each start', () => {
    const symptoms = new Symptoms('memory-leak', { target: TARGET, parameters: { minutes: 10 } });
    const [container] = symptoms.pods('search', 'indexer').flatMap(({ status }) => status?.containerStatuses ?? []);
    expect(container?.restartCount).toBeGreaterThanOrEqual(2);
    const { reason, exitCode, startedAt, finishedAt } = container?.lastState?.terminated ?? {};
    expect({ reason, exitCode }).toEqual({ reason: 'OOMKilled', exitCode: 137 });
    const lived = Date.parse(finishedAt ?? '') - Date.parse(startedAt ?? '');
    expect(Math.abs(lived - 600_000)).toBeLessThanOrEqual(1000);
  });

  it.each([
    ['layer', 'Container indexer exceeded its local ephemeral storage limit "1Gi". '],
    ['volume', 'Usage of EmptyDir volume "scratch" exceeds the limit "512Mi". '],
  ])('ephemeral-storage-exceeded: evicted for its %s', (where, message) => {
    const symptoms = new Symptoms('ephemeral-storage-exceeded', { target: TARGET, parameters: { where, minutes: 3 } });
    const evicted = symptoms.pods('search', 'indexer').filter(({ status }) => status?.reason === 'Evicted');
    expect(evicted.length).toBeGreaterThanOrEqual(2);
    for (const { status } of evicted) expect(status).toMatchObject({ phase: 'Failed', message });
    expect(symptoms.warnings('Pod search/indexer')).toContain(`Evicted: ${message}`);
  });

  it('requests-far-above-use: pods wait for CPU that nobody uses, and no pool grows', () => {
    const symptoms = new Symptoms('requests-far-above-use');
    const waiting = ['shop', 'payments', 'search'].flatMap((namespace) => symptoms.unscheduled(namespace));
    expect(waiting.length).toBeGreaterThan(0);
    for (const text of waiting) expect(text).toMatch(/^Unschedulable: 0\/6 nodes are available: .*Insufficient cpu/);
    expect(symptoms.fault.touched).toContain('node pool default-pool');
    symptoms.repair();
    for (const namespace of ['shop', 'payments', 'search']) expect(symptoms.unscheduled(namespace)).toEqual([]);
  });
});
