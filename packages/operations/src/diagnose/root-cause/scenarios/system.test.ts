/** What the cluster runs on: name resolution, network plugin, metrics; and what of theirs fails elsewhere. */
import { describe, expect, it } from 'vitest';
import { ago, crashing, HOUR, pending, running, waiting } from './pod-states.suite.ts';
import { causeOf, causesOf, Scene, type Made } from './scene.suite.ts';

const ERROR = { reason: 'Error', exitCode: 1 } as const;

/** CoreDNS crashing behind its Service. */
function withoutResolver(): { readonly scene: Scene; readonly node: string } {
  const scene = new Scene();
  const node = scene.node('a');
  scene.service('kube-dns', { namespace: 'kube-system', selector: { 'k8s-app': 'kube-dns' } });
  scene.deployment('coredns', {
    namespace: 'kube-system',
    labels: { 'k8s-app': 'kube-dns' },
    pods: [crashing(node, ERROR), crashing(node, ERROR)],
  });
  return { scene, node };
}

function says(scene: Scene, pod: Made | undefined, line: string): void {
  const { namespace = '', name } = pod?.metadata ?? { name: '' };
  scene.logs.push({ namespace, pod: name, container: name.split('-')[0] ?? '', previous: true, lines: [line] });
}

describe('name resolution', () => {
  it.each([
    'getaddrinfo EAI_AGAIN queue.shop.svc.cluster.local',
    'dial tcp: lookup queue.shop on 10.12.0.10:53: read udp 10.8.0.4:40210->10.12.0.10:53: i/o timeout',
    'psycopg2.OperationalError: could not translate host name "db" to address: Temporary failure in name resolution',
  ])('is one cause for all who say that nobody answered: %s', (line) => {
    const { scene, node } = withoutResolver();
    for (const name of ['web', 'api']) says(scene, scene.deployment(name, { pods: [crashing(node, ERROR)] })[0], line);
    expect(causesOf(scene.assess())).toEqual(['program-fails Deployment kube-system/coredns 4']);
  });

  it('is not to blame where it answered that there is no such name', () => {
    const { scene, node } = withoutResolver();
    const [pod] = scene.deployment('web', { pods: [crashing(node, ERROR)] });
    says(scene, pod, 'dial tcp: lookup quue.shop on 10.12.0.10:53: no such host');
    expect(causesOf(scene.assess())).toHaveLength(2);
  });

  it('is not to blame while it answers', () => {
    const scene = new Scene();
    const node = scene.node('a');
    scene.service('kube-dns', { namespace: 'kube-system', selector: { 'k8s-app': 'kube-dns' } });
    scene.deployment('coredns', {
      namespace: 'kube-system',
      labels: { 'k8s-app': 'kube-dns' },
      pods: [crashing(node, ERROR), running(node)],
    });
    const [pod] = scene.deployment('web', { pods: [crashing(node, ERROR)] });
    says(scene, pod, 'getaddrinfo EAI_AGAIN queue.shop.svc.cluster.local');
    expect(causesOf(scene.assess()).filter((cause) => cause.startsWith('program-fails'))).toHaveLength(2);
  });
});

describe('a network plugin', () => {
  const REFUSED =
    'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "4be1": plugin type="calico" failed (add): error getting ClusterInformation: connection is unauthorized';
  const unwired = (scene: Scene, name: string, node: string) => {
    const [pod] = scene.deployment(name, { pods: [waiting(node, 'ContainerCreating', '')] });
    if (pod !== undefined) scene.event(pod, 'Warning', 'FailedCreatePodSandBox', REFUSED);
  };

  it('that crashes on a node takes the pods there with it, not those of other nodes', () => {
    const scene = new Scene();
    const [a, b] = [scene.node('a'), scene.node('b')];
    scene.daemonSet('calico-node', { spec: { hostNetwork: true }, pods: [crashing(a, ERROR), running(b)] });
    unwired(scene, 'web', a);
    unwired(scene, 'api', b);
    expect(causesOf(scene.assess())).toEqual([
      'program-fails DaemonSet kube-system/calico-node 2',
      'pod-network-unavailable Node b 1',
    ]);
  });

  it('that runs and refuses is one cause for each node, however many pods wait there', () => {
    const scene = new Scene();
    const a = scene.node('a');
    scene.daemonSet('calico-node', { spec: { hostNetwork: true }, pods: [running(a)] });
    unwired(scene, 'web', a);
    unwired(scene, 'api', a);
    const assessment = scene.assess();
    expect(causesOf(assessment)).toEqual(['pod-network-unavailable Node a 2']);
    expect(causeOf(assessment, 'pod-network-unavailable').statement).toContain('2 pods get no network on node a');
  });
});

