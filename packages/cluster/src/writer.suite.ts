/** The promises of {@link ClusterWriter} as tests that every adapter runs. */
import { describe, expect, it } from 'vitest';
import type { KubeObject } from './model/kube-object.ts';
import { refOf, type ResourceRef } from './model/resource-ref.ts';
import type { ClusterWriter, RemoveRequest, WriteOutcome, WriteRequest } from './writer.ts';

/** What an adapter sets up for the suite: a cluster with namespace `shop` and what {@link WRITER_OBJECTS} lists. */
export interface WriterCase {
  readonly writer: ClusterWriter;
  /** The object as it is stored; `undefined` when there is none. */
  read(ref: ResourceRef): Promise<KubeObject | undefined>;
}

const by = (fieldManager: string): WriteRequest => ({ fieldManager });
const SUITE = by('suite');

/** What the suite writes to; no pod of it is scheduled, and none of its budgets allows a disruption. */
export const WRITER_OBJECTS: readonly KubeObject[] = [
  object('v1', 'Namespace', 'shop', {}, ''),
  object('v1', 'ServiceAccount', 'default', {}),
  object('v1', 'ConfigMap', 'settings', { data: { mode: 'fast', size: 'small' } }),
  object('apps/v1', 'Deployment', 'web', {
    spec: {
      ...{ replicas: 2, selector: { matchLabels: { app: 'web' } } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { containers: [container('web', 'nginx:1.27'), container('log', 'fluent-bit:3')] },
      },
    },
  }),
  object('v1', 'Pod', 'alone', { spec: { containers: [container('main', 'nginx:1.27')] } }),
];

/** Runs the suite; `make` is called anew for each test. */
export function writerSuite(name: string, make: () => Promise<WriterCase>): void {
  describe(`${name} keeps the promises of a writer`, () => {
    it('creates once', async () => {
      const { writer, read } = await make();
      const limits = object('v1', 'ConfigMap', 'limits', { data: { most: '3' } });
      const first = done(await writer.create(limits, SUITE));
      expect(first?.metadata.uid).toMatch(/\w/);
      expect(await read(refOf(limits))).toMatchObject({ data: { most: '3' } });
      expect(await writer.create({ ...limits, ...{ data: {} } }, SUITE)).toMatchObject({
        ...{ kind: 'refused', reason: 'AlreadyExists', status: 409 },
        message: 'configmaps "limits" already exists',
      });
      expect(await read(refOf(limits))).toEqual(first);
    });

    it('applies: makes what is not there, and shares fields only when told to', async () => {
      const { writer, read } = await make();
      const wanted = (mode: string) => object('v1', 'ConfigMap', 'applied', { data: { mode } });
      done(await writer.apply(wanted('fast'), by('one')));
      const refused = await writer.apply(wanted('slow'), by('two'));
      expect(refused).toMatchObject({
        kind: 'refused',
        reason: 'Conflict',
        causes: [{ reason: 'FieldManagerConflict', field: '.data.mode' }],
      });
      expect(await read(refOf(wanted('')))).toMatchObject({ data: { mode: 'fast' } });
      done(await writer.apply(wanted('slow'), { ...by('two'), force: true }));
      expect(await read(refOf(wanted('')))).toMatchObject({ data: { mode: 'slow' } });
    });

    it('patches by operations, by merging, and by the keys of lists', async () => {
      const { writer, read } = await make();
      const settings = ref('', 'ConfigMap', 'settings');
      done(
        await writer.patch(
          settings,
          { type: 'json', operations: [{ op: 'replace', path: '/data/mode', value: 'slow' }] },
          SUITE,
        ),
      );
      done(await writer.patch(settings, { type: 'merge', patch: { data: { size: null, most: '9' } } }, SUITE));
      expect(await read(settings)).toMatchObject({ data: { mode: 'slow', most: '9' } });
      expect((await read(settings)) as unknown as { data: object }).not.toHaveProperty('data.size');
      const web = ref('apps', 'Deployment', 'web');
      const newer = { spec: { template: { spec: { containers: [{ name: 'web', image: 'nginx:1.29' }] } } } };
      done(await writer.patch(web, { type: 'strategic', patch: newer }, SUITE));
      expect(await read(web)).toMatchObject({
        spec: {
          template: {
            spec: {
              containers: [
                { name: 'web', image: 'nginx:1.29' },
                { name: 'log', image: 'fluent-bit:3' },
              ],
            },
          },
        },
      });
    });

    it('removes: at once, or when everybody who holds it lets go', async () => {
      const { writer, read } = await make();
      const settings = ref('', 'ConfigMap', 'settings');
      expect(done(await writer.remove(settings, SUITE))).toBeUndefined();
      expect(await read(settings)).toBeUndefined();
      const held = object('v1', 'ConfigMap', 'held', {});
      done(await writer.create({ ...held, metadata: { ...held.metadata, finalizers: ['example.com/hold'] } }, SUITE));
      expect(done(await writer.remove(refOf(held), SUITE))?.metadata.deletionTimestamp).toMatch(/^\d{4}-/);
      expect(await writer.remove(settings, SUITE)).toMatchObject({ kind: 'refused', reason: 'NotFound', status: 404 });
    });

    it('scales what has a scale', async () => {
      const { writer, read } = await make();
      const web = ref('apps', 'Deployment', 'web');
      expect(done(await writer.scale(web, 5, SUITE))).toMatchObject({ kind: 'Scale', spec: { replicas: 5 } });
      expect(await read(web)).toMatchObject({ spec: { replicas: 5 } });
      expect(await writer.scale(ref('', 'ConfigMap', 'settings'), 2, SUITE)).toMatchObject({
        kind: 'refused',
        status: 404,
      });
    });

    it('evicts', async () => {
      const { writer, read } = await make();
      const alone = ref('', 'Pod', 'alone');
      done(await writer.evict(alone, SUITE));
      expect(await read(alone)).toBeUndefined();
      expect(await writer.evict(alone, SUITE)).toMatchObject({ kind: 'refused', reason: 'NotFound' });
    });

    it.each(conditionalWrites())(
      'refuses to $name when it is another object or another version, and changes nothing',
      async ({ target, write }) => {
        const { writer, read } = await make();
        const before = await read(target);
        for (const precondition of [{ uid: '00000000-0000-4000-8000-000000000000' }, { resourceVersion: '1' }]) {
          const outcome = await write(writer, { ...SUITE, precondition });
          expect(outcome).toMatchObject({ kind: 'refused', reason: 'Conflict', status: 409 });
        }
        expect(await read(target)).toEqual(before);
        const { uid = '', resourceVersion = '' } = before?.metadata ?? {};
        done(await write(writer, { ...SUITE, precondition: { uid, resourceVersion } }));
        expect(await read(target)).not.toEqual(before);
      },
    );

    it.each(conditionalWrites())('changes nothing on a dry run to $name', async ({ target, write }) => {
      const { writer, read } = await make();
      const before = await read(target);
      done(await write(writer, { ...SUITE, dryRun: true }));
      expect(await read(target)).toEqual(before);
    });

    it('says which field is wrong', async () => {
      const { writer } = await make();
      const outcome = await writer.patch(
        ref('apps', 'Deployment', 'web'),
        { type: 'merge', patch: { spec: { replicas: -1 } } },
        SUITE,
      );
      expect(outcome).toMatchObject({
        kind: 'refused',
        reason: 'Invalid',
        status: 422,
        causes: [{ reason: 'FieldValueInvalid', field: 'spec.replicas' }],
      });
    });

    it('is told NotFound of kinds and namespaces that are not there', async () => {
      const { writer } = await make();
      expect(await writer.remove(ref('forge.example.com', 'Ingot', 'a'), SUITE)).toMatchObject({
        kind: 'refused',
        reason: 'NotFound',
      });
      const lost = object('v1', 'ConfigMap', 'lost', {}, 'nowhere');
      expect(await writer.create(lost, SUITE)).toMatchObject({
        kind: 'refused',
        reason: 'NotFound',
        message: 'namespaces "nowhere" not found',
      });
    });

    it('addresses nothing but the one object that was named', async () => {
      const { writer, read } = await make();
      for (const wrong of ['', '.', '..', '../../shop', 'a%2e']) {
        const target = ref('', 'Pod', wrong);
        await expect(writer.remove(target, SUITE), wrong).rejects.toThrow(RangeError);
        await expect(writer.patch(target, { type: 'merge', patch: {} }, SUITE), wrong).rejects.toThrow(RangeError);
        await expect(writer.evict(target, SUITE), wrong).rejects.toThrow(RangeError);
      }
      const above = { ...ref('', 'Pod', 'alone'), namespace: '..' };
      await expect(writer.remove(above, SUITE)).rejects.toThrow(RangeError);
      expect(await read({ ...ref('', 'Namespace', 'shop'), namespace: '' })).not.toHaveProperty(
        'metadata.deletionTimestamp',
      );
      expect(await read(ref('', 'Pod', 'alone'))).not.toHaveProperty('metadata.deletionTimestamp');
    });

    it('throws when cancelled', async () => {
      const { writer } = await make();
      const request = { ...SUITE, signal: AbortSignal.abort() };
      await expect(writer.remove(ref('', 'ConfigMap', 'settings'), request)).rejects.toThrow();
    });
  });
}

