/** Never cry wolf about Services, Ingresses and the Gateway API: what looks like a fault and is none, seen by every rule. */
import { describe, expect, it } from 'vitest';
import { severityRank } from './finding.ts';
import {
  brief,
  condition,
  DAY,
  deployment,
  findingsIn,
  node,
  object,
  pod,
  replicaSet,
  service,
  state,
} from './scene.suite.ts';

const GATEWAY = 'gateway.networking.k8s.io/v1';
const whole = [deployment(1, 1), replicaSet('web-1', 1, 1), pod('web-1-a')];
const slice = (name: string, endpoints: readonly object[]) =>
  object('discovery.k8s.io/v1', 'EndpointSlice', `${name}-x`, {
    metadata: { labels: { 'kubernetes.io/service-name': name } },
    addressType: 'IPv4',
    endpoints,
    ports: [{ name: '', port: 8080, protocol: 'TCP' }],
  });
const ingress = (name: string, spec: object, more: object = {}) =>
  object('networking.k8s.io/v1', 'Ingress', name, {
    spec,
    status: { loadBalancer: { ingress: [{ ip: '203.0.113.7' }] } },
    ...more,
  });
const nginx = object('networking.k8s.io/v1', 'IngressClass', 'nginx', {
  metadata: { namespace: undefined },
  spec: { controller: 'k8s.io/ingress-nginx' },
});
const backend = (name: string) => ({ service: { name, port: { number: 80 } } });
const paths = (...services: readonly string[]) =>
  services.map((name) => ({ path: `/${name}`, pathType: 'Prefix', backend: backend(name) }));
const accepted = [condition('Accepted', 'True', DAY), condition('Programmed', 'True', DAY)];
const edge = [
  object(GATEWAY, 'GatewayClass', 'gw', {
    metadata: { namespace: undefined },
    spec: { controllerName: 'example.com/gw' },
    status: { conditions: [condition('Accepted', 'True', DAY)] },
  }),
  object(GATEWAY, 'Gateway', 'edge', {
    spec: { gatewayClassName: 'gw', listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] },
    status: { conditions: accepted, listeners: [{ name: 'http', attachedRoutes: 1, conditions: accepted }] },
  }),
];

/** Severities above low. */
const loud = (objects: readonly unknown[]) =>
  brief(findingsIn([node(), ...objects]).filter(({ severity }) => severityRank(severity) < severityRank('low')));

describe('Services', () => {
  it.each<[string, readonly unknown[]]>([
    ['one that serves, told by its pods', [...whole, service('web')]],
    [
      'one that serves, told by its slices',
      [
        ...whole,
        service('web'),
        slice('web', [{ addresses: ['10.4.0.1'], targetRef: { kind: 'Pod', name: 'web-1-a' } }]),
      ],
    ],
    [
      'type NodePort with the Local policy and a number as target',
      [
        ...whole,
        service('web', {
          type: 'NodePort',
          externalTrafficPolicy: 'Local',
          ports: [{ port: 80, targetPort: 8080, nodePort: 30080 }],
        }),
      ],
    ],
    [
      'an ExternalName',
      [service('mail', { type: 'ExternalName', externalName: 'mail.example.com', selector: undefined })],
    ],
    [
      'one without selector whose addresses were set by hand',
      [
        service('legacy', { selector: undefined }),
        object('v1', 'Endpoints', 'legacy', {
          subsets: [{ addresses: [{ ip: '192.168.7.1' }], ports: [{ port: 80 }] }],
        }),
      ],
    ],
    [
      'the API server itself',
      [
        object('v1', 'Service', 'kubernetes', {
          metadata: { namespace: 'default' },
          spec: { clusterIP: '10.0.0.1', ports: [{ port: 443 }] },
          status: { loadBalancer: {} },
        }),
      ],
    ],
    [
      'a headless one that publishes what is not ready',
      [
        deployment(1, 1),
        replicaSet('web-1', 1, 1),
        pod('web-1-a'),
        service('peers', { clusterIP: 'None', publishNotReadyAddresses: true }),
      ],
    ],
    [
      'one whose pods have just been replaced',
      [
        deployment(1, 1),
        replicaSet('web-1', 1, 1),
        pod('web-1-b', { age: 1, unreadyFor: 1, statuses: [state.running({ ready: false }, 1)] }),
        service('web'),
      ],
    ],
    [
      'leases of leader election',
      [
        object('v1', 'Endpoints', 'kube-scheduler', {
          metadata: { namespace: 'kube-system', annotations: { 'control-plane.alpha.kubernetes.io/leader': '{}' } },
        }),
      ],
    ],
    ['a dump without pods and workloads', [service('web'), service('api', { selector: { app: 'api' } })]],
    [
      'Services of a component that a managed control plane hides',
      [...whole, service('kube-etcd', { clusterIP: 'None', selector: { component: 'etcd' } })],
    ],
  ])('%s', (_, objects) => {
    expect(loud(objects)).toEqual([]);
  });
});

