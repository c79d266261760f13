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
import { fixReference } from './fix-reference.ts';

const WEB = ref('Deployment', 'web');
const fromMap = (name: string) => ({ container: { envFrom: [{ configMapRef: { name } }] } });

function values(scene: WorkloadScene): readonly unknown[] {
  return remediesOf(scene, fixReference)
    .flatMap(({ drafts }) => drafts.flatMap(({ changes }) => changes))
    .flatMap((change) => (change.kind === 'patch' && change.patch.type === 'json' ? change.patch.operations : []))
    .map(({ path, value }) => `${path} = ${String(value)}`);
}

describe('fix-reference', () => {
  it('finds the name that was mistyped', () => {
    const scene = workloadScene(
      configMap('web-settings', { A: '1' }),
      workload('Deployment', 'web', fromMap('web-setitngs')),
    );
    expect(values(scene)).toEqual(['/spec/template/spec/containers/0/envFrom/0/configMapRef/name = web-settings']);
  });

  it('takes what the revision before named in its place', () => {
    const scene = workloadScene(configMap('old', { A: '1' }), workload('Deployment', 'web', fromMap('old')));
    rollOut(scene, WEB, fromMap('brand-new'));
    scene.wait(20);
    expect(values(scene)).toEqual(['/spec/template/spec/containers/0/envFrom/0/configMapRef/name = old']);
  });

  it('knows names that end in a hash of the content', () => {
    const scene = workloadScene(
      configMap('web-7bf2c9m5h2', { A: '1' }),
      workload('Deployment', 'web', fromMap('web-24d6fgh87k')),
    );
    expect(values(scene)[0]).toContain('= web-7bf2c9m5h2');
  });

  it('writes the field of a Secret volume', () => {
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'web-keys', namespace: 'shop' },
      data: { k: 'eA==' },
    };
    const scene = workloadScene(
      secret,
      workload('Deployment', 'web', {
        container: { volumeMounts: [{ name: 'keys', mountPath: '/keys' }] },
        pod: { volumes: [{ name: 'keys', secret: { secretName: 'web-kyes' } }] },
      }),
    );
    expect(values(scene)).toEqual(['/spec/template/spec/volumes/0/secret/secretName = web-keys']);
  });

  it('refuses where what is near lacks a key, and where two are near', () => {
    const env = [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'web-setitngs', key: 'B' } } }];
    expect(
      values(
        workloadScene(configMap('web-settings', { A: '1' }), workload('Deployment', 'web', { container: { env } })),
      ),
    ).toEqual([]);
    const two = [configMap('settings-a', {}), configMap('settings-b', {})];
    expect(values(workloadScene(...two, workload('Deployment', 'web', fromMap('settings-c'))))).toEqual([]);
  });

  it('lets the pods start on the twin', () => {
    const scene = workloadScene(
      configMap('web-settings', { A: '1' }),
      workload('Deployment', 'web', fromMap('web-setitngs')),
    );
    const { before, remaining, held } = rehearsedOn(scene);
    expect(before).toContain('config-map-missing');
    expect(held).toEqual(['fix-reference']);
    expect(remaining).toEqual([]);
  });
});