interface ConditionalWrite {
  readonly name: string;
  readonly target: ResourceRef;
  write(writer: ClusterWriter, request: RemoveRequest): Promise<WriteOutcome>;
}

function conditionalWrites(): readonly ConditionalWrite[] {
  const settings = ref('', 'ConfigMap', 'settings');
  const web = ref('apps', 'Deployment', 'web');
  const alone = ref('', 'Pod', 'alone');
  const added = object('v1', 'ConfigMap', 'settings', { data: { added: 'yes' } });
  const operations = [{ op: 'add', path: '/data/added', value: 'yes' }] as const;
  return [
    { name: 'apply', target: settings, write: (writer, request) => writer.apply(added, request) },
    {
      name: 'patch by operations',
      target: settings,
      write: (writer, request) => writer.patch(settings, { type: 'json', operations }, request),
    },
    {
      name: 'patch by merging',
      target: settings,
      write: (writer, request) => writer.patch(settings, { type: 'merge', patch: { data: { added: 'yes' } } }, request),
    },
    {
      name: 'patch by keys',
      target: settings,
      write: (writer, request) =>
        writer.patch(settings, { type: 'strategic', patch: { data: { added: 'yes' } } }, request),
    },
    { name: 'remove', target: settings, write: (writer, request) => writer.remove(settings, request) },
    { name: 'scale', target: web, write: (writer, request) => writer.scale(web, 7, request) },
    { name: 'evict', target: alone, write: (writer, request) => writer.evict(alone, request) },
  ];
}

function done(outcome: WriteOutcome): KubeObject | undefined {
  expect(outcome).toMatchObject({ kind: 'done' });
  return outcome.kind === 'done' ? outcome.object : undefined;
}

function ref(group: string, kind: string, name: string): ResourceRef {
  return { group, kind, namespace: 'shop', name };
}

function object(apiVersion: string, kind: string, name: string, content: object, namespace = 'shop'): KubeObject {
  return { apiVersion, kind, metadata: namespace === '' ? { name } : { name, namespace }, ...content };
}

function container(name: string, image: string): object {
  return { name, image, resources: { requests: { cpu: '10m', memory: '16Mi' } } };
}
