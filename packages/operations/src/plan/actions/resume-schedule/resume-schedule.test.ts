import { SnapshotBuilder } from '@aia/cluster';
import { describe, expect, it } from 'vitest';
import type { AssessedRootCause } from '@aia/contract';
import { DEFAULT_POLICY } from '../../../policy/policy.ts';
import { assess } from '../../../assess.ts';
import { Planning } from '../../planning.ts';
import { ref, remediesOf, workload, workloadScene } from '../../revisions/workload-scene.suite.ts';
import { planningOf, tried } from '../../trial.suite.ts';
import { resumeSchedule } from './resume-schedule.ts';

/** What is proposed for a CronJob that a cause says is suspended. */
function proposed(fields: { readonly metadata?: object; readonly status?: object }) {
  const builder = new SnapshotBuilder();
  builder.add(
    {
      ...{
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        metadata: { name: 'nightly', namespace: 'shop', ...fields.metadata },
      },
      spec: { schedule: '0 3 * * *', suspend: true, jobTemplate: { spec: { template: { spec: { containers: [] } } } } },
      status: fields.status,
    },
    'test',
  );
  const snapshot = builder.build({ source: { kind: 'dump', name: 'test' }, observedAt: Date.UTC(2026, 0, 1) } as never);
  const assessment = assess(snapshot, { version: 'test' });
  const cause = {
    ...{
      id: 'cron-job-suspended@nightly',
      class: 'cron-job-suspended',
      statement: 'It is suspended.',
      evidence: [],
      explains: [],
    },
    resource: { group: 'batch', kind: 'CronJob', namespace: 'shop', name: 'nightly' },
  } as unknown as AssessedRootCause;
  const planning = new Planning({
    snapshot,
    assessment: { ...assessment, rootCauses: [cause] },
    policy: DEFAULT_POLICY,
  });
  return [...resumeSchedule.propose(planning)];
}

const RAN = { lastScheduleTime: '2025-12-01T03:00:00Z' };

describe('resume-schedule', () => {
  it('lets a CronJob run again that ran before, once its owner says so', () => {
    const [remedy] = proposed({ status: RAN });
    expect(remedy?.drafts[0]?.changes[0]).toMatchObject({ patch: { patch: { spec: { suspend: false } } } });
    expect(remedy?.drafts[0]?.preconditions).toMatchObject([{ kind: 'told' }]);
  });

  it('takes one for forgotten that has not run and was changed since it was made, and is less sure of it', () => {
    const [remedy] = proposed({ metadata: { generation: 2 } });
    expect(remedy?.drafts[0]?.confidence).toBeLessThan(proposed({ status: RAN })[0]?.drafts[0]?.confidence as number);
    expect(proposed({ metadata: { generation: 1 } })).toEqual([]);
  });

  it('has it run again on the twin', () => {
    const scene = workloadScene(workload('CronJob', 'nightly', { spec: { schedule: '*/10 * * * *' } }));
    scene.patch(ref('CronJob', 'nightly'), { spec: { suspend: true } });
    scene.wait(60);
    const [remedy] = remediesOf(scene, resumeSchedule);
    expect(remedy && tried([resumeSchedule], remedy, planningOf(scene.observe()))).toEqual({
      outcomes: ['held'],
      causes: [],
    });
  });

  it('refuses where it never ran, or where something says that it is meant', () => {
    expect(proposed({})).toEqual([]);
    const metadata = { annotations: { 'example.com/suspended-until': 'migration' } };
    expect(proposed({ status: RAN, metadata })).toEqual([]);
  });
});
