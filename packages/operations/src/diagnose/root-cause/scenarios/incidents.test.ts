/** Load balancers, nodes, and several things at once. */
import { describe, expect, it } from 'vitest';
import {
  ago,
  completed,
  condition,
  crashing,
  HOUR,
  MINUTE,
  pending,
  running,
  unready,
  waiting,
  type PodState,
} from './pod-states.suite.ts';
import { causeOf, causesOf, outcomesOf, quota, Scene, type Made } from './scene.suite.ts';

const FULL =
  '0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.';
const dbSecret = { env: [{ name: 'P', valueFrom: { secretKeyRef: { name: 'db-auth', key: 'password' } } }] };

describe('load balancers', () => {
  const pendingService = (scene: Scene, name: string, message: string, more: object = {}): Made => {
    const service = scene.service(name, { type: 'LoadBalancer', ...more });
    scene.event(
      service,
      'Warning',
      'SyncLoadBalancerFailed',
      `Error syncing load balancer: failed to ensure load balancer: ${message}`,
    );
    return service;
  };
  const ADDRESSES =
    "failed to ensure a static IP for load balancer (a1b2(shop/x)): error creating gce static IP address: googleapi: Error 403: Quota 'IN_USE_ADDRESSES' exceeded.  Limit: 8.0 in region us-central1., quotaExceeded";
  const RULES =
    "failed to create forwarding rule for load balancer (a1b2(shop/x)): googleapi: Error 403: Quota 'FORWARDING_RULES' exceeded.  Limit: 15.0 globally., quotaExceeded";

  it('of which six wait for addresses: one cause, with what is lacking', () => {
    const scene = new Scene();
    scene.node('n');
    for (const name of ['a', 'b']) scene.service(name, { type: 'LoadBalancer', ip: '34.1.1.1' });
    for (let i = 0; i < 6; i++) pendingService(scene, `wait-${i}`, ADDRESSES);
    scene.gke([{ name: 'default-pool' }], [quota('IN_USE_ADDRESSES', 8, 8)]);
    const assessment = scene.assess();
    expect(assessment.rootCauses.map(({ class: name, impact }) => [name, impact.services])).toEqual([
      ['load-balancer-quota-exhausted', 6],
    ]);
    const cause = causeOf(assessment, 'load-balancer-quota-exhausted');
    expect(outcomesOf(cause)[0]).toBe(
      'with 6 more IN_USE_ADDRESSES in us-central1: all 6 pending Services would get an address',
    );
    expect(cause.explains).toContain('quota-exhausted:compute.googleapis.com/Quota//us-central1/IN_USE_ADDRESSES');
  });

  it('that lack forwarding rules, a global quota', () => {
    const scene = new Scene();
    scene.node('n');
    pendingService(scene, 'a', RULES);
    scene.gke([{ name: 'default-pool' }], [quota('FORWARDING_RULES', 15, 15, 'global')]);
    const cause = causeOf(scene.assess(), 'load-balancer-quota-exhausted');
    expect(cause.resource.name).toBe('global/FORWARDING_RULES');
  });

  it('that lack addresses and others that lack rules: two causes', () => {
    const scene = new Scene();
    scene.node('n');
    pendingService(scene, 'a', ADDRESSES);
    pendingService(scene, 'b', RULES);
    expect(
      scene
        .assess()
        .rootCauses.map(({ resource }) => resource.name)
        .sort(),
    ).toEqual(['global/FORWARDING_RULES', 'us-central1/IN_USE_ADDRESSES']);
  });

  it.each([
    ['load-balancer-address-conflict', 'requested ip "34.9.9.9" is neither static nor assigned to the LB'],
    ['load-balancer-invalid-request', 'mixed protocol is not supported for LoadBalancer'],
    [
      'load-balancer-permission',
      "googleapi: Error 403: Required 'compute.forwardingRules.create' permission for 'projects/acme/regions/us-central1/forwardingRules/a1b2', forbidden",
    ],
    [
      'load-balancer-invalid-request',
      "googleapi: Error 400: Invalid value for field 'resource.IPAddress': '10.0.0.300'. Must be a valid IP address., invalid",
    ],
    [
      'load-balancer-not-found',
      "googleapi: Error 404: The resource 'projects/acme/regions/us-central1/subnetworks/lb' was not found, notFound",
    ],
  ])('%s', (name, message) => {
    const scene = new Scene();
    scene.node('n');
    pendingService(scene, 'a', message);
    const assessment = scene.assess();
    expect(causesOf(assessment)).toEqual([`${name} Service shop/a 0`]);
    expect(assessment.rootCauses[0]?.impact.services).toBe(1);
    expect(assessment.rootCauses[0]?.remediation.text).not.toMatch(/Read the event/);
  });

  it('without a node to send traffic to', () => {
    const scene = new Scene();
    const service = scene.service('a', { type: 'LoadBalancer' });
    scene.node('n', { ready: 'False' });
    scene.event(service, 'Warning', 'UnAvailableLoadBalancer', 'There are no available nodes for LoadBalancer');
    const assessment = scene.assess();
    const finding = assessment.findings.find(({ code }) => code === 'load-balancer-pending');
    expect(finding?.explainedBy).toBe('node-not-ready@/Node//n');
  });

  it('two Services with different wrong requests have two causes', () => {
    const scene = new Scene();
    scene.node('n');
    pendingService(scene, 'a', 'requested ip "34.9.9.9" is neither static nor assigned to the LB');
    pendingService(scene, 'b', 'requested ip "34.9.9.8" is neither static nor assigned to the LB');
    expect(scene.assess().rootCauses).toHaveLength(2);
  });

  it('whose reason was not seen have no stated cause', () => {
    const scene = new Scene();
    scene.node('n');
    scene.service('a', { type: 'LoadBalancer' });
    const [cause] = scene.assess().rootCauses;
    expect(cause?.title).toContain('cause not seen');
    expect(cause?.probability).toBeLessThan(0.5);
  });
});

