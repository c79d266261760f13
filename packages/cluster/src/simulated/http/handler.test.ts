import { describe, expect, it } from 'vitest';
import type { Json } from '../../model/unknown-json.ts';
import { SimulatedCluster } from '../simulated-cluster.ts';
import { createHandler, type HandlerOptions } from './handler.ts';

function serve(options: HandlerOptions = {}) {
  const cluster = new SimulatedCluster();
  const handle = createHandler(cluster, options);
  const ask = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await handle(
      new Request(`http://cluster${path}`, {
        method,
        headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    );
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
    return { code: response.status, headers: response.headers, text, body: (isJson ? JSON.parse(text) : {}) as Json };
  };
  return { cluster, ask };
}

const NAMESPACE = { metadata: { name: 'shop' } };
const SETTINGS = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: { mode: 'fast' } };

describe('createHandler', () => {
  it('creates, gets, lists, updates and deletes', async () => {
    const { ask } = serve();
    expect(await ask('POST', '/api/v1/namespaces', NAMESPACE)).toMatchObject({
      code: 201,
      body: { kind: 'Namespace' },
    });
    const made = await ask('POST', '/api/v1/namespaces/shop/configmaps', SETTINGS);
    expect(made).toMatchObject({ code: 201, body: { metadata: { namespace: 'shop', name: 'settings' } } });
    const path = '/api/v1/namespaces/shop/configmaps/settings';
    expect((await ask('GET', path)).body).toEqual(made.body);
    const { body: list } = await ask('GET', '/api/v1/namespaces/shop/configmaps');
    const { metadata, data } = made.body;
    expect(list).toMatchObject({ kind: 'ConfigMapList', apiVersion: 'v1' });
    expect(list['items']).toContainEqual({ metadata, data });
    expect((await ask('PUT', path, { ...made.body, data: { mode: 'slow' } })).body).toMatchObject({
      data: { mode: 'slow' },
    });
    expect(await ask('PUT', path, { ...made.body, data: { mode: 'other' } })).toMatchObject({
      code: 409,
      body: { reason: 'Conflict' },
    });
    expect(await ask('DELETE', path)).toMatchObject({
      code: 200,
      body: { kind: 'Status', status: 'Success', details: { name: 'settings', kind: 'configmaps' } },
    });
    expect(await ask('GET', path)).toMatchObject({ code: 404, body: { message: 'configmaps "settings" not found' } });
  });

  it.each([
    ['GET', '/api/v1/nothings', 404, 'the server could not find the requested resource'],
    ['GET', '/api/v1/namespaces/shop/nodes', 404, 'the server could not find the requested resource'],
    ['POST', '/api/v1/configmaps', 405, 'the server does not allow this method on the requested resource'],
    ['GET', '/api/v1/namespaces/%E0%A4%A', 400, 'the path of the request is not well encoded'],
  ])('refuses %s %s with %i', async (method, path, code, message) => {
    const { ask } = serve();
    expect(await ask(method, path, method === 'GET' ? undefined : SETTINGS)).toMatchObject({
      code,
      body: { kind: 'Status', code, message },
    });
  });

  it('refuses bodies that are too large, too deep, or in a form that is not spoken', async () => {
    const { ask } = serve();
    const path = '/api/v1/namespaces/shop/configmaps';
    const large = { ...SETTINGS, data: { a: 'x'.repeat(4 * 1024 * 1024) } };
    expect(await ask('POST', path, large)).toMatchObject({
      code: 413,
      body: { message: 'Request entity too large: limit is 3145728', reason: 'RequestEntityTooLarge' },
    });
    expect((await ask('POST', path, `{"data":${'['.repeat(200_000)}${']'.repeat(200_000)}}`)).code).toBe(400);
    expect((await ask('POST', path, '{"__proto__": {"polluted": true}}')).code).toBe(400);
    expect(await ask('POST', path, 'x', { 'content-type': 'application/cbor' })).toMatchObject({
      code: 415,
      body: { reason: 'UnsupportedMediaType' },
    });
    const yaml = { 'content-type': 'application/yaml' };
    expect((await ask('POST', path, '&a [*a, *a]', yaml)).code).toBe(400);
    const laughs = [...'bcdefghij'].map((name, at) => `${name}: &${name} [${`*${'abcdefghi'[at]},`.repeat(9)}]`);
    expect((await ask('POST', path, ['a: &a [1,1,1]', ...laughs].join('\n'), yaml)).code).toBe(400);
    expect(await ask('GET', path, undefined, { accept: 'text/html' })).toMatchObject({
      code: 406,
      body: { reason: 'NotAcceptable' },
    });
  });

  it('takes what every object inherits for a name like any other', async () => {
    const { ask } = serve();
    await ask('POST', '/api/v1/namespaces', NAMESPACE);
    const settings = { ...SETTINGS, data: { constructor: 'a' }, binaryData: { settings: 'YQ==' } };
    expect(await ask('POST', '/api/v1/namespaces/shop/configmaps', settings)).toMatchObject({ code: 201 });
    const path = '/api/v1/namespaces/shop/configmaps/settings';
    expect(await ask('PATCH', path, {}, { 'content-type': 'constructor' })).toMatchObject({ code: 415 });
    const secret = { metadata: { name: 'a' }, type: 'constructor' };
    expect(await ask('POST', '/api/v1/namespaces/shop/secrets', secret)).toMatchObject({ code: 201 });
    const pod = {
      metadata: { name: 'a' },
      spec: { containers: [{ name: 'a', image: 'a' }], nodeSelector: { constructor: 'a' } },
    };
    const { code, headers } = await ask('POST', '/api/v1/namespaces/shop/pods', pod);
    expect([code, headers.get('warning')]).toEqual([201, null]);
  });

  it('speaks YAML', async () => {
    const { ask } = serve();
    await ask('POST', '/api/v1/namespaces', NAMESPACE);
    const yaml = { 'content-type': 'application/yaml', accept: 'application/yaml' };
    const { code, text } = await ask(
      'POST',
      '/api/v1/namespaces/shop/configmaps',
      'metadata: {name: a}\ndata: {b: c}',
      yaml,
    );
    expect(code).toBe(201);
    expect(text).toContain('data:\n  b: c\n');
  });

  it('answers health and version', async () => {
    const { ask } = serve();
    expect((await ask('GET', '/healthz')).text).toBe('ok');
    expect((await ask('GET', '/readyz?verbose')).text).toMatch(/\[\+\]ping ok\n[^]*\nreadyz check passed\n$/);
    expect((await ask('GET', '/version')).body).toMatchObject({ major: '1', minor: '36', gitVersion: 'v1.36.2' });
    expect(await ask('GET', '/nowhere')).toMatchObject({ code: 404, text: '404 page not found\n' });
  });
});

