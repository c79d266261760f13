/** Failures that show at a Service, an Ingress or a route, and where they come from. */
import { describe, expect, it } from 'vitest';
import {
  ago,
  condition,
  crashing,
  HOUR,
  MINUTE,
  running,
  unready,
  waiting,
  type PodState,
} from './pod-states.suite.ts';
import { causeOf, causesOf, Scene, type Made } from './scene.suite.ts';

type Json = Record<string, unknown>;

const GATEWAY = 'gateway.networking.k8s.io/v1';

function ingress(scene: Scene, name: string, services: readonly string[], more: Json = {}, status?: Json): Made {
  const paths = services.map((service) => ({
    path: `/${service}`,
    pathType: 'Prefix',
    backend: { service: { name: service, port: { number: 80 } } },
  }));
  return scene.add('networking.k8s.io/v1', 'Ingress', name, 'shop', {
    spec: { ingressClassName: 'nginx', rules: [{ host: 'shop.example.com', http: { paths } }], ...more },
    status: status ?? { loadBalancer: { ingress: [{ ip: '203.0.113.7' }] } },
  });
}

function nginx(scene: Scene): void {
  scene.add('networking.k8s.io/v1', 'IngressClass', 'nginx', undefined, {
    spec: { controller: 'k8s.io/ingress-nginx' },
  });
}

function route(scene: Scene, name: string, service: string): Made {
  return scene.add(GATEWAY, 'HTTPRoute', name, 'shop', {
    spec: { parentRefs: [{ name: 'edge' }], rules: [{ backendRefs: [{ name: service, port: 80 }] }] },
  });
}

/** A gateway of a class that is well, with conditions of its own. */
function gateway(scene: Scene, conditions: readonly Json[], more: Json = {}): Made {
  scene.add(GATEWAY, 'GatewayClass', 'there', undefined, {
    spec: { controllerName: 'example.com/gw' },
    status: { conditions: [condition('Accepted', 'True', 'Accepted')] },
  });
  const listeners = [{ name: 'http', port: 80, protocol: 'HTTP' }];
  return scene.add(GATEWAY, 'Gateway', 'edge', 'shop', {
    spec: { gatewayClassName: 'there', listeners, ...more },
    status: { conditions },
  });
}

/** On a node that is gone: marked for deletion, no longer ready. */
function lost(node: string): PodState {
  return {
    ...running(node),
    ready: false,
    metadata: { deletionTimestamp: ago(50 * MINUTE), deletionGracePeriodSeconds: 30 },
    status: (pod) => ({
      ...running(node).status(pod),
      conditions: [condition('Ready', 'False', '', '', HOUR), condition('PodScheduled', 'True', '')],
    }),
  };
}

/** `from → to` of every edge, by code. */
function steps(chain: readonly { readonly from: string; readonly to: string }[]): readonly string[] {
  const code = (id: string): string => id.slice(0, id.indexOf(':'));
  return [...new Set(chain.map(({ from, to }) => `${code(from)} → ${code(to)}`))];
}

