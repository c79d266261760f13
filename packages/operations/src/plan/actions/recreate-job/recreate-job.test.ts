import { describe, expect, it } from 'vitest';
import { strategise } from '../../../strategy.ts';
import { planningOf, tried } from '../../trial.suite.ts';
import { behaving, ref, remediesOf, rollOut, workload, workloadScene } from '../../revisions/workload-scene.suite.ts';
import { recreateJob } from './recreate-job.ts';

type Fields = Readonly<Record<string, unknown>>;

function job(name: string, args: readonly string[], spec: Fields = {}): Fields {
  const container = { name: 'load', image: `registry.example.com/load:${name}`, args };
  return {
    ...{ apiVersion: 'batch/v1', kind: 'Job', metadata: { name, namespace: 'shop' } },
    spec: { backoffLimit: 1, template: { spec: { restartPolicy: 'Never', containers: [container] } }, ...spec },
  };
}

/** Programs end well, unless they are told to begin in a month that there is none of. */
function loads(...jobs: readonly Fields[]) {
  const scene = workloadScene();
  behaving(scene, ({ spec }) => spec.args?.[0] === '--month=13', { exitsAfterMs: 2000, exitCode: 2 });
  behaving(scene, ({ spec }) => spec.args?.[0] === '--month=12', { exitsAfterMs: 2000, exitCode: 0 });
  for (const one of jobs) {
    scene.create(one);
    scene.wait(20);
  }
  return scene;
}

describe('recreate-job', () => {
  it('runs with the arguments of the run before, and with its own image', () => {
    const scene = loads(job('load-41', ['--month=12']), job('load-42', ['--month=13']));
    const [remedy] = remediesOf(scene, recreateJob);
    expect(remedy?.drafts[0]?.changes).toMatchObject([
      { kind: 'delete', target: { name: 'load-42' } },
      {
        kind: 'create',
        object: {
          spec: {
            template: { spec: { containers: [{ args: ['--month=12'], image: 'registry.example.com/load:load-42' }] } },
          },
        },
      },
    ]);
    expect(remedy && tried([recreateJob], remedy, planningOf(scene.observe()))).toEqual({
      outcomes: ['held'],
      causes: [],
    });
  });

  it.each<readonly [string, readonly Fields[]]>([
    ['no run succeeded', [job('load-42', ['--month=13'])]],
    ['it must not run twice', [job('load-41', ['--month=12']), job('load-42', ['--month=13'], { backoffLimit: 0 })]],
    ['who succeeded is another', [job('store-41', ['--month=12']), job('load-42', ['--month=13'])]],
  ])('refuses where %s', (_, jobs) => {
    expect(remediesOf(loads(...jobs), recreateJob)).toEqual([]);
  });

  it('starts a run of a CronJob that was mended since', () => {
    const scene = loads(
      workload('CronJob', 'load', { container: { args: ['--month=13'] }, spec: { schedule: '10 * * * *' } }),
    );
    scene.wait(40);
    rollOut(scene, ref('CronJob', 'load'), { container: { args: ['--month=12'] } });
    const [remedy] = remediesOf(scene, recreateJob);
    expect(remedy?.drafts[0]?.changes).toMatchObject([
      { kind: 'create', object: { metadata: { name: 'load-again' } } },
    ]);
    expect(remedy && tried([recreateJob], remedy, planningOf(scene.observe()))).toEqual({
      outcomes: ['held'],
      causes: [],
    });
  });

  it('waits for the action of the same plan that mends the CronJob', () => {
    const scene = loads(
      workload('CronJob', 'load', { container: { args: ['--month=12'] }, spec: { schedule: '10 * * * *' } }),
    );
    scene.wait(80);
    rollOut(scene, ref('CronJob', 'load'), { container: { args: ['--month=13'] } });
    scene.wait(80);
    const { plan } = strategise(scene.observe(), { version: 'test' });
    const actions = plan.phases.flatMap((phase) => phase.actions);
    const mending = actions.find(({ kind }) => kind === 'roll-back-workload');
    expect(mending?.target).toMatchObject({ kind: 'CronJob', name: 'load' });
    expect(actions.filter(({ kind }) => kind === 'recreate-job').map(({ after }) => after)).toEqual([[mending?.id]]);
  });
});
