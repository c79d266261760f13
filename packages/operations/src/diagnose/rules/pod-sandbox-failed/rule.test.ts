import { expect, it } from 'vitest';
import { check, describeRule, examine } from '../../rule.suite.ts';
import { ago, NOW, object } from '../../scene.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  const about = (pod: string) => check(rule, failing).filter(({ resource }) => resource.name.endsWith(pod));

  it.each([
    ['noip1', 'ip-exhausted'],
    ['cni01', 'network'],
  ])('tells why %s has no sandbox', (pod, cause) => {
    expect(about(pod)).toMatchObject([{ facts: { cause, node: 'gke-prod-default-pool-7c1a9f3e-k2xw' } }]);
  });

  it('takes an init container that waits for the pod itself for one, whatever ran before', () => {
    const statuses = (...reasons: string[]) => [
      { name: 'first', ready: true, restartCount: 0, state: { running: { startedAt: ago(2) } } },
      ...reasons.map((reason) => ({ name: 'second', ready: false, restartCount: 0, state: { waiting: { reason } } })),
    ];
    const pod = (name: string, reason: string) =>
      object('v1', 'Pod', name, {
        spec: {
          nodeName: 'n1',
          initContainers: [{ name: 'first' }, { name: 'second' }],
          containers: [{ name: 'app' }],
        },
        status: { phase: 'Pending', initContainerStatuses: statuses(reason) },
      });
    const event = (name: string) =>
      object('v1', 'Event', `${name}.1`, {
        involvedObject: { kind: 'Pod', name, namespace: 'shop' },
        type: 'Warning',
        reason: 'FailedCreatePodSandBox',
        message: 'Failed to create pod sandbox: x',
        lastTimestamp: ago(2),
      });
    const objects = [pod('again', 'ContainerCreating'), event('again'), pod('on', 'PodInitializing'), event('on')];
    expect(check(rule, examine({ observedAt: NOW, objects })).map(({ resource }) => resource.name)).toEqual(['again']);
  });
});