describe('discovery', () => {
  it('lists groups and resources as of old', async () => {
    const { ask } = serve();
    expect((await ask('GET', '/api')).body).toMatchObject({ kind: 'APIVersions', versions: ['v1'] });
    expect((await ask('GET', '/apis/apps')).body).toEqual({
      kind: 'APIGroup',
      apiVersion: 'v1',
      name: 'apps',
      versions: [{ groupVersion: 'apps/v1', version: 'v1' }],
      preferredVersion: { groupVersion: 'apps/v1', version: 'v1' },
    });
    const { body } = await ask('GET', '/apis/apps/v1');
    expect(body['resources']).toContainEqual({
      name: 'deployments/scale',
      singularName: '',
      namespaced: true,
      group: 'autoscaling',
      version: 'v1',
      kind: 'Scale',
      verbs: ['get', 'patch', 'update'],
    });
  });

  it('gives everything at once to those who take it, and not again to those who have it', async () => {
    const { ask } = serve();
    const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';
    const { headers, text } = await ask('GET', '/apis', undefined, { accept });
    expect(headers.get('content-type')).toBe('application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList');
    expect(JSON.parse(text)).toMatchObject({ kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2' });
    const etag = headers.get('etag') ?? '';
    expect((await ask('GET', '/apis', undefined, { accept, 'if-none-match': etag })).code).toBe(304);
  });
});

describe('authentication and authorisation', () => {
  const tokens = new Map([
    ['jane-token', { name: 'jane', groups: [] }],
    ['root-token', { name: 'root', groups: ['system:masters'] }],
  ]);
  const as = (name: string) => ({ authorization: `Bearer ${name}-token` });

  it('refuses tokens that it does not know, and nobody what is not public', async () => {
    const { ask } = serve({ tokens });
    expect(await ask('GET', '/api', undefined, as('joe'))).toMatchObject({
      code: 401,
      body: { message: 'Unauthorized', reason: 'Unauthorized' },
    });
    expect((await ask('GET', '/version')).code).toBe(200);
    expect((await ask('GET', '/api')).body).toMatchObject({
      message: 'forbidden: User "system:anonymous" cannot get path "/api"',
    });
    const strict = serve({ tokens, anonymous: false });
    expect((await strict.ask('GET', '/version')).code).toBe(401);
  });

  it('says who cannot do what and where', async () => {
    const { ask } = serve({ tokens });
    expect(await ask('GET', '/api/v1/namespaces/shop/pods', undefined, as('jane'))).toMatchObject({
      code: 403,
      body: {
        reason: 'Forbidden',
        message: 'pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace "shop"',
        details: { kind: 'pods' },
      },
    });
    expect((await ask('GET', '/apis/apps/v1/deployments', undefined, as('jane'))).body['message']).toBe(
      'deployments.apps is forbidden: User "jane" cannot list resource "deployments" in API group "apps" at the cluster scope',
    );
    expect((await ask('GET', '/api/v1/namespaces/shop/pods', undefined, as('root'))).code).toBe(200);
  });

  it('acts as somebody else for those who may', async () => {
    const { ask } = serve({ tokens });
    const { body } = await ask(
      'POST',
      '/apis/authentication.k8s.io/v1/selfsubjectreviews',
      {},
      { ...as('root'), 'impersonate-user': 'jane', 'impersonate-group': 'developers' },
    );
    expect(body['status']).toEqual({ userInfo: { username: 'jane', groups: ['developers', 'system:authenticated'] } });
    const refused = await ask('GET', '/api', undefined, { ...as('jane'), 'impersonate-user': 'root' });
    expect(refused.body['message']).toBe(
      'users "root" is forbidden: User "jane" cannot impersonate resource "users" in API group "" at the cluster scope',
    );
  });
});
