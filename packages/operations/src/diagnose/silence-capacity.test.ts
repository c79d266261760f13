/** Clusters that are well used and within their limits, however near these look: no rule finds anything above information. */
import { expect, it } from 'vitest';
import { DAY_MS } from './forecast/daily-maxima.ts';
import { brief, deployment, findingsIn, node, NOW, object, ownedBy, pod, replicaSet } from './scene.suite.ts';
import { history, moment } from './usage/usage.suite.ts';

const MIB = 2 ** 20;
const now = Date.parse(NOW);
const containers = [
  {
    name: 'app',
    image: 'web:1',
    resources: { requests: { cpu: '500m', memory: '512Mi' }, limits: { cpu: '1', memory: '1Gi' } },
  },
];
const template = { metadata: { labels: { app: 'web' } }, spec: { containers } };
const web = [
  node('n1'),
  node('n2'),
  deployment(2, 2, { spec: { template } }),
  replicaSet('web-1', 2, 2),
  pod('web-1-a', { containers }),
  pod('web-1-b', { containers, spec: { nodeName: 'n2' } }),
];
const quota = (hard: object, used: object) =>
  object('v1', 'ResourceQuota', 'compute', { spec: { hard }, status: { hard, used } });
const usageOf = (cpu: number, memory: number) =>
  ['web-1-a', 'web-1-b'].map((name) => ({ pod: name, cpu, memory: memory * MIB }));
const address = { region: 'us-central1', status: 'RESERVED', addressType: 'INTERNAL', users: [] };

it.each<[string, readonly unknown[], object]>([
  ['use at nine tenths of the requests', [], { usage: history(usageOf(450, 460)) }],
  ['use above the requests for a moment', [], { usage: moment(usageOf(490, 510)) }],
  ['memory that fills three quarters of its limit', [], { usage: history(usageOf(400, 500)) }],
  [
    'a quota with room for one more pod',
    [quota({ 'requests.cpu': '2', pods: '10' }, { 'requests.cpu': '1', pods: '2' })],
    {},
  ],
  [
    'a LimitRange whose very bounds the pods meet',
    [
      object('v1', 'LimitRange', 'limits', {
        spec: {
          limits: [
            {
              type: 'Container',
              max: { cpu: '1', memory: '1Gi' },
              min: { cpu: '500m' },
              maxLimitRequestRatio: { memory: '2' },
            },
          ],
        },
      }),
    ],
    {},
  ],
  [
    'a quota that jumped once and has stayed there',
    [],
    {
      cloud: {
        provider: 'gcp',
        quotas: [{ metric: 'CPUS', region: 'us-central1', limit: 100, usage: 70 }],
        quotaHistory: [
          {
            metric: 'CPUS',
            region: 'us-central1',
            times: Array.from({ length: 30 }, (_, i) => now - (29 - i) * DAY_MS),
            values: Array.from({ length: 30 }, (_, i) => (i < 20 ? 40 : 70)),
          },
        ],
      },
    },
  ],
  [
    'a range held for peering',
    [],
    {
      cloud: {
        provider: 'gcp',
        addresses: [{ ...address, name: 'peering', address: '10.0.0.0', purpose: 'VPC_PEERING' }],
      },
    },
  ],
  [
    'a load balancer and a disk that nobody made for Kubernetes',
    [],
    {
      cloud: {
        provider: 'gcp',
        forwardingRules: [
          {
            name: 'site',
            region: 'global',
            ipAddress: '34.0.0.1',
            protocol: 'TCP',
            scheme: 'EXTERNAL_MANAGED',
            description: '',
          },
        ],
        disks: [
          {
            name: 'jenkins',
            zone: 'us-central1-a',
            region: 'us-central1',
            type: 'pd-ssd',
            sizeGb: 500,
            users: [],
            description: '',
            labels: {},
            createdAt: 0,
            lastDetachedAt: undefined,
          },
        ],
      },
    },
  ],
])('%s', (_, objects, more) => {
  expect(
    brief(
      findingsIn([...web, ...objects], more).filter(
        ({ severity, code }) => severity !== 'info' && code !== 'nodes-underused',
      ),
    ),
  ).toEqual([]);
});

it('a cluster that a lost node would leave too small, where it can grow', () => {
  const big = [{ name: 'app', image: 'web:1', resources: { requests: { cpu: '3', memory: '12Gi' } } }];
  const owner = ownedBy('ReplicaSet', 'web-1');
  const full = [
    node('n1'),
    node('n2'),
    replicaSet('web-1', 2, 2),
    deployment(2, 2),
    pod('a', { containers: big, owner }),
    pod('b', { containers: big, owner, spec: { nodeName: 'n2' } }),
  ];
  const autoscaler = object('apps/v1', 'Deployment', 'cluster-autoscaler', {
    metadata: { namespace: 'kube-system' },
    spec: { replicas: 0 },
  });
  expect(brief(findingsIn([...full, autoscaler])).filter((line) => line.includes('overcommitted'))).toEqual([]);
  expect(brief(findingsIn(full)).filter((line) => line.includes('overcommitted'))).toHaveLength(2);
});
