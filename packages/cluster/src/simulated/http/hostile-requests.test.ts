import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Deployment, Pod } from '../../model/kinds.ts';
import { DEPLOYMENTS, PODS } from '../api/built-in-types.ts';
import { SimulatedCluster } from '../simulated-cluster.ts';
import { createHandler } from './handler.ts';

const WORDS = [
  ...[
    'api',
    'apis',
    'v1',
    'apps',
    'watch',
    'namespaces',
    'default',
    'pods',
    'deployments',
    'configmaps',
    'nodes',
    'events',
  ],
  ...[
    'status',
    'scale',
    'log',
    'eviction',
    'binding',
    'token',
    'finalize',
    'exec',
    'healthz',
    'openapi',
    'v2',
    'v3',
    'metrics.k8s.io',
    'v1beta1',
  ],
  ...['..', '.', '', '%00', '%2F', '%2e%2e', '%F0', 'a b', '__proto__', 'constructor', 'toString', 'x'.repeat(5000)],
];
const PARAMETERS = [
  'watch',
  'limit',
  'continue',
  'labelSelector',
  'fieldSelector',
  'resourceVersion',
  'dryRun',
  'fieldManager',
  'pretty',
  'timeoutSeconds',
  'fieldValidation',
  'propagationPolicy',
  'gracePeriodSeconds',
  'includeObject',
  'tailLines',
  'sendInitialEvents',
  'resourceVersionMatch',
  'force',
];
const VALUES = [
  '',
  '0',
  '1',
  '-1',
  '1e9',
  'true',
  'All',
  'a=b',
  '!',
  '(((',
  'metadata.name=a',
  '%',
  '9'.repeat(40),
  '\u0000',
  'a'.repeat(3000),
];
const TYPES = [
  'application/json',
  'application/yaml',
  'application/vnd.kubernetes.protobuf',
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
  'text/html',
  '',
];
const ACCEPTS = [
  'application/json',
  'application/yaml',
  '*/*',
  'application/json;as=Table;v=v1;g=meta.k8s.io',
  'text/html',
  ';;;,,,q=',
  'application/json;q=0',
];
const BODIES = [
  '',
  '{}',
  '[]',
  'null',
  '"a"',
  '{"metadata":null}',
  '{"metadata":{"name":1,"namespace":[]}}',
  '[{"op":"add","path":"/a/b/c","value":1}]',
  '[{"op":"move","from":"/metadata","path":"/metadata/a"}]',
  '{"spec":{"containers":{"$patch":"delete"}}}',
  '&a [*a, *a]',
  'a: &b [*b]',
  'k8s\u0000\u000a\u0001',
  '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"spec":{"containers":[null]}}',
  '{"rules":[{"verbs":null}]}',
  '{"spec":"a","status":3}',
  '{"kind":"DeleteOptions","preconditions":{"uid":3},"dryRun":"All"}',
];

/** Addresses of what is there. */
const PLACES = [
  ...[
    '',
    '/a',
    '/a/status',
    '/a/log',
    '/a/eviction',
    '/a/binding',
    '/a/resize',
    '/a/ephemeralcontainers',
    '/a/exec',
    '/a/proxy',
  ].map((rest) => `api/v1/namespaces/default/pods${rest}`),
  ...['', '/a', '/a/status', '/a/scale'].map((rest) => `apis/apps/v1/namespaces/default/deployments${rest}`),
  ...[
    'configmaps',
    'configmaps/a',
    'secrets',
    'services',
    'services/kubernetes',
    'events',
    'resourcequotas',
    'limitranges',
  ].map((rest) => `api/v1/namespaces/default/${rest}`),
  ...[
    'api/v1/namespaces/default',
    'api/v1/namespaces/default/finalize',
    'api/v1/namespaces',
    'api/v1/nodes/a',
    'api/v1/persistentvolumes',
  ],
  ...['roles', 'rolebindings'].map((rest) => `apis/rbac.authorization.k8s.io/v1/namespaces/default/${rest}`),
  ...['subjectaccessreviews', 'selfsubjectaccessreviews', 'selfsubjectrulesreviews'].map(
    (rest) => `apis/authorization.k8s.io/v1/${rest}`,
  ),
  ...[
    'authentication.k8s.io/v1/tokenreviews',
    'apiextensions.k8s.io/v1/customresourcedefinitions',
    'batch/v1/namespaces/default/jobs',
  ].map((rest) => `apis/${rest}`),
  ...['autoscaling/v1', 'autoscaling/v2'].map((rest) => `apis/${rest}/namespaces/default/horizontalpodautoscalers/a`),
  ...['policy/v1/namespaces/default/poddisruptionbudgets', 'events.k8s.io/v1/namespaces/default/events'].map(
    (rest) => `apis/${rest}`,
  ),
  ...['simulation/clock', 'openapi/v3/apis/apps/v1', 'api/v1/namespaces/default/serviceaccounts/default/token'],
];

