import { describe, expect, it } from 'vitest';
import { KubeletScene } from './kubelet.suite.ts';

describe('containers that end', () => {
  it('are restarted at once, then with delays that double', () => {
    const scene = new KubeletScene({ images: { 'app:1': { exitsAfterMs: 1000, exitCode: 3 } } });
    const { metadata } = scene.run('web');
    const starts: number[] = [];
    let restarts = 0;
    for (let second = 1; second <= 700; second++) {
      scene.pass(1000);
      const count = scene.container('web')?.restartCount ?? 0;
      if (count > restarts) starts.push(second);
      restarts = count;
    }
    // To ten seconds, because a start takes its time as well.
    const waits = starts.slice(1).map((at, i) => Math.round((at - (starts[i] as number)) / 10) * 10);
    expect(waits).toEqual([10, 20, 40, 80, 160, 300]);
    expect(scene.container('web')).toMatchObject({
      restartCount: 7,
      ready: false,
      started: false,
      state: {
        waiting: {
          reason: 'CrashLoopBackOff',
          message: `back-off 5m0s restarting failed container=app pod=web_shop(${metadata.uid ?? ''})`,
        },
      },
      lastState: { terminated: { exitCode: 3, reason: 'Error' } },
    });
    expect(scene.status('web').phase).toBe('Running');
    // One more was more than one source may say of one object.
    expect(scene.events('web').filter((event) => event.startsWith('BackOff'))).toEqual([
      `BackOff: Back-off restarting failed container app in pod web_shop(${metadata.uid ?? ''}) ×5`,
    ]);
  });

  it('show their end first, and then that they wait', () => {
    const scene = new KubeletScene({ images: { 'app:1': { exitsAfterMs: 1000, exitCode: 1 } } });
    scene.run('web');
    scene.pass(4700);
    expect(scene.container('web')).toMatchObject({
      restartCount: 1,
      state: { terminated: { exitCode: 1, reason: 'Error', finishedAt: '2025-01-01T00:00:04Z' } },
      lastState: { terminated: { exitCode: 1 } },
    });
    scene.pass(1000);
    expect(scene.container('web')?.state?.waiting?.reason).toBe('CrashLoopBackOff');
  });

  it('begin anew after ten good minutes', () => {
    let exitsAfterMs = 1000;
    const behaviours = { container: () => ({ exitsAfterMs, exitCode: 1 }), image: () => ({}) };
    const scene = new KubeletScene({ options: { behaviours } });
    scene.run('web');
    scene.pass(150_000);
    exitsAfterMs = 660_000;
    scene.pass(20_000);
    exitsAfterMs = 1000;
    scene.pass(630_000);
    expect(scene.container('web')?.state?.running).toBeDefined();
    const { restartCount = 0 } = scene.container('web') ?? {};
    scene.pass(60_000);
    expect(scene.container('web')?.restartCount).toBeGreaterThan(restartCount + 1);
  });

  it.each([
    ['Always', 0, 'Running'],
    ['OnFailure', 0, 'Succeeded'],
    ['OnFailure', 1, 'Running'],
    ['Never', 0, 'Succeeded'],
    ['Never', 2, 'Failed'],
  ])('with restartPolicy %s and exit code %i leave the pod %s', (restartPolicy, exitCode, phase) => {
    const scene = new KubeletScene({ images: { 'app:1': { exitsAfterMs: 1000, exitCode } } });
    scene.run('task', { restartPolicy });
    scene.pass(60_000);
    expect(scene.status('task').phase).toBe(phase);
    expect((scene.container('task')?.restartCount ?? 0) > 0).toBe(phase === 'Running');
    const reason = { Succeeded: 'PodCompleted', Failed: 'PodFailed', Running: 'ContainersNotReady' }[phase];
    expect(scene.condition('task', 'Ready')).toMatchObject({ status: 'False', reason });
  });

  it('that cannot be started fail with StartError, and loop', () => {
    const startError =
      'failed to create containerd task: failed to create shim task: OCI runtime create failed: exec: "serve": executable file not found in $PATH';
    const scene = new KubeletScene({ images: { 'app:1': { startError } } });
    scene.run('web');
    scene.pass(2600);
    expect(scene.container('web')).toMatchObject({
      state: { waiting: { reason: 'RunContainerError', message: startError } },
      lastState: {
        terminated: { exitCode: 128, reason: 'StartError', message: startError, startedAt: '1970-01-01T00:00:00Z' },
      },
    });
    expect(scene.status('web').phase).toBe('Running');
    scene.pass(5000);
    expect(scene.container('web')).toMatchObject({
      state: { waiting: { reason: 'CrashLoopBackOff' } },
      restartCount: 1,
    });
    expect(scene.events('web')).toContain(`Failed: Error: ${startError} ×2`);
  });

  it('are killed when they use more memory than they may', () => {
    const usage = (sinceMs: number) => ({ cpuMillis: 10, memoryBytes: sinceMs * 1024 });
    const scene = new KubeletScene({ images: { 'app:1': { usage } } });
    const resources = { limits: { memory: '10Mi' } };
    scene.run('web', { containers: [{ name: 'app', image: 'app:1', resources }] });
    scene.pass(14_000);
    expect(scene.container('web')).toMatchObject({
      lastState: { terminated: { exitCode: 137, reason: 'OOMKilled', finishedAt: '2025-01-01T00:00:12Z' } },
      restartCount: 1,
    });
  });

  it('say their last words where the policy asks for them', () => {
    const scene = new KubeletScene({
      images: { 'app:1': { exitsAfterMs: 10, exitCode: 1, log: ['starting'], lastWords: ['boom'] } },
    });
    const terminationMessagePolicy = 'FallbackToLogsOnError';
    scene.run('web', {
      restartPolicy: 'Never',
      containers: [{ name: 'app', image: 'app:1', terminationMessagePolicy }],
    });
    scene.pass(5000);
    expect(scene.container('web')?.state?.terminated).toMatchObject({ message: 'starting\nboom\n' });
  });
});