describe('what a request from outside meets', () => {
  it('a lost node: its pods are gone, the endpoints are empty, the Ingress gives errors: one cause', () => {
    const scene = new Scene();
    const node = scene.node('lost', { ready: 'Unknown' });
    nginx(scene);
    scene.deployment('web', { replicas: 1, pods: [lost(node)] });
    scene.service('web');
    scene.add('discovery.k8s.io/v1', 'EndpointSlice', 'web-x', 'shop', {
      metadata: { labels: { 'kubernetes.io/service-name': 'web' } },
      addressType: 'IPv4',
      endpoints: [{ addresses: ['10.4.0.1'], conditions: { ready: false }, targetRef: { kind: 'Pod', name: 'x' } }],
    });
    ingress(scene, 'shop', ['web']);
    const diagnosis = scene.assess();
    expect(diagnosis.rootCauses.map(({ class: name, resource }) => `${name} ${resource.name}`)).toEqual([
      'node-not-ready lost',
    ]);
    const { chain, impact } = causeOf(diagnosis, 'node-not-ready');
    expect(steps(chain)).toEqual([
      'node-not-ready@/Node//los → node-not-ready',
      'node-not-ready → pod-stuck-terminating',
      'pod-stuck-terminating → deployment-unavailable',
      'deployment-unavailable → service-without-endpoints',
      'service-without-endpoints → ingress-backend-unavailable',
    ]);
    expect(impact).toMatchObject({ unanswered: 1, routes: 1 });
  });

  it('pods on a lost node that stay where they are, their containers fine when last heard of', () => {
    const scene = new Scene();
    const node = scene.node('lost', { ready: 'Unknown' });
    const silent: PodState = { ...lost(node), metadata: {} };
    const elsewhere = running(scene.node('near'));
    for (const name of ['web', 'cart']) scene.deployment(name, { replicas: 2, pods: [elsewhere, silent] });
    scene.statefulSet('db', { pods: [silent] });
    const causes = scene.assess().rootCauses;
    expect(causes.map(({ class: name, resource }) => `${name} ${resource.name}`)).toEqual(['node-not-ready lost']);
    expect(causes[0]?.impact.workloads).toEqual(['Deployment shop/cart', 'Deployment shop/web', 'StatefulSet shop/db']);
  });

  it('a node that was lost just now: the Service is empty before anything else is late', () => {
    const scene = new Scene();
    const node = scene.node('lost', { ready: 'Unknown' });
    scene.statefulSet('db', {
      pods: [{ ...lost(node), metadata: { deletionTimestamp: ago(4 * MINUTE), deletionGracePeriodSeconds: 30 } }],
    });
    const causes = scene.assess().rootCauses.map(({ class: name, resource }) => `${name} ${resource.name}`);
    expect(causes).toEqual(['node-not-ready lost']);
  });

  it('a crash loop behind a Service that an Ingress and a route share', () => {
    const scene = new Scene();
    const node = scene.node('n');
    nginx(scene);
    gateway(scene, [condition('Accepted', 'True', 'Accepted'), condition('Programmed', 'True', 'Programmed')]);
    scene.deployment('web', { pods: [crashing(node, { reason: 'Error', exitCode: 1 })] });
    scene.service('web');
    ingress(scene, 'shop', ['web']);
    route(scene, 'shop', 'web');
    const diagnosis = scene.assess();
    expect(causesOf(diagnosis)).toEqual(['program-fails Deployment shop/web 1']);
    expect(diagnosis.rootCauses[0]?.impact).toMatchObject({ unanswered: 1, routes: 2 });
    expect(diagnosis.findings.every(({ explainedBy }) => explainedBy !== undefined)).toBe(true);
  });

  it('a selector that lost its workload is the cause, with the label that differs', () => {
    const scene = new Scene();
    const node = scene.node('n');
    nginx(scene);
    scene.deployment('web', { labels: { tier: 'front' }, pods: [running(node)] });
    scene.service('web', { selector: { app: 'web', tier: 'frontend' } });
    ingress(scene, 'shop', ['web']);
    const diagnosis = scene.assess();
    expect(causesOf(diagnosis)).toEqual(['service-selects-nothing Service shop/web 0']);
    const [cause] = diagnosis.rootCauses;
    expect(cause?.statement).toContain('tier=front');
    expect(cause?.probability).toBeGreaterThan(0.9);
    expect(cause?.impact.routes).toBe(1);
  });

  it('an Ingress to a workload that is scaled to zero is no cause', () => {
    const scene = new Scene();
    scene.node('n');
    nginx(scene);
    scene.deployment('web', { pods: [], replicas: 0 });
    scene.service('web');
    ingress(scene, 'shop', ['web']);
    const diagnosis = scene.assess();
    expect(diagnosis.rootCauses).toEqual([]);
    expect(diagnosis.findings.map(({ code, severity }) => `${severity} ${code}`).sort()).toEqual([
      'info ingress-backend-unavailable',
      'info service-without-endpoints',
      'info workload-scaled-to-zero',
    ]);
  });

  it('a port name that no pod has', () => {
    const scene = new Scene();
    const node = scene.node('n');
    nginx(scene);
    scene.deployment('web', { container: { ports: [{ name: 'http', containerPort: 8080 }] }, pods: [running(node)] });
    scene.service('web', { spec: { ports: [{ port: 80, targetPort: 'web' }] } });
    ingress(scene, 'shop', ['web']);
    expect(causesOf(scene.assess())).toEqual(['service-target-port-missing Service shop/web 0']);
  });

  it('what the controller of an Ingress complains of is folded under what is missing', () => {
    const scene = new Scene();
    scene.node('n');
    nginx(scene);
    scene.service('other');
    const made = ingress(scene, 'shop', ['gone'], { ingressClassName: 'gce' }, { loadBalancer: {} });
    scene.event(
      made,
      'Warning',
      'Translate',
      'Translation failed: invalid ingress spec: could not find service "shop/gone"',
    );
    const diagnosis = scene.assess();
    expect(causesOf(diagnosis)).toEqual(['ingress-backend-missing Ingress shop/shop 0']);
    expect(diagnosis.rootCauses[0]?.explains).toHaveLength(2);
  });

  it('a Gateway whose certificate is gone is not programmed: one cause', () => {
    const scene = new Scene();
    scene.node('n');
    gateway(
      scene,
      [condition('Accepted', 'True', 'Accepted'), condition('Programmed', 'False', 'Invalid', 'no valid listener')],
      {
        listeners: [{ name: 'https', port: 443, protocol: 'HTTPS', tls: { certificateRefs: [{ name: 'gone-tls' }] } }],
      },
    );
    expect(causesOf(scene.assess())).toEqual(['gateway-tls-secret-missing Gateway shop/edge 0']);
  });

  it('a Gateway without an address because its Service waits for one', () => {
    const scene = new Scene();
    scene.node('n');
    gateway(scene, [
      condition('Accepted', 'True', 'Accepted'),
      condition('Programmed', 'False', 'AddressNotAssigned', 'No addresses have been assigned'),
    ]);
    const service = scene.service('edge-gw', {
      type: 'LoadBalancer',
      selector: { app: 'edge' },
      metadata: { labels: { 'gateway.networking.k8s.io/gateway-name': 'edge' } },
    });
    scene.event(
      service,
      'Warning',
      'SyncLoadBalancerFailed',
      'Error syncing load balancer: failed to ensure load balancer: mixed protocol is not supported for LoadBalancer',
    );
    expect(causesOf(scene.assess())).toEqual(['load-balancer-invalid-request Service shop/edge-gw 0']);
  });

  it('a class that no controller takes leaves its Gateways out of effect', () => {
    const scene = new Scene();
    scene.node('n');
    scene.add(GATEWAY, 'GatewayClass', 'there', undefined, {
      spec: { controllerName: 'example.com/gw' },
      status: { conditions: [condition('Accepted', 'Unknown', 'Pending', 'Waiting for controller')] },
    });
    scene.add(GATEWAY, 'Gateway', 'edge', 'shop', {
      spec: { gatewayClassName: 'there', listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] },
      status: { conditions: [condition('Accepted', 'Unknown', 'Pending', 'Waiting for controller')] },
    });
    expect(causesOf(scene.assess())).toEqual(['gateway-class-not-accepted GatewayClass there 0']);
  });
});

