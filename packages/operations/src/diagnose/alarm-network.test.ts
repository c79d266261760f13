/** Failures of Services, Ingresses and the Gateway API as other tools test them: exactly these findings, seen by every rule. */
import { describe, expect, it } from 'vitest';
import { brief, condition, event, findingsIn, object, service } from './scene.suite.ts';

const GATEWAY = 'gateway.networking.k8s.io/v1';
const endpoints = (name: string, fields: object = {}) => object('v1', 'Endpoints', name, { ...fields });
const ingress = (name: string, spec: object, more: object = {}) =>
  object('networking.k8s.io/v1', 'Ingress', name, { spec, ...more });
const http = (name: string, port: object = { number: 80 }) => ({
  rules: [{ host: 'example.com', http: { paths: [{ path: '/', backend: { service: { name, port } } }] } }],
});
const gateway = (conditions: readonly object[] | undefined, from: object | undefined = undefined) =>
  object(GATEWAY, 'Gateway', 'edge', {
    spec: {
      gatewayClassName: 'there',
      listeners: [{ name: 'proxy', port: 80, protocol: 'HTTP', ...(from && { allowedRoutes: { namespaces: from } }) }],
    },
    ...(conditions && { status: { conditions } }),
  });
const gatewayClass = (conditions: readonly object[] = []) =>
  object(GATEWAY, 'GatewayClass', 'there', {
    metadata: { namespace: undefined },
    spec: { controllerName: 'example.com/gw' },
    status: { conditions },
  });
const route = (parent: object, backends: readonly object[] = [{ name: 'web', port: 80 }]) =>
  object(GATEWAY, 'HTTPRoute', 'web', { spec: { parentRefs: [parent], rules: [{ backendRefs: backends }] } });
const web = (port = 80) => service('web', { selector: undefined, ports: [{ name: 'http', port }] });
const labelled = object('v1', 'Pod', 'p', {
  metadata: { labels: { app: 'other' } },
  spec: { containers: [{ name: 'a', ports: [{ name: 'http', containerPort: 9090 }] }], nodeName: 'n1' },
  status: { phase: 'Running', conditions: [condition('Ready', 'True')] },
});
const found = (objects: readonly unknown[]) =>
  brief(findingsIn(objects)).filter((one) => !one.includes('pod-without-owner'));

describe('Services', () => {
  it.each<[string, readonly unknown[], readonly string[]]>([
    [
      'Endpoints without subsets, pods unknown',
      [service('web', { selector: { a: 'b', c: 'd' } }), endpoints('web')],
      ['high service-without-endpoints web'],
    ],
    [
      'Endpoints of which none is ready, without a Service',
      [endpoints('web', { subsets: [{ notReadyAddresses: [{ targetRef: { kind: 'Pod', name: 'x' } }] }] })],
      ['low service-without-endpoints web'],
    ],
    ['Endpoints without subsets, and no Service of the name', [endpoints('web')], []],
    [
      'a selector that no pod carries',
      [service('web', { selector: { app: 'nobody' } }), labelled],
      ['low service-selects-nothing web'],
    ],
    [
      'a target port that no pod has',
      [service('web', { selector: { app: 'other' }, ports: [{ port: 9090, targetPort: 'bbb' }] }), labelled],
      ['high service-target-port-missing web'],
    ],
    [
      'a warning about its load balancer',
      [web(), event(web(), 'SyncNetworkEndpointGroupFailed', 'Failed to sync NEG "a": timed out')],
      ['medium service-sync-failed web'],
    ],
  ])('%s', (_, objects, expected) => {
    expect(found(objects)).toEqual(expected);
  });
});

