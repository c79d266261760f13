import { describe, expect, it } from 'vitest';
import type { Job, Pod } from '../../../model/kinds.ts';
import { JOBS, PODS } from '../../api/built-in-types.ts';
import { finish, workloadCluster, type FakeKubelet } from '../workload-cluster.suite.ts';
import { jobController } from './job-controller.ts';
import { COMPLETION_INDEX, INDEX_FAILURES, TRACKING } from './job-pods.ts';

type Spec = NonNullable<Job['spec']>;

/** How each pod ends; `undefined` lets it run on. */
type Ends = (pod: Pod) => 'Succeeded' | 'Failed' | undefined;

function cluster(
  spec: Partial<Spec> & { readonly successPolicy?: unknown } = {},
  ends: Ends = () => 'Succeeded',
  kubelet: Partial<FakeKubelet> = {},
) {
  const made = workloadCluster([jobController], { kubelet });
  const { api, clock, store } = made;
  store.listen(({ kind, type, object }) => {
    if (type.kind !== 'Pod' || kind !== 'ADDED') return;
    const end = ends(object as Pod);
    if (end !== undefined) clock.after(2000, () => finish(api, object as Pod, end));
  });
  const labels = { 'batch.kubernetes.io/job-name': 'sum' };
  const job: Job = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'sum', namespace: 'shop' },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { restartPolicy: 'Never', containers: [{ name: 'sum', image: 'sum:1' }] },
      },
      ...spec,
    } as Spec,
  };
  const startAt = clock.now;
  api.create(JOBS, job);
  return {
    ...made,
    job: () => api.get(JOBS, 'shop', 'sum'),
    conditions: () =>
      api
        .get(JOBS, 'shop', 'sum')
        .status?.conditions?.map(({ type, status, reason, message }) => [type, status, reason, message]),
    change: (more: Partial<Spec>) =>
      api.change(JOBS, 'shop', 'sum', (one) => ({ ...one, spec: { ...(one.spec as Spec), ...more } })),
    madeAt: () => made.pods().map(({ metadata }) => (Date.parse(metadata.creationTimestamp ?? '') - startAt) / 1000),
  };
}

const indexOf = ({ metadata }: Pod) => metadata.annotations?.[COMPLETION_INDEX];

