import { expect, it } from 'vitest';
import { check, describeRule, examine } from '../../rule.suite.ts';
import { NOW, object } from '../../scene.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  const about = (pod: string) => check(rule, failing).filter(({ resource }) => resource.name.endsWith(pod));

  it.each([
    ['http5', { probe: 'readiness', cause: 'http-status', statusCode: 503 }],
    ['refus', { probe: 'readiness', cause: 'connection-refused', port: 8080 }],
  ])('tells what the probe of %s met', (pod, facts) => {
    expect(about(pod)).toMatchObject([{ facts: { container: 'api', ...facts } }]);
  });

  it('claims no running process where the status has no state', () => {
    const pod = object('v1', 'Pod', 'web', {
      spec: { containers: [{ name: 'app', image: 'x:1' }] },
      status: { phase: 'Running', containerStatuses: [{ name: 'app', ready: false, restartCount: 30 }] },
    });
    expect(check(rule, examine({ observedAt: NOW, objects: [pod] })).map(({ message }) => message)).toEqual([
      'Container app of pod shop/web was restarted 30 times and has not been ready; it has no readiness probe of its own',
    ]);
  });
});
