/** Calls that the network keeps from where they go: NetworkPolicies, and what carries the traffic of a node; readiness gates. */
import { describe, expect, it } from 'vitest';
import { crashing, running, unready, type PodState } from './pod-states.suite.ts';
import { causeOf, causesOf, Scene, type Made } from './scene.suite.ts';

const saying = (node: string, message: string): PodState => crashing(node, { reason: 'Error', exitCode: 1, message });

/** A database that is ready behind its Service, and a program in another namespace that does not reach it. */
function caller(line: (address: string) => string): Scene {
  const scene = new Scene();
  const node = scene.node('n');
  scene.namespace('data', { team: 'storage' });
  const service = scene.service('db', { namespace: 'data' });
  scene.deployment('db', { namespace: 'data', pods: [running(node)] });
  const { clusterIP } = service['spec'] as { clusterIP: string };
  scene.deployment('api', { pods: [saying(node, line(clusterIP))] });
  return scene;
}

function policy(scene: Scene, namespace: string, spec: Record<string, unknown>): void {
  scene.add('networking.k8s.io/v1', 'NetworkPolicy', 'guard', namespace, { spec: { podSelector: {}, ...spec } });
}

const TIMEOUT = (address: string) => `dial tcp ${address}:80: i/o timeout`;

describe('a NetworkPolicy', () => {
  it.each([
    ['of the called, that lets nothing in', 'data', { policyTypes: ['Ingress'] }],
    ['of the called, that lets in only its own namespace', 'data', { ingress: [{ from: [{ podSelector: {} }] }] }],
    ['of the called, that opens another port', 'data', { ingress: [{ ports: [{ port: 9090 }] }] }],
    [
      'of the caller, that lets out to another namespace',
      'shop',
      {
        policyTypes: ['Egress'],
        egress: [{ to: [{ namespaceSelector: { matchLabels: { team: 'other' } } }] }],
      },
    ],
  ])('%s is why a call gets no answer', (_, namespace, spec) => {
    const scene = caller(TIMEOUT);
    policy(scene, namespace, spec);
    const assessment = scene.assess();
    expect(causesOf(assessment)).toEqual([`network-policy-blocks NetworkPolicy ${namespace}/guard 1`]);
    expect(causeOf(assessment, 'network-policy-blocks').statement).toContain('calls to Service data/db fail');
  });

  it.each([
    ['selects other pods', 'data', { podSelector: { matchLabels: { app: 'cache' } }, policyTypes: ['Ingress'] }],
    ['lets everything in', 'data', { ingress: [{}] }],
    ['lets the namespace in', 'data', { ingress: [{ from: [{ namespaceSelector: {} }], ports: [{ port: 8080 }] }] }],
    ['may mean the address by a range', 'data', { ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }] }],
    ['says nothing of what goes out', 'shop', { policyTypes: ['Ingress'] }],
  ])('that %s is not to blame', (_, namespace, spec) => {
    const scene = caller(TIMEOUT);
    policy(scene, namespace, spec);
    expect(causesOf(scene.assess())).toEqual(['service-unreachable Service data/db 1']);
  });

  it('is not to blame for a refusal, which is an answer', () => {
    const scene = caller((address) => `dial tcp ${address}:80: connect: connection refused`);
    policy(scene, 'data', { policyTypes: ['Ingress'] });
    expect(causesOf(scene.assess())).toEqual(['service-unreachable Service data/db 1']);
  });

  it('that keeps its pods from the name service is one cause for all of them', () => {
    const scene = new Scene();
    const node = scene.node('n');
    scene.service('kube-dns', { namespace: 'kube-system', selector: { 'k8s-app': 'kube-dns' } });
    scene.deployment('coredns', {
      namespace: 'kube-system',
      labels: { 'k8s-app': 'kube-dns' },
      pods: [running(node)],
    });
    policy(scene, 'shop', { policyTypes: ['Egress'], egress: [{ to: [{ podSelector: {} }] }] });
    for (const name of ['api', 'web'])
      scene.deployment(name, { pods: [saying(node, 'Error: getaddrinfo EAI_AGAIN db.data.svc.cluster.local')] });
    expect(causesOf(scene.assess())).toEqual(['network-policy-blocks NetworkPolicy shop/guard 2']);
  });
});

