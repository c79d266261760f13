import { readFile, writeFile } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { sendStatus, type Collection, type Fault, type RunningApiServer } from './api-server.suite.ts';
import { closeServers, cluster, collection, inputs, read, start } from './loopback-cluster.suite.ts';

afterEach(closeServers);

const podIn = (namespace: string, name: string) => ({ metadata: { name, namespace } });

function collections(): Collection[] {
  const pods = [podIn('infra', 'dns-0'), podIn('shop', 'web-0'), podIn('shop', 'web-1')];
  const names = ['infra', 'shop', 'team'].map((name) => ({ metadata: { name } }));
  return [...cluster(pods), collection('Namespace', 'namespaces', names, { namespaced: false })];
}

/** What a RoleBinding to `view` in some namespaces allows, and perhaps a list of namespaces. */
function allowedIn(namespaces: readonly string[], also: readonly string[] = []): Fault {
  return ({ path }, response) => {
    const [, namespace] = /\/namespaces\/([^/]+)\/./.exec(path) ?? [];
    const open = /^\/(?:version|apis?)$/.test(path) || also.includes(path);
    if (open || (namespace !== undefined && namespaces.includes(namespace))) return false;
    return sendStatus(response, 403, 'Forbidden', 'User "ann" cannot list this resource at the cluster scope');
  };
}

async function inNamespace(server: RunningApiServer, namespace: string): Promise<string> {
  const config = JSON.parse(await readFile(server.kubeconfig, 'utf8')) as { contexts: { context: object }[] };
  for (const entry of config.contexts) entry.context = { ...entry.context, namespace };
  await writeFile(server.kubeconfig, JSON.stringify(config));
  return server.kubeconfig;
}

const namesOf = (snapshot: Awaited<ReturnType<typeof read>>) =>
  snapshot.list('Pod').map(({ metadata }) => metadata.name);

describe('credentials of some namespaces', () => {
  it('read each namespace they reach, when they may list namespaces', async () => {
    const server = await start({
      collections: collections(),
      faults: [allowedIn(['shop', 'team'], ['/api/v1/namespaces'])],
    });
    const snapshot = await read(server);
    expect(namesOf(snapshot)).toEqual(['web-0', 'web-1']);
    expect([...snapshot.kinds()]).toEqual([
      ['/Namespace', 3],
      ['/Pod', 2],
      ['/Secret', 2],
      ['apps/Deployment', 1],
      ['example.com/Widget', 1],
    ]);
    expect(snapshot.missing).toContainEqual({
      input: 'other-namespaces',
      reason: 'the credentials reach only shop, team',
      consequence: 'what other namespaces use of nodes and quotas is not known',
    });
    expect(inputs(snapshot)).toContain('nodes');
    expect(inputs(snapshot)).not.toContain('pods');
    expect(server.requests.every(({ method }) => method === 'GET')).toBe(true);
    // One refusal tells that a namespace is closed; no kind is asked for in it.
    expect(server.requests.filter(({ path }) => path.includes('/namespaces/infra/'))).toHaveLength(1);
  });

  it('read the namespace of their context otherwise', async () => {
    const server = await start({ collections: collections(), faults: [allowedIn(['infra'])] });
    const snapshot = await read(server, { kubeconfig: await inNamespace(server, 'infra') });
    expect(namesOf(snapshot)).toEqual(['dns-0']);
    expect(snapshot.missing).toContainEqual(
      expect.objectContaining({ input: 'other-namespaces', reason: 'the credentials reach only infra' }),
    );
  });

  it('read the namespaces that were asked for, whichever of them is closed', async () => {
    const server = await start({ collections: collections(), faults: [allowedIn(['shop'], ['/api/v1/namespaces'])] });
    const snapshot = await read(server, { namespaces: ['infra', 'shop', 'shpo'] });
    expect(namesOf(snapshot)).toEqual(['web-0', 'web-1']);
    expect(snapshot.missing).toContainEqual(
      expect.objectContaining({
        input: 'pods',
        reason: expect.stringMatching(/^only 2 objects could be read: forbidden/) as string,
      }),
    );
    expect(snapshot.missing).toContainEqual(
      expect.objectContaining({ input: 'namespace:shpo', reason: 'there is no such namespace in the cluster' }),
    );
  });

  it('read the other namespaces as well when that is wanted and allowed', async () => {
    const wanted = { namespaces: ['shop'], includeOtherNamespaces: true };
    const open = await start({ collections: collections() });
    const whole = await read(open, wanted);
    expect(namesOf(whole)).toEqual(['dns-0', 'web-0', 'web-1']);
    expect(inputs(whole)).not.toContain('other-namespaces');
    const secretly = allowedIn(['shop'], ['/api/v1/namespaces', '/api/v1/pods', '/api/v1/nodes']);
    const partly = await read(await start({ collections: collections(), faults: [secretly] }), wanted);
    expect(namesOf(partly)).toEqual(['dns-0', 'web-0', 'web-1']);
    expect(partly.list('Secret').map(({ metadata }) => metadata.namespace)).toEqual(['shop', 'shop']);
    expect(inputs(partly)).not.toContain('other-namespaces');
    const closed = await start({ collections: collections(), faults: [allowedIn(['shop'])] });
    const own = await read(closed, wanted);
    expect(namesOf(own)).toEqual(['web-0', 'web-1']);
    expect(own.missing).toContainEqual(
      expect.objectContaining({ input: 'other-namespaces', reason: 'only shop was read' }),
    );
  });

  it('are told what to do when no namespace is known', async () => {
    const server = await start({ collections: collections(), faults: [allowedIn(['shop'])] });
    await expect(read(server)).rejects.toMatchObject({
      code: 'unauthorized',
      message: expect.stringContaining('--namespace') as string,
    });
  });
});
