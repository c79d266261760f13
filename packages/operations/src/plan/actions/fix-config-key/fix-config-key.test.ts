import { describe, expect, it } from 'vitest';
import {
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

const WEB = ref('Deployment', 'web');
const env = (key: string) => [{ name: 'HOST', valueFrom: { configMapKeyRef: { name: 'web-config', key } } }];

/** The key is renamed in the ConfigMap, and the pods are started anew. */
function renamed(from: string, to: string, more: Readonly<Record<string, string>> = {}): WorkloadScene {
  const scene = workloadScene(
    configMap('web-config', { [from]: 'db' }),
    workload('Deployment', 'web', { container: { env: env(from) } }),
  );
  scene.patch(ref('ConfigMap', 'web-config'), { data: { [from]: null, [to]: 'db', ...more } });
  rollOut(scene, WEB, { container: { imagePullPolicy: 'Always' } });
  scene.wait(20);
  return scene;
}

function operations(scene: WorkloadScene) {
  return remediesOf(scene, fixConfigKey)
    .toSorted((a, b) => b.fit - a.fit)
    .flatMap(({ drafts }) => drafts.flatMap(({ changes }) => changes))
    .map((change) => (change.kind === 'patch' && change.patch.type === 'json' ? change.patch.operations : []));
}

describe('fix-config-key', () => {
  it.each([
    ['DATABASE_HOST', 'database-host'],
    ['TIMEOUT', 'app.TIMEOUT'],
    ['RETRIES', 'RETIRES'],
  ])('gives the ConfigMap %s again where it has %s now, without naming the value', (from, to) => {
    const [first, second] = operations(renamed(from, to));
    expect(first).toEqual([{ op: 'copy', from: `/data/${to}`, path: `/data/${from}` }]);
    expect(second?.[0]).toMatchObject({ op: 'replace', value: to });
  });

  it('prefers the reference where it is the reference that is new', () => {
    const scene = workloadScene(configMap('web-config', { host: 'db', port: '5432' }), workload('Deployment', 'web'));
    rollOut(scene, WEB, { container: { env: env('HOST') } });
    scene.wait(20);
    expect(operations(scene)[0]).toEqual([
      { op: 'replace', path: '/spec/template/spec/containers/0/env/0/valueFrom/configMapKeyRef/key', value: 'host' },
    ]);
  });

  it('leaves an immutable ConfigMap as it is', () => {
    const scene = workloadScene(
      { ...configMap('web-config', { host: 'db' }), immutable: true },
      workload('Deployment', 'web'),
    );
    rollOut(scene, WEB, { container: { env: env('HOST') } });
    scene.wait(20);
    expect(
      operations(scene)
        .flat()
        .map(({ op }) => op),
    ).toEqual(['replace']);
  });

  it('refuses where no key comes near, or two do', () => {
    expect(operations(renamed('DATABASE_HOST', 'colour'))).toEqual([]);
    expect(operations(renamed('DATABASE_HOST', 'database-host', { 'database.host': 'other' }))).toEqual([]);
  });

  it('does not take numbered keys for one another', () => {
    expect(operations(renamed('shard-1', 'shard-2'))).toEqual([]);
  });

  it('lets the pods start on the twin', () => {
    const { before, remaining, held } = rehearsedOn(renamed('DATABASE_HOST', 'database-host'));
    expect(before).toContain('config-map-key-missing');
    expect(held).toEqual(['fix-config-key']);
    expect(remaining).toEqual([]);
  });
});