describe('what carries the traffic of a node', () => {
  const cutOff = (words: string): readonly string[] => {
    const scene = new Scene();
    const [a, b] = [scene.node('a'), scene.node('b')];
    scene.daemonSet('kube-proxy', {
      spec: { hostNetwork: true },
      pods: [saying(a, 'unrecognized feature gate: SupportIPVSProxyMode'), running(b)],
    });
    const { clusterIP } = scene.service('db')['spec'] as { clusterIP: string };
    scene.deployment('db', { pods: [running(b)] });
    scene.deployment('api', { pods: [saying(a, words.replace('DB', clusterIP))] });
    return causesOf(scene.assess());
  };

  it('takes those there with it who get no answer', () => {
    expect(cutOff('connect ETIMEDOUT DB:80')).toEqual(['program-fails DaemonSet kube-system/kube-proxy 2']);
  });

  it('has nothing to do with who fails for a reason of its own', () => {
    expect(cutOff('panic: invalid configuration')).toHaveLength(2);
  });
});

describe('a program that runs and does not get ready', () => {
  const saysOf = (scene: Scene, pod: Made | undefined, lines: readonly string[]): void => {
    const { namespace = '', name } = pod?.metadata ?? { name: '' };
    scene.logs.push({ namespace, pod: name, container: name.split('-')[0] ?? '', previous: false, lines });
  };
  const CALL = 'Post "https://pay.example.com/v1": dial tcp 198.51.100.7:443: connect: connection timed out';
  const causes = (lines: readonly string[]): readonly string[] => {
    const scene = new Scene();
    const node = scene.node('n');
    for (const name of ['api', 'web']) saysOf(scene, scene.deployment(name, { pods: [unready(node)] })[0], lines);
    return causesOf(scene.assess()).map((cause) => cause.split(' ')[0] ?? '');
  };

  it('because of a host that it says just now it cannot call: one cause for all', () => {
    expect(causes(['started', CALL])).toEqual(['host-unreachable']);
  });

  it('for another reason where that was long ago', () => {
    expect(causes([CALL, ...Array.from({ length: 6 }, (_, i) => `request ${i} served`)])).toEqual([
      'program-not-ready',
      'program-not-ready',
    ]);
  });
});

describe('a readiness gate', () => {
  const gated = (type: string): readonly string[] => {
    const scene = new Scene();
    const node = scene.node('n');
    scene.deployment('aws-load-balancer-controller', {
      namespace: 'kube-system',
      pods: [saying(node, 'AccessDenied: not authorized to perform elasticloadbalancing:DescribeTargetGroups')],
    });
    const ready = running(node);
    scene.deployment('web', {
      spec: { readinessGates: [{ conditionType: type }] },
      pods: [
        {
          ...ready,
          ready: false,
          status: (pod) => {
            const status = ready.status(pod) as { conditions: { type: string }[] };
            const conditions = status.conditions.map((one) =>
              one.type === 'Ready' ? { ...one, status: 'False' } : one,
            );
            return { ...status, conditions };
          },
        },
      ],
    });
    return causesOf(scene.assess()).map((cause) => cause.split(' ').slice(0, 3).join(' '));
  };
  const CONTROLLER = 'program-fails Deployment kube-system/aws-load-balancer-controller';

  it('stays unmet while the controller that sets it does not run', () => {
    expect(gated('target-health.elbv2.k8s.aws/k8s-shop-web')).toEqual([CONTROLLER]);
  });

  it('of another controller has another cause', () => {
    expect(gated('cloud.google.com/load-balancer-neg-ready')).toHaveLength(2);
  });
});
