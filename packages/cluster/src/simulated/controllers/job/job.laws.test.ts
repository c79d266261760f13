import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Job, Pod } from '../../../model/kinds.ts';
import { JOBS } from '../../api/built-in-types.ts';
import { isActive } from '../pod-state.ts';
import { finish, workloadCluster } from '../workload-cluster.suite.ts';
import { jobController } from './job-controller.ts';
import { indexesText, parseIndexes } from './indexes.ts';
import { hasCondition, isTracked, jobStatusOf } from './job-pods.ts';

const labels = { 'batch.kubernetes.io/job-name': 'sum' };

it('a Job counts each end once, runs no more pods than it may, and comes to an end', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 0, max: 4 }),
      fc.boolean(),
      fc.infiniteStream(fc.tuple(fc.boolean(), fc.integer({ min: 100, max: 9000 }))),
      (completions, parallelism, backoffLimit, isIndexed, ends) => {
        const { api, clock, store, pods } = workloadCluster([jobController]);
        let most = 0;
        store.listen(({ kind, type, object }) => {
          if (type.kind !== 'Pod' || kind !== 'ADDED') return;
          most = Math.max(most, pods().filter(isActive).length);
          const [isGood, afterMs] = ends.next().value;
          clock.after(afterMs, () => finish(api, object as Pod, isGood ? 'Succeeded' : 'Failed'));
        });
        const template = {
          metadata: { labels },
          spec: { restartPolicy: 'Never', containers: [{ name: 'sum', image: 'sum:1' }] },
        };
        const completionMode = isIndexed ? 'Indexed' : 'NonIndexed';
        const spec = {
          completions,
          parallelism,
          backoffLimit,
          completionMode,
          selector: { matchLabels: labels },
          template,
        };
        api.create(JOBS, {
          apiVersion: 'batch/v1',
          kind: 'Job',
          metadata: { name: 'sum', namespace: 'shop' },
          spec,
        } as Job);
        clock.advance(7_200_000);
        const status = jobStatusOf(api.get(JOBS, 'shop', 'sum'));
        const phases = pods().map((pod) => pod.status?.phase);
        expect(most).toBeLessThanOrEqual(parallelism);
        expect(pods().some(isTracked)).toBe(false);
        expect(status.uncountedTerminatedPods).toEqual({});
        expect([status.active, status.ready, status.terminating]).toEqual([undefined, 0, 0]);
        expect(status.succeeded ?? 0).toBe(phases.filter((phase) => phase === 'Succeeded').length);
        if (hasCondition(status, 'Complete')) expect(status.succeeded).toBe(completions);
        else expect([hasCondition(status, 'Failed'), (status.failed ?? 0) > backoffLimit]).toEqual([true, true]);
      },
    ),
    { numRuns: 80 },
  );
});

it('indexes are read as they are written', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(40)), (indexes) => {
      const sorted = [...indexes].sort((a, b) => a - b);
      expect([...parseIndexes(indexesText(indexes), 41)]).toEqual(sorted);
    }),
  );
});
