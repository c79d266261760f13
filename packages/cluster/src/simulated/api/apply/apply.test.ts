import { describe, expect, it } from 'vitest';
import type { ConfigMap, Deployment } from '../../../model/kinds.ts';
import { SimulatedCluster } from '../../simulated-cluster.ts';
import { ApiError, type Status } from '../api-error.ts';
import type { ApiServer } from '../api-server.ts';
import { CONFIG_MAPS, DEPLOYMENTS, NAMESPACES } from '../built-in-types.ts';

type Data = Readonly<Record<string, string>>;

function settings(data: Data, more: object = {}): Readonly<Record<string, unknown>> {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace: 'shop', ...more }, data };
}

function web(spec: object, metadata: object = {}): Readonly<Record<string, unknown>> {
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'shop', ...metadata }, spec };
}

const container = { name: 'web', image: 'web:1' };
const podTemplate = (...containers: readonly object[]) => ({
  selector: { matchLabels: { app: 'web' } },
  template: { metadata: { labels: { app: 'web' } }, spec: { containers } },
});

function start(): { readonly api: ApiServer; readonly clock: SimulatedCluster['clock'] } {
  const { api, clock } = new SimulatedCluster();
  if (api.store.get(NAMESPACES, '', 'shop') === undefined)
    api.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
  return { api, clock };
}

function applySettings(api: ApiServer, fieldManager: string, data: Data, force = false): ConfigMap {
  return api.apply(CONFIG_MAPS, 'shop', 'settings', settings(data), { fieldManager, force });
}

function applyWeb(api: ApiServer, fieldManager: string, spec: object, force = false): Deployment {
  return api.apply(DEPLOYMENTS, 'shop', 'web', web(spec), { fieldManager, force });
}

function refusal(act: () => unknown): Status | undefined {
  try {
    act();
  } catch (error) {
    if (error instanceof ApiError) return error.status;
    throw error;
  }
  return undefined;
}

function ownersOf(object: { readonly metadata: { readonly managedFields?: unknown } }): Record<string, unknown> {
  const entries = (object.metadata.managedFields ?? []) as { manager: string; operation: string; fieldsV1: unknown }[];
  return Object.fromEntries(entries.map(({ manager, operation, fieldsV1 }) => [`${manager}/${operation}`, fieldsV1]));
}