describe('the metrics API', () => {
  const blind = (scene: Scene, pods: Parameters<Scene['deployment']>[1]['pods']) => {
    scene.deployment('metrics-server', { namespace: 'kube-system', pods });
    scene.service('metrics-server', { namespace: 'kube-system' });
    scene.add('apiregistration.k8s.io/v1', 'APIService', 'v1beta1.metrics.k8s.io', undefined, {
      spec: {
        group: 'metrics.k8s.io',
        version: 'v1beta1',
        service: { namespace: 'kube-system', name: 'metrics-server' },
      },
      status: {
        conditions: [{ type: 'Available', status: 'False', reason: 'MissingEndpoints', lastTransitionTime: ago(HOUR) }],
      },
    });
    scene.add('autoscaling/v2', 'HorizontalPodAutoscaler', 'web', 'shop', {
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
        maxReplicas: 4,
        metrics: [
          { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } },
        ],
      },
      status: {
        currentReplicas: 1,
        desiredReplicas: 1,
        conditions: [
          {
            type: 'ScalingActive',
            status: 'False',
            reason: 'FailedGetResourceMetric',
            message:
              'the HPA was unable to compute the replica count: failed to get cpu utilization: unable to get metrics for resource cpu: unable to fetch metrics from resource metrics API: the server is currently unable to handle the request (get pods.metrics.k8s.io)',
            lastTransitionTime: ago(HOUR),
          },
        ],
      },
    });
  };

  it('fails with the program that serves it: one cause, and the chain runs over the API', () => {
    const scene = new Scene();
    const node = scene.node('a');
    scene.deployment('web', { pods: [running(node)] });
    blind(scene, [crashing(node, ERROR)]);
    const assessment = scene.assess();
    expect(causesOf(assessment)).toEqual(['program-fails Deployment kube-system/metrics-server 1']);
    expect(causeOf(assessment, 'program-fails').chain.map(({ to }) => to.split(':')[0])).toContain(
      'metrics-server-absent',
    );
  });

  it('is a cause by itself while its program runs', () => {
    const scene = new Scene();
    const node = scene.node('a');
    scene.deployment('web', { pods: [running(node)] });
    blind(scene, [running(node)]);
    expect(causesOf(scene.assess())).toEqual(['metrics-server-absent APIService v1beta1.metrics.k8s.io 0']);
  });
});

describe('nodes that are cordoned', () => {
  it('while pods wait for them are one cause', () => {
    const scene = new Scene();
    const names = ['a', 'b'].map((name) => scene.node(name, { unschedulable: true }));
    const message =
      '0/2 nodes are available: 2 node(s) were unschedulable. preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.';
    scene.deployment('web', { pods: [running(names[0] ?? ''), pending(message)] });
    expect(causesOf(scene.assess())).toEqual(['nodes-cordoned Deployment shop/web 1']);
  });
});

describe('a container that cannot be configured', () => {
  it('is one cause for the workload, not one for each pod', () => {
    const scene = new Scene();
    const node = scene.node('a');
    const message = 'container has runAsNonRoot and image will run as root (pod: "web-1_shop(uid)", container: web)';
    const refused = waiting(node, 'CreateContainerConfigError', message);
    scene.deployment('web', { pods: [refused, refused] });
    const assessment = scene.assess();
    expect(causesOf(assessment)).toEqual(['container-cannot-be-configured Deployment shop/web 2']);
    expect(causeOf(assessment, 'container-cannot-be-configured').probability).toBeGreaterThan(0.98);
  });
});
