import { expect, it } from 'vitest';
import { check, describeRule, examine } from '../../rule.suite.ts';
import { ago, NOW, pod } from '../../scene.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  const about = (pod: string) => check(rule, failing).filter(({ resource }) => resource.name.endsWith(pod));

  it('says how often and when last', () => {
    expect(about('often')[0]?.message).toContain('was restarted 23 times, the last time 2 h ago with exit code 1');
  });

  /** Of a pod that is so many minutes old, whose container was restarted so often, ran for so long and then for so long until now. */
  it.each<[string, number, number, number, number, boolean]>([
    ['that ends every sixteen minutes', 58, 3, 16, 10, true],
    ['that ends every twenty-five minutes', 90, 3, 25, 14, true],
    ['that ended twice', 58, 2, 16, 10, false],
    ['that ended three times in a day', 1440, 3, 16, 10, false],
    ['that ended three times at its start, and runs since', 20, 3, 0.1, 15, false],
    ['that ran for longer since than before', 90, 3, 5, 25, false],
  ])('looks at how steadily: a container %s', (_, age, restartCount, ran, runs, isFound) => {
    const terminated = { exitCode: 1, reason: 'Error', startedAt: ago(ran + runs), finishedAt: ago(runs) };
    const status = {
      ...{ name: 'app', image: 'web:1', imageID: 'web@sha256:1', ready: true, started: true, restartCount },
      ...{ state: { running: { startedAt: ago(runs) } }, lastState: { terminated } },
    };
    const examination = examine({ observedAt: NOW, objects: [pod('web-1-a', { age, statuses: [status] })] });
    expect(check(rule, examination).length > 0).toBe(isFound);
  });
});
