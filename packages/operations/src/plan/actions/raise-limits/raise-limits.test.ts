import { describe, expect, it } from 'vitest';
import { ACTION_KINDS } from '../../catalogue.ts';
import { planningWith } from '../../capacity/usage-scene.suite.ts';
import { clusterWith, deployment, proposalsOf, put, rollOut, tried } from '../../trial.suite.ts';
import { raiseLimits } from './raise-limits.ts';

const MIB = 2 ** 20;
const memory = (limit: string, request = '64Mi') => ({
  resources: { requests: { cpu: '100m', memory: request }, limits: { memory: limit } },
});

/** A program that takes so much a minute after its start, whatever it may. */
function needing(mib: number, limit: string, lowered?: string, more: readonly object[] = []) {
  const cluster = clusterWith(more);
  cluster.behave({
    container: ({ container }) =>
      container === 'app'
        ? { usage: (ms) => ({ cpuMillis: 20, memoryBytes: Math.min(1, ms / 60_000) * mib * MIB }) }
        : undefined,
  });
  put(cluster, [deployment('web', {}, memory(limit))]);
  cluster.clock.advance(600_000);
  if (lowered !== undefined)
    rollOut(cluster, 'web', { containers: [{ name: 'app', resources: { limits: { memory: lowered } } }] });
  return cluster;
}

function limitOf(planning: ReturnType<typeof planningWith>) {
  const [remedy] = proposalsOf(raiseLimits, planning);
  const draft = remedy?.drafts.find(({ kind }) => kind === 'raise-limits');
  const [change] = draft?.changes ?? [];
  return { remedy, text: JSON.stringify(change ?? null), confidence: draft?.confidence };
}

describe('a container that is killed at its limit', () => {
  it('gets what it took under an earlier, higher limit, with the margin', () => {
    const cluster = needing(200, '400Mi', '128Mi');
    const earlier = planningWith(cluster)
      .snapshot.list('ReplicaSet')
      .find(({ spec }) => spec?.replicas === 0);
    const planning = planningWith(
      cluster,
      {},
      { gone: { [`${earlier?.metadata.name ?? ''}-x2b4k`]: { cpu: 20, memory: 200 } } },
    );
    const { text, remedy, confidence } = limitOf(planning);
    // 230 MiB, rounded up to eights.
    expect(text).toContain('"limits":{"memory":"232Mi"}');
    expect(remedy?.fit).toBe(1);
    expect(confidence).toBeGreaterThan(0.85);
  });

  it('gets the earlier limit back where nothing was measured, and is not killed on the twin', () => {
    const planning = planningWith(needing(200, '400Mi', '128Mi'));
    const { text, remedy } = limitOf(planning);
    expect(text).toContain('"memory":"400Mi"');
    const { outcomes, causes } = tried(ACTION_KINDS, remedy as never, planning);
    expect(outcomes).toEqual(['held']);
    expect(causes).not.toContain('memory-limit-too-low');
  });

  it('gets twice as much where nothing tells its need, which is less sure', () => {
    const { text, confidence, remedy } = limitOf(planningWith(needing(200, '128Mi')));
    expect(text).toContain('"memory":"256Mi"');
    expect(confidence).toBeLessThan(0.7);
    expect(remedy?.drafts[0]?.reason).toContain('not known');
  });

  it('gets no more than any node has', () => {
    expect(proposalsOf(raiseLimits, planningWith(needing(20_000, '15Gi')))).toEqual([]);
  });

  it('has the quota of its namespace raised with it', () => {
    const quota = {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'team', namespace: 'shop' },
      spec: { hard: { 'limits.memory': '400Mi' } },
    };
    const planning = planningWith(needing(200, '128Mi', undefined, [quota]));
    const { remedy } = limitOf(planning);
    expect(remedy?.drafts.map(({ kind }) => kind)).toEqual(['adjust-resource-quota', 'raise-limits']);
    expect(remedy?.drafts[1]?.after).toHaveLength(1);
    expect(tried(ACTION_KINDS, remedy as never, planning).outcomes).toEqual(['held', 'held']);
  });

  it('is left alone where a LimitRange forbids more', () => {
    const limits = [{ type: 'Container', max: { memory: '400Mi' } }];
    const range = {
      apiVersion: 'v1',
      kind: 'LimitRange',
      metadata: { name: 'bounds', namespace: 'shop' },
      spec: { limits },
    };
    expect(proposalsOf(raiseLimits, planningWith(needing(900, '300Mi', undefined, [range])))).toEqual([]);
  });
});