describe('load balancers without a cloud', () => {
  const kind = (image: string) => {
    const scene = new Scene();
    const node = scene.add('v1', 'Node', 'kind-control-plane', undefined, {
      spec: { providerID: 'kind://docker/kind/kind-control-plane' },
      status: { allocatable: { cpu: '4', memory: '8Gi', pods: '110' }, conditions: [condition('Ready', 'True', '')] },
    });
    scene.deployment('web', { image, pods: [running(node.metadata.name)] });
    for (const name of ['a', 'b']) scene.service(name, { type: 'LoadBalancer', selector: { app: 'web' } });
    return causesOf(scene.assess()).map((cause) => cause.split(' ')[0]);
  };

  it('wait together for a controller that is not there', () => {
    expect(kind('nginx:1.27')).toEqual(['load-balancer-controller-absent']);
  });

  it('are not told so where one stands in for a cloud', () => {
    expect(kind('quay.io/metallb/controller:v0.14.9')).toEqual(['load-balancer-pending', 'load-balancer-pending']);
  });
});

describe('nodes', () => {
  it('one that is lost takes its pods: one cause, not one per pod', () => {
    const scene = new Scene();
    const lost = scene.node('lost', { ready: 'Unknown' });
    const well = scene.node('well');
    const gone: PodState = {
      ...running(lost),
      ready: false,
      metadata: { deletionTimestamp: ago(50 * MINUTE), deletionGracePeriodSeconds: 30 },
      status: (pod) => ({
        ...running(lost).status(pod),
        conditions: [
          condition('Ready', 'False', '', '', HOUR),
          condition('ContainersReady', 'True', ''),
          condition('PodScheduled', 'True', ''),
        ],
      }),
    };
    for (const name of ['api', 'web', 'cart']) scene.deployment(name, { replicas: 2, pods: [gone, running(well)] });
    const assessment = scene.assess();
    expect(assessment.rootCauses.map(({ class: name, resource }) => `${name} ${resource.name}`)).toEqual([
      'node-not-ready lost',
    ]);
    expect(causeOf(assessment, 'node-not-ready').impact.pods).toBe(3);
  });

  it('a disk under pressure evicts pods', () => {
    const scene = new Scene();
    const node = scene.node('full', {
      taints: [{ key: 'node.kubernetes.io/disk-pressure', effect: 'NoSchedule' }],
      conditions: [
        {
          type: 'DiskPressure',
          status: 'True',
          reason: 'KubeletHasDiskPressure',
          message: 'kubelet has disk pressure',
          lastTransitionTime: ago(HOUR),
        },
      ],
    });
    const well = scene.node('well');
    const evicted: PodState = {
      node,
      phase: 'Failed',
      status: () => ({
        reason: 'Evicted',
        message: 'The node was low on resource: ephemeral-storage. Threshold quantity: 10Gi, available: 5Gi. ',
        conditions: [
          condition(
            'DisruptionTarget',
            'True',
            'TerminationByKubelet',
            'The node was low on resource: ephemeral-storage.',
          ),
        ],
      }),
    };
    scene.deployment('api', { replicas: 1, pods: [running(well), evicted, evicted] });
    const assessment = scene.assess();
    expect(assessment.rootCauses.map(({ class: name, resource }) => `${name} ${resource.name}`)).toEqual([
      'node-pressure full',
    ]);
  });
});