describe('server-side apply', () => {
  it('makes what is not there, and owns what it was given, not the defaults', () => {
    const { api } = start();
    const made = applyWeb(api, 'kubectl', { replicas: 2, ...podTemplate(container) });
    expect(made.metadata.uid).toBeDefined();
    expect(made.metadata.managedFields).toEqual([
      {
        manager: 'kubectl',
        operation: 'Apply',
        apiVersion: 'apps/v1',
        time: '2025-01-01T00:00:00Z',
        fieldsType: 'FieldsV1',
        fieldsV1: {
          'f:spec': {
            'f:replicas': {},
            'f:selector': {},
            'f:template': {
              'f:metadata': { 'f:labels': { 'f:app': {} } },
              'f:spec': { 'f:containers': { 'k:{"name":"web"}': { '.': {}, 'f:image': {}, 'f:name': {} } } },
            },
          },
        },
      },
    ]);
  });

  it('changes nothing when the same is applied again, whatever the time', () => {
    const { api, clock } = start();
    const made = applyWeb(api, 'kubectl', { replicas: 2, ...podTemplate(container) });
    clock.advance(60_000);
    const stored = api.get(DEPLOYMENTS, 'shop', 'web');
    expect(applyWeb(api, 'kubectl', { replicas: 2, ...podTemplate(container) })).toEqual(stored);
    expect(stored.metadata.managedFields?.find(({ manager }) => manager === 'kubectl')?.time).toBe(
      made.metadata.managedFields?.[0]?.time,
    );
  });

  it('takes away what is not applied any more', () => {
    const { api } = start();
    applySettings(api, 'team', { a: '1', b: '2' });
    const after = applySettings(api, 'team', { a: '1' });
    expect(after.data).toEqual({ a: '1' });
    expect(ownersOf(after)).toEqual({ 'team/Apply': { 'f:data': { 'f:a': {} } } });
  });

  it('keeps what somebody else applies too', () => {
    const { api } = start();
    applySettings(api, 'team', { a: '1', b: '2' });
    applySettings(api, 'other', { b: '2' });
    const after = applySettings(api, 'team', { a: '1' });
    expect(after.data).toEqual({ a: '1', b: '2' });
    expect(ownersOf(after)).toEqual({
      'team/Apply': { 'f:data': { 'f:a': {} } },
      'other/Apply': { 'f:data': { 'f:b': {} } },
    });
  });

  it('refuses to change what another manager owns', () => {
    const { api } = start();
    applyWeb(api, 'team', { replicas: 2, ...podTemplate(container) });
    const status = refusal(() => applyWeb(api, 'other', { replicas: 3 }));
    expect(status).toMatchObject({
      code: 409,
      reason: 'Conflict',
      message: 'Apply failed with 1 conflict: conflict with "team": .spec.replicas',
      details: {
        causes: [{ reason: 'FieldManagerConflict', message: 'conflict with "team"', field: '.spec.replicas' }],
      },
    });
    expect(api.get(DEPLOYMENTS, 'shop', 'web').spec?.replicas).toBe(2);
  });

  it('names managers that updated with their version, and lists several conflicts by manager', () => {
    const { api } = start();
    const made = web({ replicas: 2, ...podTemplate(container) }) as unknown as Deployment;
    api.create(DEPLOYMENTS, made, { fieldManager: 'kubectl-client-side-apply' });
    expect(refusal(() => applyWeb(api, 'other', { replicas: 3 }))?.message).toBe(
      'Apply failed with 1 conflict: conflict with "kubectl-client-side-apply" using apps/v1: .spec.replicas',
    );
    const wanted = { replicas: 3, ...podTemplate({ ...container, image: 'web:2' }) };
    expect(refusal(() => applyWeb(api, 'other', wanted))?.message).toBe(
      [
        'Apply failed with 2 conflicts: conflicts with "kubectl-client-side-apply" using apps/v1:',
        '- .spec.replicas',
        '- .spec.template.spec.containers[name="web"].image',
      ].join('\n'),
    );
  });

  it('takes over when forced, and the other manager owns it no more', () => {
    const { api } = start();
    applySettings(api, 'team', { a: '1', b: '2' });
    const after = applySettings(api, 'other', { a: '9' }, true);
    expect(after.data).toEqual({ a: '9', b: '2' });
    expect(ownersOf(after)).toEqual({
      'team/Apply': { 'f:data': { 'f:b': {} } },
      'other/Apply': { 'f:data': { 'f:a': {} } },
    });
  });

  it('gives a field that is updated to who updates it, and lets it be applied away no more', () => {
    const { api } = start();
    const made = applySettings(api, 'team', { a: '1', b: '2' });
    api.update(CONFIG_MAPS, { ...made, data: { a: '5', b: '2' } }, { fieldManager: 'editor' });
    const after = applySettings(api, 'team', { b: '2' });
    expect(after.data).toEqual({ a: '5', b: '2' });
    expect(ownersOf(after)).toMatchObject({ 'editor/Update': { 'f:data': { 'f:a': {} } } });
  });

  it('says that fields of objects nobody tracked were there before', () => {
    const { api } = start();
    api.create(CONFIG_MAPS, settings({ a: '1' }) as unknown as ConfigMap);
    expect(refusal(() => applySettings(api, 'team', { a: '2' }))?.message).toBe(
      'Apply failed with 1 conflict: conflict with "before-first-apply" using v1: .data.a',
    );
    expect(ownersOf(applySettings(api, 'team', { a: '2', c: '3' }, true))).toEqual({
      'before-first-apply/Update': { 'f:data': {} },
      'team/Apply': { 'f:data': { 'f:a': {}, 'f:c': {} } },
    });
  });

  it('lets kubectl go on from its own client-side apply', () => {
    const { api } = start();
    const annotation = 'kubectl.kubernetes.io/last-applied-configuration';
    const applied = settings({ a: '1', b: '2' });
    const made = settings({ a: '1', b: '2' }, { annotations: { [annotation]: JSON.stringify(applied) } });
    api.create(CONFIG_MAPS, made as unknown as ConfigMap, { fieldManager: 'kubectl-client-side-apply' });
    const after = applySettings(api, 'kubectl', { a: '9', b: '2' });
    expect(after.data).toEqual({ a: '9', b: '2' });
    expect(JSON.parse(after.metadata.annotations?.[annotation] ?? '')).toEqual(settings({ a: '9', b: '2' }));
    expect(refusal(() => applySettings(api, 'someone', { b: '7' }))?.reason).toBe('Conflict');
  });

  it('merges lists by their keys and keeps the items of others', () => {
    const { api } = start();
    applyWeb(api, 'team', { replicas: 1, ...podTemplate(container) });
    const sidecar = { name: 'proxy', image: 'proxy:1' };
    const both = api.apply(DEPLOYMENTS, 'shop', 'web', web({ template: { spec: { containers: [sidecar] } } }), {
      fieldManager: 'mesh',
    });
    expect(both.spec?.template.spec?.containers.map(({ name }) => name)).toEqual(['web', 'proxy']);
    const without = api.apply(DEPLOYMENTS, 'shop', 'web', web({ template: { spec: {} } }), { fieldManager: 'mesh' });
    expect(without.spec?.template.spec?.containers.map(({ name }) => name)).toEqual(['web']);
  });

  it('replaces atomic lists and maps as one', () => {
    const { api } = start();
    applyWeb(api, 'team', { ...podTemplate(container), template: { ...podTemplate(container).template } });
    const pinned = (nodeSelector: Data, tolerations: readonly object[]) =>
      web({ template: { spec: { nodeSelector, tolerations } } });
    const options = { fieldManager: 'placement' };
    api.apply(DEPLOYMENTS, 'shop', 'web', pinned({ zone: 'a' }, [{ key: 'x', operator: 'Exists' }]), options);
    const after = api.apply(DEPLOYMENTS, 'shop', 'web', pinned({ disk: 'ssd' }, []), options);
    expect(after.spec?.template.spec?.nodeSelector).toEqual({ disk: 'ssd' });
    expect(after.spec?.template.spec?.tolerations).toBeUndefined();
    expect(
      refusal(() => applyWeb(api, 'other', { template: { spec: { nodeSelector: { zone: 'b' } } } }))?.message,
    ).toBe('Apply failed with 1 conflict: conflict with "placement": .spec.template.spec.nodeSelector');
  });

  it('shows and stores nothing on a dry run', () => {
    const { api } = start();
    const shown = api.apply(CONFIG_MAPS, 'shop', 'settings', settings({ a: '1' }), {
      fieldManager: 'team',
      dryRun: true,
    });
    expect(ownersOf(shown)).toEqual({ 'team/Apply': { 'f:data': { 'f:a': {} } } });
    expect(refusal(() => api.get(CONFIG_MAPS, 'shop', 'settings'))?.code).toBe(404);
  });

  it('keeps what is applied to a status apart', () => {
    const { api } = start();
    applyWeb(api, 'team', { replicas: 1, ...podTemplate(container) });
    const after = api.apply(
      DEPLOYMENTS,
      'shop',
      'web',
      { ...web({ replicas: 9 }), status: { observedGeneration: 1 } },
      { fieldManager: 'team', subresource: 'status' },
    );
    expect(after.spec?.replicas).toBe(1);
    expect(after.metadata.managedFields).toContainEqual(
      expect.objectContaining({ subresource: 'status', fieldsV1: { 'f:status': { 'f:observedGeneration': {} } } }),
    );
  });
});

