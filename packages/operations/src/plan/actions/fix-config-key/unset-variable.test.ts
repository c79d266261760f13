import { describe, expect, it } from 'vitest';
import {
  behaving,
  configMap,
  ref,
  rehearsedOn,
  remediesOf,
  rollOut,
  workload,
  workloadScene,
  type WorkloadScene,
} from '../../revisions/workload-scene.suite.ts';
import { fixConfigKey } from './fix-config-key.ts';

type Kind = 'Deployment' | 'StatefulSet' | 'DaemonSet';
const WHOLE = { envFrom: [{ configMapRef: { name: 'settings' } }] };
const words = (variable: string) => `required environment variable ${variable} is not set`;

/** A program needs a variable that it takes from a ConfigMap, whose key gets another name. */
function renamed(
  from: string,
  to: string,
  {
    kind = 'Deployment',
    container = WHOLE,
    pod = {},
    variable = from,
    says = words(variable),
    isImmutable = false,
    more = {},
    of = 'web',
  }: {
    readonly kind?: Kind;
    readonly container?: object;
    readonly pod?: object;
    readonly variable?: string;
    readonly says?: string;
    readonly isImmutable?: boolean;
    readonly more?: Readonly<Record<string, string>>;
    readonly of?: string;
  } = {},
): WorkloadScene {
  const scene = workloadScene(
    configMap('settings', { [from]: '30', COLOUR: 'red' }),
    workload(kind, 'web', { container: { ...container }, pod: { ...pod } }),
    {
      ...{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'shop' } },
      spec: { clusterIP: 'None', selector: { app: 'web' }, ports: [{ port: 80 }] },
    },
  );
  const ends = { exitsAfterMs: 600, exitCode: 1, lastWords: [says] };
  behaving(scene, (place) => place.container === of && place.env(variable) === undefined, ends);
  scene.remove(ref('ConfigMap', 'settings'));
  const content = { COLOUR: 'red', [to]: '30', ...more };
  scene.create({ ...configMap('settings', content), ...(isImmutable && { immutable: true }) });
  rollOut(scene, ref(kind, 'web'), { pod: { terminationGracePeriodSeconds: 20 } });
  scene.wait(20);
  return scene;
}

function changesIn(scene: WorkloadScene) {
  return remediesOf(scene, fixConfigKey)
    .toSorted((a, b) => b.fit - a.fit)
    .map(({ drafts }) => drafts[0]?.changes[0]);
}

describe('fix-config-key, for a variable that a program misses', () => {
  it.each<[string, string, string]>([
    ['CACHE_TTL', 'cache-ttl', words('CACHE_TTL')],
    ['FEATURES', 'app.FEATURES', words('FEATURES')],
    ['CACHE_TTL', 'CACHE_TLT', "KeyError: 'CACHE_TTL'"],
    ['CACHE_TTL', 'cacheTtl', 'Error: CACHE_TTL must be set'],
  ])('gives back the key %s where the ConfigMap has %s, or names the new key', (from, to, says) => {
    const [first, second] = changesIn(renamed(from, to, { says }));
    expect(first).toMatchObject({
      target: { kind: 'ConfigMap', name: 'settings' },
      patch: { operations: [{ op: 'copy', from: `/data/${to}`, path: `/data/${from}` }] },
    });
    expect(JSON.stringify(second)).toContain(
      JSON.stringify([{ name: from, valueFrom: { configMapKeyRef: { name: 'settings', key: to } } }]),
    );
  });

  it.each<Kind>(['Deployment', 'StatefulSet', 'DaemonSet'])('lets the pods of a %s start on the twin', (kind) => {
    const { before, remaining, held } = rehearsedOn(renamed('CACHE_TTL', 'cache-ttl', { kind }));
    expect(before).toEqual(['program-fails']);
    expect(held).toEqual(['fix-config-key']);
    expect(remaining).toEqual([]);
  });

  it('takes a prefix of all keys off, and looks at a key that may be missing', () => {
    const prefixed = { envFrom: [{ prefix: 'APP_', configMapRef: { name: 'settings' } }] };
    const [first] = changesIn(renamed('CACHE_TTL', 'cache-ttl', { container: prefixed, variable: 'APP_CACHE_TTL' }));
    expect(first).toMatchObject({ patch: { operations: [{ path: '/data/CACHE_TTL' }] } });
    const valueFrom = { configMapKeyRef: { name: 'settings', key: 'ttl.cache', optional: true } };
    const optional = { env: [{ name: 'CACHE_TTL', valueFrom }] };
    const [second] = changesIn(renamed('ttl.cache', 'ttl-cache', { container: optional, variable: 'CACHE_TTL' }));
    expect(second).toMatchObject({ patch: { operations: [{ op: 'copy', path: '/data/ttl.cache' }] } });
  });

  it('mends the one container of several, or the init container, that misses it', () => {
    const other = { name: 'proxy', image: 'registry.example.com/proxy:1.0.0', ...WHOLE };
    const pod = { initContainers: [{ ...other, name: 'setup' }] };
    const scene = renamed('CACHE_TTL', 'cache-ttl', { pod, isImmutable: true, of: 'setup' });
    const [only, ...others] = changesIn(scene);
    expect(others).toEqual([]);
    expect(JSON.stringify(only)).toContain('{"initContainers":[{"name":"setup","env":');
  });

  it.each<[string, Parameters<typeof renamed>[2]]>([
    ['two keys come near', { more: { 'cache.ttl': '5' } }],
    ['the words name two variables', { says: 'CACHE_TTL and CACHE_SIZE are required' }],
    ['the words say no more than a name', { says: 'CACHE_TTL=' }],
    ['the container is given nothing', { container: {} }],
  ])('refuses where %s', (_, options) => {
    expect(changesIn(renamed('CACHE_TTL', 'cache-ttl', options))).toEqual([]);
  });

  it('refuses where no key comes near', () => {
    expect(changesIn(renamed('CACHE_TTL', 'size'))).toEqual([]);
  });
});