describe('several things at once', () => {
  it('independent incidents keep their own causes, the worst first', () => {
    const scene = new Scene();
    const node = scene.node('gke-shop-default-pool-7f3c2a91-n0');
    scene.service('web');
    scene.deployment('web', {
      image: 'registry.example.com/web:9',
      pods: [1, 2, 3].map(() =>
        waiting(
          node,
          'ImagePullBackOff',
          'Back-off pulling image "registry.example.com/web:9": ErrImagePull: failed to resolve reference "registry.example.com/web:9": registry.example.com/web:9: not found',
        ),
      ),
    });
    scene.deployment('holder', { cpu: '3800m', pods: [running(node)] });
    scene.deployment('batch', { cpu: '1', pods: [pending(FULL)] });
    scene.deployment('db', {
      container: dbSecret,
      pods: [waiting(node, 'CreateContainerConfigError', 'secret "db-auth" not found')],
    });
    scene.gke([{ name: 'default-pool' }], [quota('CPUS', 4, 4)]);
    const assessment = scene.assess();
    expect(causesOf(assessment).toSorted()).toEqual([
      'image-unavailable Deployment shop/web 3',
      'quota-exhausted Quota us-central1/CPUS 1',
      'secret-missing Secret shop/db-auth 1',
    ]);
    expect(assessment.rootCauses[0]?.class).toBe('image-unavailable');
  });

  function cascade(words: string) {
    const scene = new Scene();
    const node = scene.node('n');
    scene.service('db', { spec: { clusterIP: '10.12.4.77' } });
    scene.deployment('db', {
      container: dbSecret,
      pods: [waiting(node, 'CreateContainerConfigError', 'secret "db-auth" not found')],
    });
    scene.service('api');
    const [pod] = scene.deployment('api', {
      container: { readinessProbe: { httpGet: { path: '/ready', port: 8080 } } },
      pods: [unready(node)],
    });
    scene.event(pod as Made, 'Warning', 'Unhealthy', words);
    return scene;
  }

  it('an API that says it cannot reach the database: folded under what stops the database', () => {
    const scene = cascade(
      'Readiness probe failed: HTTP probe failed with statuscode: 503: dial tcp: connect to db.shop.svc.cluster.local:5432: connection refused',
    );
    const assessment = scene.assess();
    expect(causesOf(assessment)).toEqual(['secret-missing Secret shop/db-auth 2']);
    const { chain } = causeOf(assessment, 'secret-missing');
    expect(chain.map(({ relation }) => relation).join('\n')).toContain('Service shop/db');
  });

  it('by the address of the Service as well', () => {
    expect(
      causesOf(cascade('Readiness probe failed: dial tcp 10.12.4.77:5432: connect: connection refused').assess()),
    ).toEqual(['secret-missing Secret shop/db-auth 2']);
  });

  it('an API that is unready for what it does not say keeps a cause of its own', () => {
    const assessment = cascade('Readiness probe failed: HTTP probe failed with statuscode: 503').assess();
    expect(causesOf(assessment).toSorted()).toEqual([
      'program-not-ready Deployment shop/api 1',
      'secret-missing Secret shop/db-auth 1',
    ]);
  });

  it('a Service that is only named in the environment is a hint: a rival, no cause', () => {
    const scene = new Scene();
    const node = scene.node('n');
    scene.service('db');
    scene.deployment('db', {
      container: dbSecret,
      pods: [waiting(node, 'CreateContainerConfigError', 'secret "db-auth" not found')],
    });
    for (const [name, value] of [
      ['api', 'db'],
      ['worker', 'postgres://db.shop:5432/app'],
      ['other', 'http://other:80, postgres://db.example.com:5432/app'],
    ] as const)
      scene.deployment(name, {
        container: { env: [{ name: 'DB', value }] },
        pods: [crashing(node, { reason: 'Error', exitCode: 1 })],
      });
    // One that names itself proves nothing.
    scene.service('other');
    const assessment = scene.assess();
    expect(causesOf(assessment).toSorted()).toEqual([
      'program-fails Deployment shop/api 1',
      'program-fails Deployment shop/other 1',
      'program-fails Deployment shop/worker 1',
      'secret-missing Secret shop/db-auth 1',
    ]);
    const rivals = (name: string) =>
      assessment.rootCauses.find(({ resource }) => resource.name === name)?.rivals.map((rival) => rival.class);
    expect([rivals('api'), rivals('worker'), rivals('other')]).toEqual([
      ['dependency-unavailable'],
      ['dependency-unavailable'],
      [],
    ]);
  });

  it('a mention of another host is no evidence', () => {
    const assessment = cascade(
      'Readiness probe failed: dial tcp: lookup db.example.com on 10.12.0.10:53: no such host',
    ).assess();
    expect(assessment.rootCauses).toHaveLength(2);
  });

  it('a log line that names the Service is evidence', () => {
    const scene = new Scene();
    const node = scene.node('n');
    scene.service('db');
    scene.deployment('db', {
      container: dbSecret,
      pods: [waiting(node, 'CreateContainerConfigError', 'secret "db-auth" not found')],
    });
    const [pod] = scene.deployment('api', { pods: [crashing(node, { reason: 'Error', exitCode: 1 })] });
    scene.logs.push({
      namespace: 'shop',
      pod: (pod as Made).metadata.name,
      container: 'api',
      previous: true,
      lines: ['boot', 'psycopg2.OperationalError: could not translate host name "db" to address', 'exit'],
    });
    expect(causesOf(scene.assess())).toEqual(['secret-missing Secret shop/db-auth 2']);
  });

  it('two that call each other are left apart', () => {
    const scene = new Scene();
    const node = scene.node('n');
    for (const [name, other] of [
      ['a', 'b'],
      ['b', 'a'],
    ] as const) {
      scene.service(name);
      const [pod] = scene.deployment(name, { pods: [unready(node)] });
      scene.event(
        pod as Made,
        'Warning',
        'Unhealthy',
        `Readiness probe failed: dial tcp: connect to ${other}.shop.svc:80: connection refused`,
      );
    }
    expect(causesOf(scene.assess()).toSorted()).toEqual([
      'program-not-ready Deployment shop/a 1',
      'program-not-ready Deployment shop/b 1',
    ]);
  });

  it('the chain runs from the quota over the refusal to the pod and its workload, each edge with evidence', () => {
    const scene = new Scene();
    const node = scene.node('gke-shop-default-pool-7f3c2a91-n0');
    scene.deployment('holder', { cpu: '3800m', pods: [running(node)] });
    const pods = scene.deployment('batch', { cpu: '1', pods: [pending(FULL)] });
    scene.scaleUpFailed(pods, 'GCE quota exceeded');
    const message = "Instance 'gke-x' creation failed: Quota 'CPUS' exceeded.  Limit: 4.0 in region us-central1.";
    const name =
      'https://www.googleapis.com/compute/v1/projects/acme/zones/us-central1-b/instanceGroups/gke-shop-default-pool-7f3c2a91-grp';
    const status = {
      name,
      health: 'Healthy',
      ready: 1,
      target: 1,
      minSize: 1,
      maxSize: 9,
      scaleUp: 'Backoff',
      scaleDown: '',
      backoff: { errorCode: 'QUOTA_EXCEEDED', errorMessage: message },
    };
    scene.gke([{ name: 'default-pool' }], [quota('CPUS', 4, 4)], [status]);
    const { id, chain } = causeOf(scene.assess(), 'quota-exhausted');
    expect(chain.map(({ from, to }) => [from.split(':')[0], to.split(':')[0]])).toEqual([
      [id.split(':')[0], 'quota-exhausted'],
      ['quota-exhausted', 'scale-up-refused'],
      ['scale-up-refused', 'pod-unschedulable'],
      ['pod-unschedulable', 'deployment-unavailable'],
    ]);
    expect(
      chain.map(({ evidence }) =>
        evidence
          .map(({ kind }) => kind)
          .sort()
          .join(),
      ),
    ).toEqual(['quota', 'cloud,quota', 'cloud,event', expect.stringContaining('field')]);
  });

  it('jobs that are done and pods that ran are no incident beside one', () => {
    const scene = new Scene();
    const node = scene.node('n');
    scene.pod('job-x', 'shop', { 'job-name': 'job' }, undefined, {}, completed(node));
    scene.deployment('api', { pods: [crashing(node, { reason: 'Error', exitCode: 1 })] });
    expect(causesOf(scene.assess())).toEqual(['program-fails Deployment shop/api 1']);
  });

  it('failures in kube-system are never hidden', () => {
    const scene = new Scene();
    const node = scene.node('n');
    scene.deployment('kube-dns', {
      namespace: 'kube-system',
      pods: [crashing(node, { reason: 'Error', exitCode: 1 })],
    });
    scene.daemonSet('kube-proxy', {
      pods: [
        waiting(
          node,
          'ImagePullBackOff',
          'Back-off pulling image "k8s.gcr.io/kube-proxy:v1": ErrImagePull: k8s.gcr.io/kube-proxy:v1: not found',
        ),
      ],
    });
    expect(
      scene
        .assess()
        .rootCauses.map(({ class: name, resource }) => `${name} ${resource.name}`)
        .toSorted(),
    ).toEqual(['image-unavailable kube-proxy', 'program-fails kube-dns']);
  });
});