const requests = fc.record({
  method: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'),
  path: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...PLACES) },
    fc
      .array(
        fc.oneof(
          { weight: 9, arbitrary: fc.constantFrom(...WORDS) },
          fc.string({ maxLength: 8 }).map(encodeURIComponent),
        ),
        { maxLength: 8 },
      )
      .map((parts) => parts.join('/')),
  ),
  query: fc.array(fc.tuple(fc.constantFrom(...PARAMETERS), fc.constantFrom(...VALUES)), { maxLength: 3 }),
  type: fc.constantFrom(...TYPES),
  accept: fc.constantFrom(...ACCEPTS),
  body: fc.oneof(fc.constantFrom(...BODIES), fc.json()),
  user: fc.constantFrom(undefined, 'jane', 'system:serviceaccount:default:default', ''),
});

const METADATA = { name: 'a', namespace: 'default' };
const TEMPLATE = { metadata: { labels: { app: 'a' } }, spec: { containers: [{ name: 'a', image: 'a' }] } };
const POD = { apiVersion: 'v1', kind: 'Pod', metadata: METADATA, spec: TEMPLATE.spec } as Pod;
const DEPLOYMENT = {
  ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: METADATA },
  spec: { selector: { matchLabels: { app: 'a' } }, template: TEMPLATE },
} as Deployment;

describe('createHandler', () => {
  it('answers anything that is sent, without failing itself', async () => {
    const cluster = new SimulatedCluster();
    cluster.clock.advance(1000);
    const handle = createHandler(cluster);
    cluster.api.create(PODS, POD);
    cluster.api.create(DEPLOYMENTS, DEPLOYMENT);
    await fc.assert(
      fc.asyncProperty(requests, async ({ method, path, query, type, accept, body, user }) => {
        const headers = { 'content-type': type, accept, ...(user !== undefined && { 'impersonate-user': user }) };
        const hasBody = method !== 'GET' && method !== 'HEAD';
        const url = `http://cluster/${path}?${new URLSearchParams(query).toString()}`;
        const response = await handle(new Request(url, { method, headers, ...(hasBody && { body }) }));
        const isWatch =
          query.some(([name]) => name === 'watch') ||
          path.includes('watch/') ||
          query.some(([name]) => name === 'follow');
        const said = isWatch ? '' : await response.text();
        await response.body?.cancel().catch(() => undefined);
        expect([response.status === 500, said]).toEqual([false, said]);
      }),
      { numRuns: 3000, seed: 4 },
    );
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  }, 60_000);

  it('warns of what is deprecated in the version that it is', async () => {
    const ask = async (serverVersion: string) => {
      const handle = createHandler(new SimulatedCluster({ serverVersion }));
      return (await handle(new Request('http://cluster/api/v1/endpoints'))).headers.get('warning');
    };
    expect(await ask('v1.36.2')).toBe(
      '299 - "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"',
    );
    expect(await ask('v1.32.0')).toBeNull();
  });
});