describe('Ingresses', () => {
  it.each<[string, readonly unknown[], readonly string[]]>([
    [
      'without class and Service, nothing else read',
      [ingress('i', http('gone'))],
      ['low ingress-backend-missing i', 'low ingress-class-missing i'],
    ],
    [
      'a Service that is not among others',
      [ingress('i', { ...http('gone'), ingressClassName: 'gce' }), web()],
      ['high ingress-backend-missing i'],
    ],
    [
      'a port that the Service lacks',
      [
        ingress('i', { ...http('web', { number: 9091 }), ingressClassName: 'gce-internal' }),
        service('web', { type: 'NodePort', selector: undefined }),
      ],
      ['high ingress-backend-missing i', 'high ingress-backend-type-unsupported i'],
    ],
    [
      'neither name nor number',
      [ingress('i', { ...http('web', {}), ingressClassName: 'nginx' }), web()],
      ['high ingress-backend-missing i', 'low ingress-class-missing i'],
    ],
    [
      'a TLS Secret, nothing else read',
      [ingress('i', { ingressClassName: 'gce', tls: [{ hosts: ['a'], secretName: 'gone' }] })],
      ['low ingress-tls-secret-missing i'],
    ],
    [
      'an error of a port in its status',
      [
        ingress(
          'i',
          { ingressClassName: 'gce' },
          {
            status: {
              loadBalancer: { ingress: [{ ip: '203.0.113.1', ports: [{ port: 80, protocol: 'TCP', error: 'boom' }] }] },
            },
          },
        ),
      ],
      ['high ingress-sync-failed i'],
    ],
    [
      'a class that is not among others',
      [
        ingress('i', { ingressClassName: 'gone' }),
        object('networking.k8s.io/v1', 'IngressClass', 'nginx', { metadata: { namespace: undefined } }),
      ],
      ['high ingress-class-missing i'],
    ],
  ])('%s', (_, objects, expected) => {
    expect(found(objects)).toEqual(expected);
  });
});

describe('the Gateway API', () => {
  const well = [condition('Accepted', 'True')];
  it.each<[string, readonly unknown[], readonly string[]]>([
    ['a class that is not there', [gateway(well)], ['low gateway-class-missing edge']],
    [
      'Accepted is Unknown',
      [gatewayClass(), gateway([condition('Accepted', 'Unknown')])],
      ['high gateway-not-programmed edge'],
    ],
    [
      'Programmed is False',
      [gatewayClass(), gateway([...well, condition('Programmed', 'False', 60, { reason: 'AddressNotAssigned' })])],
      ['high gateway-not-programmed edge'],
    ],
    [
      'Accepted is False behind another condition',
      [gatewayClass(), gateway([condition('Programmed', 'True'), condition('Accepted', 'False')])],
      ['high gateway-not-programmed edge'],
    ],
    [
      'a class that is not accepted',
      [gatewayClass([condition('Accepted', 'False', 60, { reason: 'InvalidParameters' })])],
      ['low gateway-class-not-accepted there'],
    ],
    [
      'a route whose Gateway is not there',
      [route({ name: 'gone', namespace: 'nowhere' }), web()],
      ['low route-parent-missing web'],
    ],
    [
      'a listener for its own namespace',
      [
        gatewayClass(),
        object(GATEWAY, 'Gateway', 'far', {
          metadata: { namespace: 'infra' },
          spec: {
            gatewayClassName: 'there',
            listeners: [{ name: 'proxy', port: 80, protocol: 'HTTP', allowedRoutes: { namespaces: { from: 'Same' } } }],
          },
        }),
        route({ name: 'far', namespace: 'infra' }),
        web(),
      ],
      ['high route-not-accepted web'],
    ],
    [
      'a listener for labelled namespaces, labels unknown',
      [
        gatewayClass(),
        gateway(well, { from: 'Selector', selector: { matchLabels: { foo: 'bar' } } }),
        route({ name: 'edge' }),
        web(),
      ],
      ['low route-not-accepted web'],
    ],
    [
      'a Service that is not there',
      [gatewayClass(), gateway(well), route({ name: 'edge' })],
      ['low route-backend-missing web'],
    ],
    [
      'a port that the Service lacks',
      [gatewayClass(), gateway(well), route({ name: 'edge' }, [{ name: 'web', port: 1027 }]), web()],
      ['high route-backend-missing web'],
    ],
    [
      'a mesh Service that is not there, and a port beside',
      [route({ kind: 'Service', name: 'nobody' }, [{ name: 'web', port: 9090 }]), web()],
      ['high route-backend-missing web', 'high route-parent-missing web'],
    ],
  ])('%s', (_, objects, expected) => {
    expect(found(objects)).toEqual(expected);
  });
});