describe('manifests', () => {
  it('say what shall be, so nothing is missing behind their Services', () => {
    const { status, ...manifest } = deployment(1, 1) as { status?: unknown };
    expect(status).toBeDefined();
    const objects = [manifest, service('web'), nginx, ingress('edge', { rules: [{ http: { paths: paths('web') } }] })];
    expect(brief(findingsIn(objects).filter(({ severity }) => severityRank(severity) < severityRank('low')))).toEqual(
      [],
    );
  });

  it('with the status of a cluster say that nothing is there', () => {
    const down = { ...(deployment(1, 0) as object), status: { observedGeneration: 1, replicas: 1 } };
    expect(findingsIn([down, service('web')]).map(({ code }) => code)).toContain('service-without-endpoints');
  });
});

describe('Ingresses', () => {
  it.each<[string, readonly unknown[]]>([
    [
      'one that serves',
      [
        ingress('shop', {
          ingressClassName: 'nginx',
          rules: [{ host: 'a.example.com', http: { paths: paths('web') } }],
        }),
      ],
    ],
    [
      'of a controller that publishes no address',
      [
        ingress(
          'shop',
          { ingressClassName: 'nginx', defaultBackend: backend('web') },
          { status: { loadBalancer: {} } },
        ),
      ],
    ],
    [
      'a canary of the same host',
      [
        ingress('shop', {
          ingressClassName: 'nginx',
          rules: [{ host: 'a.example.com', http: { paths: paths('web') } }],
        }),
        ingress(
          'canary',
          {
            ingressClassName: 'nginx',
            rules: [
              {
                host: 'a.example.com',
                http: { paths: [{ path: '/web', pathType: 'Prefix', backend: backend('web2') }] },
              },
            ],
          },
          { metadata: { annotations: { 'nginx.ingress.kubernetes.io/canary': 'true' } } },
        ),
        service('web2'),
      ],
    ],
    [
      'TLS with the default certificate',
      [
        ingress('shop', {
          ingressClassName: 'nginx',
          tls: [{ hosts: ['a.example.com'] }],
          defaultBackend: backend('web'),
        }),
      ],
    ],
    [
      'a backend that is another resource',
      [
        ingress('shop', {
          ingressClassName: 'nginx',
          defaultBackend: { resource: { kind: 'Bucket', name: 'static' } },
        }),
      ],
    ],
    ["GKE's own classes without an object", [ingress('shop', { ingressClassName: 'gce', tls: [{ hosts: ['a'] }] })]],
  ])('%s', (_, objects) => {
    expect(loud([...whole, service('web'), nginx, ...objects])).toEqual([]);
  });
});

describe('the Gateway API', () => {
  const route = (more: object = {}, spec: object = {}, kind = 'HTTPRoute') =>
    object(GATEWAY, kind, 'web', {
      spec: { parentRefs: [{ name: 'edge' }], rules: [{ backendRefs: [{ name: 'web', port: 80 }] }], ...spec },
      ...more,
    });
  it.each<[string, readonly unknown[]]>([
    ['a route that serves', [route()]],
    ['a route that names one listener', [route({}, { parentRefs: [{ name: 'edge', sectionName: 'http', port: 80 }] })]],
    ['a backend without a port', [route({}, { rules: [{ backendRefs: [{ name: 'web' }] }] })]],
    [
      'a canary of weight 0 without pods',
      [
        route(
          {},
          {
            rules: [
              {
                backendRefs: [
                  { name: 'web', port: 80 },
                  { name: 'next', port: 80, weight: 0 },
                ],
              },
            ],
          },
        ),
        service('next', { selector: { app: 'next' } }),
      ],
    ],
    ['a route of a mesh', [route({}, { parentRefs: [{ group: '', kind: 'Service', name: 'web' }] })]],
    [
      'a Gateway without conditions',
      [
        object(GATEWAY, 'Gateway', 'new', {
          spec: { gatewayClassName: 'gw', listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] },
        }),
      ],
    ],
    ['a route for gRPC', [route({}, {}, 'GRPCRoute')]],
  ])('%s', (_, objects) => {
    expect(
      brief(
        findingsIn([node(), ...whole, service('web'), ...edge, ...objects]).filter(
          ({ severity }) => severity !== 'low',
        ),
      ),
    ).toEqual([]);
  });
});
