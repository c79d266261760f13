import { expect, it } from 'vitest';
import { check, describeRule, examine } from '../../rule.suite.ts';
import { condition, NOW, object } from '../../scene.suite.ts';
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

  it('believes the pod where nothing is said of its containers', () => {
    const pod = (name: string, status: object) =>
      object('v1', 'Pod', name, { spec: { containers: [{ name: 'app', image: 'x:1' }] }, status });
    const objects = [
      pod('short', {
        phase: 'Running',
        conditions: [condition('Ready', 'False', 60, { message: 'containers with unready status: [app]' })],
      }),
      pod('lost', { phase: 'Unknown', reason: 'NodeLost' }),
      pod('gated', {
        phase: 'Running',
        conditions: [condition('Ready', 'False'), condition('ContainersReady', 'True')],
      }),
      pod('young', { phase: 'Running', conditions: [condition('Ready', 'False', 1)] }),
      pod('well', { phase: 'Running', conditions: [condition('Ready', 'True')] }),
      pod('bare', { phase: 'Running' }),
    ];
    expect(check(rule, examine({ observedAt: NOW, objects })).map(({ message }) => message)).toEqual([
      'Pod shop/lost is in phase Unknown: NodeLost',
      'Pod shop/short has been running without being ready for 60 min: containers with unready status: [app]',
    ]);
  });
});
