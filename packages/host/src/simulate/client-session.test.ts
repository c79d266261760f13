/** The official JavaScript client against a simulated cluster. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  ApiException,
  AppsV1Api,
  AuthorizationV1Api,
  CoreV1Api,
  KubeConfig,
  KubernetesObjectApi,
  type KubernetesObject,
  makeInformer,
  Metrics,
  PatchStrategy,
  setHeaderOptions,
  topNodes,
  Watch,
  type V1ConfigMap,
} from '@kubernetes/client-node';
import { startSession, type Session } from './session.suite.ts';

let session: Session;
let config: KubeConfig;

beforeEach(async () => {
  session = await startSession('no kubectl', {
    behaviours: { container: () => ({ log: ['ready'] }), image: () => ({}) },
  });
  config = new KubeConfig();
  config.loadFromFile(session.kubeconfig);
});
afterEach(async () => {
  await session.close();
  expect(session.failures).toEqual([]);
});

const settings = (name: string, mode: string): V1ConfigMap => ({ metadata: { name }, data: { mode } });

describe('@kubernetes/client-node', () => {
  it('lists in pages, creates, patches and deletes', async () => {
    const core = config.makeApiClient(CoreV1Api);
    for (const name of ['a', 'b', 'c'])
      await core.createNamespacedConfigMap({ namespace: 'default', body: settings(name, 'fast') });
    const page = await core.listNamespacedConfigMap({ namespace: 'default', limit: 2 });
    expect(page.items.map(({ metadata }) => metadata?.name)).toEqual(['a', 'b']);
    const rest = await core.listNamespacedConfigMap({
      namespace: 'default',
      limit: 2,
      ...(page.metadata?._continue !== undefined && { _continue: page.metadata._continue }),
    });
    expect(rest.items[0]?.metadata?.name).toBe('c');
    const patched = await core.patchNamespacedConfigMap(
      { namespace: 'default', name: 'a', body: { data: { mode: 'slow' } } },
      setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch),
    );
    expect(patched.data).toEqual({ mode: 'slow' });
    await core.deleteNamespacedConfigMap({ namespace: 'default', name: 'a' });
    const missing = await core
      .readNamespacedConfigMap({ namespace: 'default', name: 'a' })
      .catch((error: unknown) => error);
    expect(missing).toBeInstanceOf(ApiException);
    expect((missing as ApiException<string>).code).toBe(404);
  });

  it('watches, and hears of changes that come at once', async () => {
    const core = config.makeApiClient(CoreV1Api);
    await core.createNamespacedConfigMap({ namespace: 'default', body: settings('a', 'fast') });
    const { metadata } = await core.listNamespacedConfigMap({ namespace: 'default' });
    const seen: string[] = [];
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const request = await new Watch(config).watch(
      '/api/v1/namespaces/default/configmaps',
      { resourceVersion: metadata?.resourceVersion ?? '', fieldSelector: 'metadata.name=a' },
      (type: string) => {
        seen.push(type);
        if (type === 'DELETED') resolve(undefined);
      },
      () => undefined,
    );
    const { api } = session.cluster;
    const type = api.types.byPlural('', 'v1', 'configmaps');
    if (type === undefined) throw new Error('no type');
    // Both in one turn.
    api.change(type, 'default', 'a', (one) => ({ ...one, data: { mode: 'slow' } }));
    api.delete(type, 'default', 'a');
    await promise;
    request.abort();
    expect(seen).toEqual(['MODIFIED', 'DELETED']);
  });

  it('keeps an informer in step', async () => {
    const core = config.makeApiClient(CoreV1Api);
    const informer = makeInformer<V1ConfigMap>(config, '/api/v1/namespaces/default/configmaps', () =>
      core.listNamespacedConfigMap({ namespace: 'default' }),
    );
    const { promise, resolve } = Promise.withResolvers<V1ConfigMap>();
    informer.on('add', (object) => {
      if (object.metadata?.name === 'late') resolve(object);
    });
    await informer.start();
    await core.createNamespacedConfigMap({ namespace: 'default', body: settings('late', 'fast') });
    expect((await promise).data).toEqual({ mode: 'fast' });
    await informer.stop();
  });

  it('applies any kind, scales, and asks what it may', async () => {
    const objects = KubernetesObjectApi.makeApiClient(config);
    const made = await objects.patch(
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'applied', namespace: 'default' },
        data: { a: 'b' },
      } as V1ConfigMap & KubernetesObject,
      undefined,
      undefined,
      'tests',
      true,
      PatchStrategy.ServerSideApply,
    );
    expect(made.metadata?.managedFields?.[0]).toMatchObject({ manager: 'tests', operation: 'Apply' });
    const apps = config.makeApiClient(AppsV1Api);
    const spec = {
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'a', image: 'a' }] } },
    };
    await apps.createNamespacedDeployment({ namespace: 'default', body: { metadata: { name: 'web' }, spec } });
    const scale = await apps.readNamespacedDeploymentScale({ namespace: 'default', name: 'web' });
    expect(scale.spec?.replicas).toBe(1);
    const review = await config.makeApiClient(AuthorizationV1Api).createSelfSubjectAccessReview({
      body: { spec: { resourceAttributes: { verb: 'delete', resource: 'nodes' } } },
    });
    expect(review.status?.allowed).toBe(true);
  });

  it('reads logs and usage', async () => {
    const core = config.makeApiClient(CoreV1Api);
    const spec = { containers: [{ name: 'a', image: 'a', resources: { requests: { cpu: '100m', memory: '64Mi' } } }] };
    await core.createNamespacedPod({ namespace: 'default', body: { metadata: { name: 'web' }, spec } });
    session.cluster.clock.advance(120_000);
    expect(await core.readNamespacedPodLog({ namespace: 'default', name: 'web' })).toBe('ready\n');
    const metrics = new Metrics(config);
    expect((await metrics.getNodeMetrics()).items.map(({ metadata }) => metadata.name)).toEqual([
      'node-1',
      'node-2',
      'node-3',
    ]);
    expect((await metrics.getPodMetrics('default')).items[0]?.containers[0]?.usage).toEqual({
      cpu: '10000000n',
      memory: expect.stringMatching(/^\d+Ki$/),
    });
    expect(await topNodes(core)).toHaveLength(3);
  });
});