describe('job-controller', () => {
  it('runs a pod to its end and tells so', () => {
    const { clock, job, pods, told } = cluster();
    clock.advance(500);
    const [pod] = pods();
    expect(pod?.metadata).toMatchObject({
      generateName: 'sum-',
      finalizers: [TRACKING],
      ownerReferences: [{ kind: 'Job', controller: true }],
    });
    expect(job().status).toEqual({
      active: 1,
      ready: 0,
      terminating: 0,
      startTime: '2025-01-01T00:00:00Z',
      uncountedTerminatedPods: {},
    });
    clock.advance(1000);
    expect(job().status).toMatchObject({ active: 1, ready: 1 });
    clock.advance(60_000);
    const at = '2025-01-01T00:00:02Z';
    const end = {
      status: 'True',
      reason: 'CompletionsReached',
      message: 'Reached expected number of succeeded pods',
      lastProbeTime: at,
      lastTransitionTime: at,
    };
    expect(job().status).toEqual({
      ready: 0,
      terminating: 0,
      succeeded: 1,
      startTime: '2025-01-01T00:00:00Z',
      completionTime: at,
      uncountedTerminatedPods: {},
      conditions: [
        { type: 'SuccessCriteriaMet', ...end },
        { type: 'Complete', ...end },
      ],
    });
    expect(pods()[0]?.metadata.finalizers).toBeUndefined();
    expect(told()).toEqual([
      `Normal SuccessfulCreate Created pod: ${pod?.metadata.name}`,
      'Normal Completed Job completed',
    ]);
  });

  it('keeps as many pods as may run, until enough have succeeded', () => {
    const { clock, job, pods } = cluster({ completions: 5, parallelism: 2 });
    clock.advance(2500);
    expect(job().status).toMatchObject({ active: 2, succeeded: 2 });
    clock.advance(60_000);
    expect(pods()).toHaveLength(5);
    expect(job().status).toMatchObject({ succeeded: 5 });
  });

  it('lets one success be enough where no completions are wanted', () => {
    let made = 0;
    const { clock, job, conditions } = cluster({ parallelism: 3 }, () => (made++ === 0 ? 'Succeeded' : undefined));
    clock.advance(10_000);
    expect(job().status).toMatchObject({ active: 2, succeeded: 1 });
    expect(conditions()).toBeUndefined();
  });

  it('waits 10 s, 20 s, 40 s after failures, and gives up past the limit', () => {
    const { clock, job, madeAt, conditions, told } = cluster({ backoffLimit: 3 }, () => 'Failed');
    clock.advance(600_000);
    expect(madeAt()).toEqual([0, 12, 34, 76]);
    expect(job().status).toMatchObject({ failed: 4 });
    const words = ['True', 'BackoffLimitExceeded', 'Job has reached the specified backoff limit'];
    expect(conditions()).toEqual([
      ['FailureTarget', ...words],
      ['Failed', ...words],
    ]);
    expect(told().at(-1)).toBe('Warning BackoffLimitExceeded Job has reached the specified backoff limit');
  });

  it('names pods after their index and writes completed ones as ranges', () => {
    const { clock, job, pods } = cluster({ completionMode: 'Indexed', completions: 6, parallelism: 6 }, (pod) =>
      indexOf(pod) === '4' ? undefined : 'Succeeded',
    );
    clock.advance(10_000);
    expect(job().status).toMatchObject({ succeeded: 5, completedIndexes: '0-3,5', active: 1 });
    const pod = pods()[4] as Pod;
    expect(pod.metadata).toMatchObject({
      generateName: 'sum-4-',
      labels: { [COMPLETION_INDEX]: '4' },
      annotations: { [COMPLETION_INDEX]: '4' },
    });
    expect(pod.spec).toMatchObject({
      hostname: 'sum-4',
      containers: [
        {
          env: [
            {
              name: 'JOB_COMPLETION_INDEX',
              valueFrom: { fieldRef: { fieldPath: `metadata.labels['${COMPLETION_INDEX}']` } },
            },
          ],
        },
      ],
    });
  });

  it('deletes pods that share an index, or have none that is wanted', () => {
    const { api, clock, pods } = cluster(
      { completionMode: 'Indexed', completions: 2, parallelism: 2 },
      () => undefined,
    );
    clock.advance(500);
    for (const index of ['0', '7']) {
      const metadata = {
        name: `more-${index}`,
        namespace: 'shop',
        labels: { 'batch.kubernetes.io/job-name': 'sum' },
        annotations: { [COMPLETION_INDEX]: index },
      };
      api.create(PODS, {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata,
        spec: { containers: [{ name: 'sum', image: 'sum:1' }] },
      });
    }
    clock.advance(30_000);
    expect(pods().map(indexOf).sort()).toEqual(['0', '1']);
    expect(pods().map(({ metadata }) => metadata.name)).not.toContain('more-7');
  });

  it('limits failures of each index', () => {
    const { clock, job, pods, conditions } = cluster(
      { completionMode: 'Indexed', completions: 2, parallelism: 2, backoffLimitPerIndex: 1 },
      (pod) => (indexOf(pod) === '1' ? 'Failed' : 'Succeeded'),
    );
    clock.advance(60_000);
    expect(
      pods()
        .filter((pod) => indexOf(pod) === '1')
        .map(({ metadata }) => metadata.annotations?.[INDEX_FAILURES]),
    ).toEqual(['0', '1']);
    expect(job().status).toMatchObject({ succeeded: 1, failed: 2, completedIndexes: '0', failedIndexes: '1' });
    expect(conditions()?.at(-1)).toEqual(['Failed', 'True', 'FailedIndexes', 'Job has failed indexes']);
  });

  it('fails at once where a failure policy says so', () => {
    const rules = [{ action: 'FailJob', onExitCodes: { operator: 'In', values: [1] } }];
    const { clock, pods, conditions } = cluster({ podFailurePolicy: { rules } }, () => 'Failed');
    clock.advance(60_000);
    expect(pods()).toHaveLength(1);
    const message = `Container sum for pod shop/${pods()[0]?.metadata.name} failed with exit code 1 matching FailJob rule at index 0`;
    expect(conditions()?.at(-1)).toEqual(['Failed', 'True', 'PodFailurePolicy', message]);
  });

  it('does not count what a failure policy ignores', () => {
    let failures = 2;
    const rules = [{ action: 'Ignore', onExitCodes: { operator: 'NotIn', values: [7] } }];
    const { clock, job } = cluster({ backoffLimit: 0, podFailurePolicy: { rules } }, () =>
      failures-- > 0 ? 'Failed' : 'Succeeded',
    );
    clock.advance(120_000);
    expect(job().status).toMatchObject({ succeeded: 1 });
    expect(job().status).not.toHaveProperty('failed');
  });

  it('ends once a success policy is met, and ends the rest', () => {
    const { clock, job, pods, conditions } = cluster(
      {
        completionMode: 'Indexed',
        completions: 3,
        parallelism: 3,
        successPolicy: { rules: [{ succeededIndexes: '0' }] },
      },
      (pod) => (indexOf(pod) === '0' ? 'Succeeded' : undefined),
    );
    clock.advance(60_000);
    expect(conditions()).toEqual([
      ['SuccessCriteriaMet', 'True', 'SuccessPolicy', 'Matched rules at index 0'],
      ['Complete', 'True', 'SuccessPolicy', 'Matched rules at index 0'],
    ]);
    expect(pods().map(indexOf)).toEqual(['0']);
    expect(job().status).toMatchObject({ succeeded: 1, completedIndexes: '0' });
    expect(job().status).not.toHaveProperty('failed');
  });

  it('ends after its deadline, its last pods first', () => {
    const { clock, job, conditions } = cluster({ activeDeadlineSeconds: 20 }, () => undefined, {
      stopsAfterMs: () => 5000,
    });
    clock.advance(21_000);
    const words = ['True', 'DeadlineExceeded', 'Job was active longer than specified deadline'];
    expect(conditions()).toEqual([['FailureTarget', ...words]]);
    expect(job().status).toMatchObject({ terminating: 1, failed: 1 });
    clock.advance(5000);
    expect(conditions()).toEqual([
      ['FailureTarget', ...words],
      ['Failed', ...words],
    ]);
    expect(job().status).toMatchObject({ terminating: 0, failed: 1 });
  });

  it('takes pods away when suspended and counts its time anew when resumed', () => {
    const { clock, job, pods, change, conditions, told } = cluster({}, () => undefined);
    clock.advance(5000);
    change({ suspend: true });
    clock.advance(5000);
    expect(pods()).toEqual([]);
    expect(conditions()).toEqual([['Suspended', 'True', 'JobSuspended', 'Job suspended']]);
    expect(job().status).not.toHaveProperty('failed');
    change({ suspend: false });
    clock.advance(5000);
    expect(conditions()).toEqual([['Suspended', 'False', 'JobResumed', 'Job resumed']]);
    expect(job().status).toMatchObject({ active: 1, startTime: '2025-01-01T00:00:10Z' });
    expect(told()).toContain('Normal Suspended Job suspended');
    expect(told()).toContain('Normal Resumed Job resumed');
  });

  it('waits for a pod to end before replacing it where only failed ones are replaced', () => {
    const make = (podReplacementPolicy: string) => {
      const made = cluster({ podReplacementPolicy }, () => undefined, { stopsAfterMs: () => 25_000 });
      made.clock.advance(5000);
      made.api.delete(PODS, 'shop', made.pods()[0]?.metadata.name ?? '');
      made.clock.advance(15_000);
      return made.pods().length;
    };
    expect(make('Failed')).toBe(1);
    expect(make('TerminatingOrFailed')).toBe(2);
  });

  it('lets go of pods when it is deleted', () => {
    const { api, clock, pods } = cluster({}, () => undefined);
    clock.advance(5000);
    api.delete(JOBS, 'shop', 'sum', { propagationPolicy: 'Background' });
    clock.advance(5000);
    expect(pods().map(({ metadata }) => metadata.finalizers)).toEqual([undefined]);
  });

  it('counts restarts where containers restart in their pod', () => {
    const template = {
      metadata: { labels: { 'batch.kubernetes.io/job-name': 'sum' } },
      spec: { restartPolicy: 'OnFailure', containers: [{ name: 'sum', image: 'sum:1' }] },
    };
    const { api, clock, pods, conditions } = cluster({ backoffLimit: 2, template }, () => undefined);
    clock.advance(5000);
    api.changeStatus(PODS, 'shop', pods()[0]?.metadata.name ?? '', (pod) => ({
      ...pod,
      status: {
        ...pod.status,
        containerStatuses: [{ name: 'sum', image: '', imageID: '', ready: false, restartCount: 2 }],
      },
    }));
    clock.advance(5000);
    expect(conditions()?.at(-1)?.[2]).toBe('BackoffLimitExceeded');
  });
});
