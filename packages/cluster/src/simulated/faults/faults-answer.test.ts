import { beforeEach, describe, expect, it } from 'vitest';
import { DEPLOYMENTS, PODS } from '../api/built-in-types.ts';
import { ADMINISTRATOR, createHandler, type Handler } from '../http/handler.ts';
import type { SimulatedCluster } from '../simulated-cluster.ts';
import { newCluster } from '../simulated-cluster.suite.ts';
import { FAULT_KINDS } from './catalogue.ts';
import { FaultLedger } from './fault-ledger.ts';
import { faultsAnswer } from './faults-answer.ts';

let cluster: SimulatedCluster;
let handle: Handler;

beforeEach(() => {
  cluster = newCluster({ seed: 'faults' });
  cluster.kubelets.addNode({ name: 'n1' });
  for (const name of ['web', 'api']) deploy(name);
  cluster.clock.advance(60_000);
  handle = createHandler(cluster, {
    tokens: new Map([
      ['mine', ADMINISTRATOR],
      ['theirs', { name: 'jane', groups: ['system:authenticated'] }],
    ]),
    further: [faultsAnswer(new FaultLedger(cluster))],
  });
});

function deploy(name: string): void {
  const template = { metadata: { labels: { app: name } }, spec: { containers: [{ name, image: `r/${name}:1` }] } };
  cluster.api.create(DEPLOYMENTS, {
    ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace: 'shop' } },
    spec: { replicas: 1, selector: { matchLabels: { app: name } }, template },
  } as never);
}

async function ask(method: string, path: string, body?: unknown, token = 'mine') {
  const response = await handle(
    new Request(`https://cluster${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }),
  );
  return { code: response.status, body: (await response.json()) as Record<string, unknown> };
}

function waitingReasons(): readonly (string | undefined)[] {
  return [...cluster.api.store.list(PODS)].map((pod) => pod.status?.containerStatuses?.[0]?.state?.waiting?.reason);
}

describe('/simulation/faults', () => {
  it('lists every kind with its parameters, and nothing brought about at first', async () => {
    const { code, body } = await ask('GET', '/simulation/faults');
    expect(code).toBe(200);
    expect(body).toMatchObject({ faults: [] });
    const kinds = body['kinds'] as readonly { name: string }[];
    expect(kinds.map(({ name }) => name)).toEqual([...FAULT_KINDS.keys()]);
    expect(kinds).toContainEqual(expect.objectContaining({ name: 'image-missing', family: 'image' }));
  });

  it('brings one about where it is wanted, tells the truth when asked alone, and repairs it', async () => {
    const made = await ask('POST', '/simulation/faults', { kind: 'image-missing', target: 'shop/web' });
    expect(made).toMatchObject({ code: 201, body: { id: '1', kind: 'image-missing', state: 'brought-about' } });
    cluster.clock.advance(600_000);
    expect(waitingReasons()).toContain('ImagePullBackOff');
    const { body: blind } = await ask('GET', '/simulation/faults');
    expect(JSON.stringify(blind['faults'])).not.toMatch(/truth|touched|remedy|image-unavailable/);
    const { body: open } = await ask('GET', '/simulation/faults?truth');
    expect(open['faults']).toMatchObject([
      {
        truth: { entities: ['Deployment shop/web'], classes: ['image-unavailable'] },
        touched: ['Deployment shop/web'],
      },
    ]);
    expect(await ask('DELETE', '/simulation/faults/1')).toMatchObject({ code: 200, body: { state: 'repaired' } });
    cluster.clock.advance(600_000);
    expect(waitingReasons()).toEqual([undefined, undefined]);
    expect(await ask('DELETE', '/simulation/faults/1')).toMatchObject({ code: 400 });
  });

  it('brings one about later, unless it is withdrawn before', async () => {
    for (const target of ['shop/web', 'shop/api'])
      await ask('POST', '/simulation/faults', { kind: 'image-missing', target, afterMs: 60_000 });
    expect(await ask('GET', '/simulation/faults/1')).toMatchObject({ body: { state: 'waiting' } });
    await ask('DELETE', '/simulation/faults/2');
    cluster.clock.advance(59_999);
    expect(waitingReasons()).toEqual([undefined, undefined]);
    cluster.clock.advance(600_000);
    expect(waitingReasons().filter((reason) => reason !== undefined)).toEqual(['ImagePullBackOff']);
    expect(await ask('GET', '/simulation/faults')).toMatchObject({
      body: { faults: [{ state: 'brought-about' }, { state: 'withdrawn' }] },
    });
  });

  it('notes why what was to come failed', async () => {
    await ask('POST', '/simulation/faults', { kind: 'image-missing', target: 'shop/gone', afterMs: 1000 });
    cluster.clock.advance(1000);
    expect(await ask('GET', '/simulation/faults/1')).toMatchObject({
      body: { state: 'failed', message: 'there is no workload "shop/gone" that this could befall' },
    });
  });

  it.each([
    [{}, 400, 'kind must be a text'],
    [{ kind: 'nothing' }, 400, 'there is no fault "nothing"'],
    [{ kind: 'image-missing', parameters: { size: 3 } }, 400, 'there is no parameter "size"'],
    [{ kind: 'image-missing', parameters: { size: {} } }, 400, 'an object of texts and numbers'],
    [{ kind: 'image-missing', after: '10m' }, 400, 'there is no field "after"'],
    [{ kind: 'image-missing', afterMs: -1 }, 400, 'afterMs must be a whole number'],
    [{ kind: 'image-missing', target: 'shop/' }, 400, 'target must be namespace/name'],
    [{ kind: 'node-lost', target: 'n9' }, 409, 'there is no node "n9" that this could befall'],
    [{ kind: 'image-missing', target: 'shop/gone' }, 409, 'there is no workload "shop/gone" that this could befall'],
  ])('refuses %j', async (wanted, code, message) => {
    const refused = await ask('POST', '/simulation/faults', wanted);
    expect(refused).toMatchObject({ code, body: { kind: 'Status', message: expect.stringContaining(message) } });
    expect(await ask('GET', '/simulation/faults')).toMatchObject({ body: { faults: [] } });
  });

  it('answers nobody who may not do everything, and knows no other paths', async () => {
    for (const method of ['GET', 'POST'])
      expect(await ask(method, '/simulation/faults', undefined, 'theirs').catch(() => ({ code: 0 }))).toMatchObject({
        code: 403,
      });
    expect(await ask('GET', '/simulation/faults/7')).toMatchObject({ code: 404 });
    expect(await ask('PUT', '/simulation/faults', {})).toMatchObject({ code: 405 });
  });

  it('is not there unless it is asked for', async () => {
    const plain = await createHandler(newCluster())(new Request('https://cluster/simulation/faults'));
    expect(plain.status).toBe(404);
  });
});