describe('refusals of server-side apply', () => {
  it.each([
    [{ ...settings({}), kind: 'Secret' }, 400, 'invalid object type: /v1, Kind=Secret'],
    [settings({}, { managedFields: [] }), 400, 'metadata.managedFields must be nil'],
    [
      settings({}, { name: 'other' }),
      400,
      'the name of the object (other) does not match the name on the URL (settings)',
    ],
    [
      { ...settings({}), colour: 'red' },
      500,
      'failed to create typed patch object (shop/settings; /v1, Kind=ConfigMap): .colour: field not declared in schema',
    ],
  ])('for %j', (configuration, code, message) => {
    const { api } = start();
    const apply = () => api.apply(CONFIG_MAPS, 'shop', 'settings', configuration, { fieldManager: 'team' });
    expect(refusal(apply)).toMatchObject({ code, message });
  });

  it('for wrong types, and for items that are given twice', () => {
    const { api } = start();
    const prefix = 'failed to create typed patch object (shop/web; apps/v1, Kind=Deployment): ';
    expect(refusal(() => applyWeb(api, 'team', { replicas: 'three' }))?.message).toBe(
      `${prefix}.spec.replicas: expected numeric (int or float), got string`,
    );
    expect(refusal(() => applyWeb(api, 'team', podTemplate(container, container)))?.message).toBe(
      `${prefix}.spec.template.spec.containers: duplicate entries for key [name="web"]`,
    );
    expect(
      refusal(() => applyWeb(api, 'team', { a: 1, ...podTemplate({ image: 1, b: 2, name: 'web' }) }))?.message,
    ).toBe(`${prefix}.spec.a: field not declared in schema`);
  });

  it('without a manager', () => {
    const { api } = start();
    expect(refusal(() => api.apply(CONFIG_MAPS, 'shop', 'settings', settings({})))).toMatchObject({
      code: 422,
      message: 'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    });
  });
});

describe('managed fields of other writes', () => {
  it('are kept for every write that names a manager, defaults included', () => {
    const { api } = start();
    const made = api.create(DEPLOYMENTS, web({ replicas: 2, ...podTemplate(container) }) as unknown as Deployment, {
      fieldManager: 'kubectl-create',
    });
    const fields = ownersOf(made)['kubectl-create/Update'];
    expect(fields).toMatchObject({
      'f:spec': {
        'f:replicas': {},
        'f:selector': {},
        'f:template': {
          'f:metadata': { 'f:labels': { '.': {}, 'f:app': {} } },
          'f:spec': { 'f:containers': { 'k:{"name":"web"}': { '.': {}, 'f:image': {}, 'f:name': {} } } },
        },
      },
    });
    expect(Object.keys(fields as object)).toEqual(['f:spec']);
  });

  it('are not kept for writes that name none', () => {
    const { api } = start();
    const made = api.create(CONFIG_MAPS, settings({ a: '1' }) as unknown as ConfigMap);
    expect(made.metadata.managedFields).toBeUndefined();
    const after = api.update(CONFIG_MAPS, { ...made, data: { a: '2' } }, { fieldManager: 'editor' });
    expect(after.metadata.managedFields).toBeUndefined();
  });

  it('stay when a client leaves them out, and are reset by an empty entry', () => {
    const { api } = start();
    const made = applySettings(api, 'team', { a: '1' });
    const plain = { ...made, metadata: { name: 'settings', namespace: 'shop' }, data: { a: '1', b: '2' } } as ConfigMap;
    const updated = api.update(CONFIG_MAPS, plain, { fieldManager: 'editor' });
    expect(ownersOf(updated)).toEqual({
      'team/Apply': { 'f:data': { 'f:a': {} } },
      'editor/Update': { 'f:data': { 'f:b': {} } },
    });
    const reset = api.patch(
      CONFIG_MAPS,
      'shop',
      'settings',
      { kind: 'merge', patch: { metadata: { managedFields: [{}] } } },
      { fieldManager: 'editor' },
    );
    expect(reset.metadata.managedFields).toBeUndefined();
  });

  it('go to the manager of a subresource apart from its other entry', () => {
    const { api } = start();
    applyWeb(api, 'team', { replicas: 1, ...podTemplate(container) });
    const scale = (one: Deployment) => ({ ...one, spec: { ...one.spec, replicas: 5 } }) as Deployment;
    const scaled = api.change(DEPLOYMENTS, 'shop', 'web', scale, { fieldManager: 'kubectl', subresource: 'scale' });
    expect(scaled.metadata.managedFields).toContainEqual(
      expect.objectContaining({
        manager: 'kubectl',
        subresource: 'scale',
        fieldsV1: { 'f:spec': { 'f:replicas': {} } },
      }),
    );
    expect(refusal(() => applyWeb(api, 'team', { replicas: 1, ...podTemplate(container) }))?.message).toBe(
      'Apply failed with 1 conflict: conflict with "kubectl" with subresource "scale" using apps/v1: .spec.replicas',
    );
  });

  it('put the oldest updaters together when there are more than ten', () => {
    const { api, clock } = start();
    applySettings(api, 'team', { start: '1' });
    for (let at = 0; at < 12; at++) {
      clock.advance(1000);
      const change = { kind: 'merge', patch: { data: { [`key${at}`]: 'x' } } } as const;
      api.patch(CONFIG_MAPS, 'shop', 'settings', change, { fieldManager: `editor-${at}` });
    }
    const owners = ownersOf(api.get(CONFIG_MAPS, 'shop', 'settings'));
    expect(Object.keys(owners).filter((name) => name.endsWith('/Update'))).toHaveLength(10);
    expect(owners['ancient-changes/Update']).toEqual({ 'f:data': { 'f:key0': {}, 'f:key1': {}, 'f:key2': {} } });
  });
});