describe('what calls a Service inside', () => {
  const failing = (scene: Scene, node: string, host: string): void => {
    const [pod] = scene.deployment('api', {
      container: { readinessProbe: { httpGet: { path: '/ready', port: 8080 } } },
      pods: [unready(node)],
    });
    scene.service('api');
    scene.event(
      pod as Made,
      'Warning',
      'Unhealthy',
      `Readiness probe failed: HTTP probe failed with statuscode: 503: dial tcp: connect to ${host}:5432: connection refused`,
    );
  };

  it('a database that somebody scaled to zero', () => {
    const scene = new Scene();
    const node = scene.node('n');
    scene.deployment('db', { pods: [], replicas: 0 });
    scene.service('db');
    failing(scene, node, 'db.shop.svc.cluster.local');
    const diagnosis = scene.assess();
    expect(causesOf(diagnosis)).toEqual(['workload-scaled-to-zero Deployment shop/db 1']);
  });

  it('a selector that matches nothing', () => {
    const scene = new Scene();
    const node = scene.node('n');
    scene.deployment('db', { pods: [running(node)] });
    scene.service('db', { selector: { app: 'db', current: 'db' } });
    failing(scene, node, 'db.shop');
    expect(causesOf(scene.assess())).toEqual(['service-selects-nothing Service shop/db 1']);
  });

  it('a number that no container listens on, once a caller says that the connection is refused', () => {
    const scene = new Scene();
    const node = scene.node('n');
    scene.deployment('db', { container: { ports: [{ containerPort: 5432 }] }, pods: [running(node)] });
    scene.service('db', { spec: { ports: [{ port: 5432, targetPort: 9999 }] } });
    failing(scene, node, 'db.shop');
    expect(causesOf(scene.assess())).toEqual(['service-target-port-missing Service shop/db 1']);
  });

  it('through two steps, with the Ingress before them', () => {
    const scene = new Scene();
    const node = scene.node('n');
    nginx(scene);
    scene.deployment('db', {
      container: { env: [{ name: 'P', valueFrom: { secretKeyRef: { name: 'db-auth', key: 'password' } } }] },
      pods: [waiting(node, 'CreateContainerConfigError', 'secret "db-auth" not found')],
    });
    scene.service('db');
    failing(scene, node, 'db');
    ingress(scene, 'shop', ['api']);
    const diagnosis = scene.assess();
    expect(causesOf(diagnosis)).toEqual(['secret-missing Secret shop/db-auth 2']);
    expect(diagnosis.rootCauses[0]?.impact).toMatchObject({ unanswered: 2, routes: 1 });
  });
});
