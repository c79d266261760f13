import { describe, expect, it } from 'vitest';
import { check, describeRule, examine } from '../../rule.suite.ts';
import { ago, condition, NOW, object, pod } from '../../scene.suite.ts';
import { rule } from './rule.ts';

type Fields = Readonly<Record<string, unknown>>;

const PODS = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] };
const cluster = { metadata: { namespace: undefined } };
const namespace = (name: string, labels: Fields = {}) =>
  object('v1', 'Namespace', name, { metadata: { namespace: undefined, labels } });
const webhooks = (...list: readonly Fields[]) =>
  object('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', 'policy', {
    ...cluster,
    webhooks: list.map((one, i) => ({
      name: `hook-${i}.acme.io`,
      clientConfig: { service: { name: 'hook', namespace: 'shop' } },
      rules: [PODS],
      ...one,
    })),
  });
const hook = (spec: Fields = {}) => object('v1', 'Service', 'hook', { spec: { selector: { app: 'hook' }, ...spec } });
const other = object('v1', 'Service', 'other', { spec: { selector: { app: 'other' } } });
const found = (...objects: readonly unknown[]) => check(rule, examine({ observedAt: NOW, objects }));
const brief = (...objects: readonly unknown[]) =>
  found(...objects).map(({ severity, facts }) => [severity, facts['state'], facts['reach']].join(' '));

describeRule(rule, import.meta.url, ({ failing }) => {
  it('says what is refused, by whom, and takes the worst webhook of a Service', () => {
    expect(check(rule, failing).map(({ severity, message }) => [severity, message])).toEqual([
      [
        'critical',
        'ValidatingWebhookConfiguration gone is served by Service policy/gone, which does not exist; no pod that it covers can be created, and its failure policy is Fail. Pods in its own namespace policy fall under it as well.',
      ],
      [
        'high',
        'MutatingWebhookConfiguration unready is served by Service policy/unready, behind which none of 1 pod is ready for 2 h; objects that it covers cannot be created or changed, since its failure policy is Fail.',
      ],
    ]);
  });
  it('gives the names of the webhooks and the Service, which join it to refusals and workloads', () => {
    expect(check(rule, failing).at(-1)?.facts).toEqual({
      service: 'policy/unready',
      state: 'no-ready-pods',
      webhooks: ['things.unready.io', 'pods.unready.io'],
      reach: 'other objects',
      failurePolicy: 'Fail',
      coversItself: false,
    });
  });
});

describe('how bad it is', () => {
  const gone = [other, namespace('shop', { team: 'a' }), namespace('kube-system')];
  it.each<[string, Fields, string]>([
    ['pods everywhere', {}, 'critical no-service pods'],
    [
      'every resource of every group',
      { rules: [{ ...PODS, apiGroups: ['*'], resources: ['*/*'] }] },
      'critical no-service pods',
    ],
    ['skipped on failure', { failurePolicy: 'Ignore' }, 'low no-service pods'],
    ['only pods that ask for it', { objectSelector: { matchLabels: { inject: 'yes' } } }, 'high no-service some pods'],
    [
      'all pods but some',
      { objectSelector: { matchExpressions: [{ key: 'skip', operator: 'DoesNotExist' }] } },
      'critical no-service pods',
    ],
    [
      'a condition that cannot be computed here',
      { matchConditions: [{ name: 'x', expression: 'true' }] },
      'high no-service some pods',
    ],
    ['one namespace', { namespaceSelector: { matchLabels: { team: 'a' } } }, 'critical no-service pods'],
    [
      'system namespaces only',
      { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } } },
      'high no-service some pods',
    ],
    [
      'no namespace at present',
      { rules: [{ ...PODS, scope: 'Namespaced' }], namespaceSelector: { matchLabels: { team: 'none' } } },
      'low no-service nothing',
    ],
    ['deletions only', { rules: [{ ...PODS, operations: ['DELETE'] }] }, 'high no-service other objects'],
    [
      'Deployments',
      { rules: [{ ...PODS, apiGroups: ['apps'], resources: ['deployments'] }] },
      'high no-service workloads',
    ],
    ['subresources of pods', { rules: [{ ...PODS, resources: ['pods/exec'] }] }, 'high no-service other objects'],
  ])('%s', (_, webhook, expected) => {
    expect(brief(...gone, webhooks(webhook))).toEqual([expected]);
  });
  it('a Service that may only not have been read is low', () => {
    const [finding] = found(webhooks({}));
    expect(finding?.severity).toBe('low');
    expect(finding?.message).toContain('which does not exist, or is not among what was read');
  });
});

describe('what stands behind the Service', () => {
  const ready = pod('hook-1', { metadata: { labels: { app: 'hook' } } });
  const stranger = pod('web-1');
  const bare = (phase: string) =>
    object('v1', 'Pod', 'hook-1', { metadata: { labels: { app: 'hook' } }, status: { phase } });
  const slice = (isReady: boolean) =>
    object('discovery.k8s.io/v1', 'EndpointSlice', 'hook-x', {
      metadata: { labels: { 'kubernetes.io/service-name': 'hook' } },
      endpoints: [{ addresses: ['10.0.0.1'], conditions: { ready: isReady } }],
    });
  it.each<[string, readonly unknown[], readonly string[]]>([
    ['a ready pod', [hook(), ready], []],
    ['a pod that runs and says no more', [hook(), bare('Running')], []],
    ['a pod that is Pending and says no more', [hook(), bare('Pending')], ['critical no-ready-pods pods']],
    ['a pod that is over', [hook(), bare('Succeeded'), stranger], ['critical no-pods pods']],
    ['no pod of the selector', [hook(), stranger], ['critical no-pods pods']],
    ['no pods at all, in a dump without any', [hook()], ['low no-pods pods']],
    ['a ready pod behind endpoints that are not', [hook(), ready, slice(false)], ['critical no-ready-pods pods']],
    ['endpoints kept by hand', [hook({ selector: undefined }), slice(true)], []],
    [
      'endpoints kept by hand that are not ready',
      [hook({ selector: undefined }), slice(false)],
      ['critical no-ready-pods pods'],
    ],
    [
      'old Endpoints',
      [hook(), object('v1', 'Endpoints', 'hook', { subsets: [{ notReadyAddresses: [{ ip: '10.0.0.1' }] }] }), stranger],
      ['critical no-pods pods'],
    ],
    ['another port', [hook({ ports: [{ port: 8443 }] }), ready], ['critical no-port pods']],
  ])('%s', (_, objects, expected) => {
    expect(brief(webhooks({}), ...objects)).toEqual(expected);
  });
  it('pods that have just turned unready are given time', () => {
    const turned = (minutes: number) =>
      pod('hook-1', {
        metadata: { labels: { app: 'hook' } },
        ready: false,
        status: { conditions: [condition('Ready', 'False', minutes)] },
      });
    expect(brief(webhooks({}), hook(), turned(2))).toEqual([]);
    expect(found(webhooks({}), hook(), turned(30))[0]?.since).toBe(Date.parse(ago(30)));
  });
  it('two Services of one configuration are two findings', () => {
    const elsewhere = { clientConfig: { service: { name: 'elsewhere', namespace: 'shop' } } };
    expect(found(other, webhooks({}, elsewhere)).map(({ facts }) => facts['service'])).toEqual([
      'shop/elsewhere',
      'shop/hook',
    ]);
  });
});
