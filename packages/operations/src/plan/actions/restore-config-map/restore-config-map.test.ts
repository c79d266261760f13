import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  configMap,
  ref,
  rehearsedOn,
  remediesOf,
  workload,
  workloadScene,
  type WorkloadScene,
} from '../../revisions/workload-scene.suite.ts';
import { CONFIG_TEMPLATES } from './config-templates.ts';
import { restoreConfigMap } from './restore-config-map.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A program whose volume is of a ConfigMap that is not there. */
function lacking(image: string, mount: Fields, container: Fields = {}, ...others: readonly Fields[]): WorkloadScene {
  return workloadScene(
    workload('Deployment', 'monitor', {
      container: { image, volumeMounts: [{ name: 'config', ...mount }], ...container },
      pod: { volumes: [{ name: 'config', configMap: { name: 'monitor-config' } }] },
    }),
    configMap('other', { a: 'b' }),
    ...others,
  );
}

function made(scene: WorkloadScene): readonly Readonly<Record<string, string>>[] {
  return remediesOf(scene, restoreConfigMap)
    .flatMap(({ drafts }) => drafts.flatMap(({ changes }) => changes))
    .flatMap((change) => (change.kind === 'create' ? [(change.object as { data: Record<string, string> }).data] : []));
}

describe('restore-config-map', () => {
  it.each([
    ['the image reads by itself', '/etc/alertmanager', {}, 'alertmanager.yml'],
    ['an argument names', '/config', { args: ['--config.file=/config/alertmanager.yaml'] }, 'alertmanager.yaml'],
  ])('uses the key that %s', (_, mountPath, container, key) => {
    const [content] = made(lacking('prom/alertmanager:v0.27.0', { mountPath }, container));
    expect(Object.keys(content ?? {})).toEqual([key]);
    expect(parse(content?.[key] ?? '')).toMatchObject({
      route: { group_wait: '30s', group_interval: '5m', repeat_interval: '4h' },
    });
  });

  it('uses the key that a subPath names', () => {
    const scene = lacking('nginx:1.27', { mountPath: '/etc/nginx/conf.d/shop.conf', subPath: 'shop.conf' });
    expect(Object.keys(made(scene)[0] ?? {})).toEqual(['shop.conf']);
  });

  it('copies the one of another namespace that has the same name', () => {
    const other = configMap('monitor-config', { 'app.ini': 'x=1' }, 'staging');
    expect(made(lacking('registry.example.com/own:1', { mountPath: '/etc/own' }, {}, other))).toEqual([
      { 'app.ini': 'x=1' },
    ]);
  });

  it('copies none where two namespaces have different ones, and none with masked values', () => {
    const two = [configMap('monitor-config', { a: '1' }, 'one'), configMap('monitor-config', { a: '2' }, 'two')];
    expect(made(lacking('registry.example.com/own:1', { mountPath: '/etc/own' }, {}, ...two))).toEqual([]);
    const secret = configMap('monitor-config', { a: 'password: hunter2hunter2' }, 'one');
    expect(made(lacking('registry.example.com/own:1', { mountPath: '/etc/own' }, {}, secret))).toEqual([]);
  });

  it('asks a person where nothing tells what belongs into it', () => {
    const remedies = remediesOf(lacking('registry.example.com/own:1', { mountPath: '/etc/own' }), restoreConfigMap);
    expect(remedies.flatMap(({ drafts }) => drafts.flatMap(({ changes }) => changes.map(({ kind }) => kind)))).toEqual([
      'manual',
    ]);
  });

  it('asks for nothing once it is there', () => {
    const scene = lacking('prom/alertmanager:v0.27.0', { mountPath: '/etc/alertmanager' });
    scene.create(configMap('monitor-config', { 'alertmanager.yml': '' }));
    scene.wait(1);
    expect(remediesOf(scene, restoreConfigMap)).toEqual([]);
    expect(scene.read(ref('ConfigMap', 'monitor-config'))).toBeDefined();
  });

  it('lets the program start on the twin', () => {
    const { before, held, remaining } = rehearsedOn(
      lacking('prom/alertmanager:v0.27.0', { mountPath: '/etc/alertmanager' }),
    );
    expect(before).toContain('config-map-missing');
    expect(held).toContain('restore-config-map');
    expect(remaining).not.toContain('config-map-missing');
  });

  it('marks in every template what is to be filled in', () => {
    for (const { content } of CONFIG_TEMPLATES) expect(content).toContain('TO FILL IN');
  });

  it('writes inhibitions by labels that tell apart what alerts are about', () => {
    const [content] = made(lacking('prom/alertmanager', { mountPath: '/etc/alertmanager' }));
    const { inhibit_rules: rules } = parse(content?.['alertmanager.yml'] ?? '') as {
      inhibit_rules: { equal: string[] }[];
    };
    for (const { equal } of rules) expect(equal).toContain('instance');
  });
});