describe('pods', () => {
  it('fail after their active deadline', () => {
    const scene = new KubeletScene();
    scene.run('task', { activeDeadlineSeconds: 20 });
    scene.pass(25_000);
    const message = 'Pod was active on the node longer than the specified deadline';
    expect(scene.status('task')).toMatchObject({ phase: 'Failed', reason: 'DeadlineExceeded', message });
    expect(scene.events('task')).toContain(`DeadlineExceeded: ${message}`);
    expect(scene.container('task')?.state?.terminated).toMatchObject({ exitCode: 0 });
  });

  it('run init containers one after another', () => {
    const scene = new KubeletScene({ images: { 'init:1': { exitsAfterMs: 5000 } } });
    scene.run('web', {
      initContainers: [
        { name: 'one', image: 'init:1' },
        { name: 'two', image: 'init:1' },
      ],
    });
    scene.pass(4000);
    expect(scene.container('web', 'one')).toMatchObject({ state: { running: {} }, ready: false });
    expect(scene.container('web', 'two')?.state).toEqual({ waiting: { reason: 'PodInitializing' } });
    expect(scene.container('web')?.state).toEqual({ waiting: { reason: 'PodInitializing' } });
    expect(scene.condition('web', 'Initialized')).toMatchObject({
      status: 'False',
      reason: 'ContainersNotInitialized',
      message: 'containers with incomplete status: [one two]',
    });
    scene.pass(5000);
    expect(scene.container('web', 'one')).toMatchObject({
      state: { terminated: { reason: 'Completed', exitCode: 0 } },
      ready: true,
      restartCount: 0,
    });
    expect(scene.condition('web', 'Initialized')?.message).toBe('containers with incomplete status: [two]');
    scene.pass(10_000);
    expect(scene.condition('web', 'Initialized')).toMatchObject({ status: 'True' });
    expect(scene.status('web').phase).toBe('Running');
  });

  it('fail with an init container where nothing is restarted, and wait for it otherwise', () => {
    for (const [restartPolicy, phase] of [
      ['Never', 'Failed'],
      ['Always', 'Pending'],
    ] as const) {
      const scene = new KubeletScene({ images: { 'init:1': { exitsAfterMs: 100, exitCode: 1 } } });
      scene.run('web', { restartPolicy, initContainers: [{ name: 'init', image: 'init:1' }] });
      scene.pass(15_000);
      expect(scene.status('web').phase).toBe(phase);
      expect(scene.container('web')?.state?.waiting?.reason).toBe('PodInitializing');
    }
  });

  it('start sidecars before, and end them after, the containers that they stand beside', () => {
    const scene = new KubeletScene({ images: { 'app:1': { exitsAfterMs: 3000 }, 'proxy:1': { stopMs: 2000 } } });
    scene.run('task', {
      restartPolicy: 'Never',
      initContainers: [{ name: 'proxy', image: 'proxy:1', restartPolicy: 'Always' }],
    });
    scene.pass(6000);
    expect(scene.container('task', 'proxy')).toMatchObject({ state: { running: {} }, started: true, ready: true });
    expect(scene.container('task')).toMatchObject({ state: { running: {} } });
    scene.pass(3000);
    expect(scene.container('task')?.state?.terminated).toBeDefined();
    expect(scene.container('task', 'proxy')?.state?.running).toBeDefined();
    expect(scene.status('task').phase).toBe('Running');
    scene.pass(2000);
    expect(scene.status('task').phase).toBe('Succeeded');
    expect(scene.events('task').at(-1)).toBe('Killing: Stopping container proxy');
  });

  it('are killed when they do not stop in time', () => {
    const scene = new KubeletScene({ images: { 'app:1': { stopMs: Infinity } } });
    scene.run('web', { terminationGracePeriodSeconds: 5 });
    scene.pass(5000);
    const ends: unknown[] = [];
    scene.cluster.api.store.listen(({ object }) => {
      const { containerStatuses = [] } =
        (object as { status?: { containerStatuses?: { state?: object }[] } }).status ?? {};
      ends.push(
        ...containerStatuses.flatMap(({ state }) =>
          state !== undefined && 'terminated' in state ? [state.terminated] : [],
        ),
      );
    });
    scene.cluster.api.delete(scene.cluster.api.types.byKind('', 'Pod') as never, 'shop', 'web');
    scene.pass(4900);
    expect(scene.pod('web')).toBeDefined();
    scene.pass(200);
    expect(scene.pod('web')).toBeUndefined();
    expect(ends[0]).toMatchObject({ exitCode: 137, reason: 'Error' });
  });
});
