import { expect, it } from 'vitest';
import { check, describeRule, examine } from '../../rule.suite.ts';
import { ago, NOW, object } from '../../scene.suite.ts';
import { rule } from './rule.ts';

const configuration = (clientConfig: object) =>
  object('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', 'policy', {
    metadata: { namespace: undefined },
    webhooks: [{ name: 'policy.acme.io', clientConfig }],
  });
const refusal = (name: string, why: string, minutes: number, lastMinutes: number, count: number) =>
  object('v1', 'Event', name, {
    involvedObject: { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-1', namespace: 'shop' },
    type: 'Warning',
    reason: 'FailedCreate',
    message: `Internal error occurred: failed calling webhook "policy.acme.io": failed to call webhook: Post "https://x/": ${why}`,
    count,
    firstTimestamp: ago(minutes),
    lastTimestamp: ago(lastMinutes),
  });
const outside = configuration({ url: 'https://policy.example.com' });
const found = (...objects: readonly unknown[]) => check(rule, examine({ observedAt: NOW, objects }));

describeRule(rule, import.meta.url, ({ failing }) => {
  it('names the webhook, what fails and how often, and joins it to the refusals', () => {
    const [finding] = check(rule, failing);
    expect(finding?.message).toContain(
      'Webhook inject.mesh.io of MutatingWebhookConfiguration injector does not answer in time',
    );
    expect(finding?.message).toContain('12 requests were refused (ReplicaSet)');
    expect(finding?.facts).toEqual({
      webhook: 'inject.mesh.io',
      webhooks: ['inject.mesh.io'],
      cause: 'timeout',
      failures: 12,
      service: 'mesh/injector',
    });
  });
});

it('a webhook outside the cluster is judged by the same events', () => {
  const [finding] = found(outside, refusal('a', 'x509: certificate has expired or is not yet valid', 40, 2, 9));
  expect(finding?.facts).toMatchObject({ cause: 'certificate', failures: 9 });
});

it('what stands behind it is missing: that is said by the other rule', () => {
  const inside = configuration({ service: { name: 'gone', namespace: 'shop' } });
  expect(found(inside, refusal('a', 'service "gone" not found', 40, 2, 9))).toEqual([]);
});

it('failures of several objects count together', () => {
  const once = ['a', 'b', 'c'].map((name, i) => refusal(name, 'EOF', 20 - i * 5, 20 - i * 5, 1));
  expect(found(outside, ...once)[0]?.facts).toMatchObject({ failures: 3, cause: 'unreachable' });
  expect(found(outside, ...once.slice(1))).toEqual([]);
});

it('a burst of a minute is no lasting failure', () => {
  expect(found(outside, refusal('a', 'EOF', 20, 19, 12))).toEqual([]);
});
