/** Scenes near their limits, each looked at by every rule: exactly these findings, and no other. */
import { expect, it } from 'vitest';
import { DAY_MS } from './forecast/daily-maxima.ts';
import { brief, deployment, findingsIn, node, NOW, object, pod, replicaSet } from './scene.suite.ts';
import { history } from './usage/usage.suite.ts';

const MIB = 2 ** 20;
const now = Date.parse(NOW);
const containers = [
  { name: 'app', image: 'web:1', resources: { requests: { cpu: '1500m', memory: '6Gi' }, limits: { memory: '8Gi' } } },
];
const template = { metadata: { labels: { app: 'web' } }, spec: { containers } };
const whole = (extra: readonly unknown[] = []) => [
  node('n1'),
  deployment(2, 2, { spec: { template } }),
  replicaSet('web-1', 2, 2),
  pod('web-1-a', { containers }),
  pod('web-1-b', { containers }),
  ...extra,
];
const quota = (hard: object, used: object) =>
  object('v1', 'ResourceQuota', 'compute', { spec: { hard }, status: { hard, used } });
const used = (memory: number) => ['web-1-a', 'web-1-b'].map((name) => ({ pod: name, cpu: 1200, memory: memory * MIB }));
const cpus = (usage: number, limit: number) => ({ metric: 'CPUS', region: 'us-central1', limit, usage });

it.each<[string, readonly unknown[], object, readonly string[]]>([
  [
    'memory near its limit',
    whole(),
    { usage: history(used(7600)) },
    ['medium container-memory-near-limit web', 'info container-usage-above-request web'],
  ],
  [
    'a LimitRange that came later',
    whole([object('v1', 'LimitRange', 'limits', { spec: { limits: [{ type: 'Pod', max: { memory: '4Gi' } }] } })]),
    {},
    ['medium limit-range-conflict web'],
  ],
  [
    'a quota without room for a surge',
    whole([quota({ 'requests.cpu': '4' }, { 'requests.cpu': '3' })]),
    {},
    ['low namespace-quota-blocks-rollout web'],
  ],
  [
    'a quota that obliges to state what is not stated',
    whole([quota({ 'limits.cpu': '40' }, { 'limits.cpu': '3' })]),
    {},
    ['low namespace-quota-blocks-rollout web'],
  ],
  [
    'a cloud quota that is nearly full, and when it will be',
    whole(),
    {
      cloud: {
        provider: 'gcp',
        quotas: [cpus(90, 100)],
        quotaHistory: [
          {
            metric: 'CPUS',
            region: 'us-central1',
            times: Array.from({ length: 14 }, (_, i) => now - (13 - i) * DAY_MS),
            values: Array.from({ length: 14 }, (_, i) => 64 + 2 * i),
          },
        ],
      },
    },
    ['medium quota-forecast us-central1/CPUS', 'medium quota-near-limit us-central1/CPUS'],
  ],
  [
    'a load balancer of a Service that is gone',
    whole([object('v1', 'Service', 'other', { spec: { selector: { app: 'web' }, ports: [{ port: 80 }] } })]),
    {
      cloud: {
        provider: 'gcp',
        forwardingRules: [
          {
            name: 'a1',
            region: 'us-central1',
            ipAddress: '34.0.0.1',
            protocol: 'TCP',
            scheme: 'EXTERNAL',
            description: '{"kubernetes.io/service-name":"shop/old"}',
          },
        ],
      },
    },
    ['info forwarding-rule-orphaned us-central1/a1'],
  ],
])('%s', (_, objects, more, expected) => {
  expect(brief(findingsIn(objects, more))).toEqual(expected);
});
