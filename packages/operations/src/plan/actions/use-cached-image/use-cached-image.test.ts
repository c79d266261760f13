import type { Node, Pod, ResourceRef } from '@aia/cluster';
import { describe, expect, it } from 'vitest';
import { isReady } from '../../../diagnose/conditions.ts';
import {
  ref,
  remediesOf,
  rollOut,
  workload,
  workloadScene,
  type WorkloadScene,
} from '../../revisions/workload-scene.suite.ts';
import { planningOf, tried } from '../../trial.suite.ts';
import { restoreRegistryAccess } from '../restore-registry-access/restore-registry-access.ts';
import { rollBackWorkload } from '../roll-back-workload/roll-back-workload.ts';
import { useCachedImage } from './use-cached-image.ts';

const HOST = 'registry.example.com';
const TIMEOUT = `failed to do request: Head "https://${HOST}/v2/": dial tcp 203.0.113.9:443: i/o timeout`;
const KINDS = [restoreRegistryAccess, rollBackWorkload, useCachedImage];

/** From now on a registry gives nothing, for this reason. */
function cut(scene: WorkloadScene, why: string): void {
  scene.cluster.behave({
    image: (asked) =>
      asked.startsWith(HOST) ? { pullError: `failed to resolve reference "${asked}": ${why}` } : undefined,
  });
}

function node(name: string): ResourceRef {
  return { group: '', kind: 'Node', namespace: '', name };
}

/** Nodes of the ready pods of a workload, whose names begin so. */
function nodesOf(scene: WorkloadScene, name: string): readonly string[] {
  return scene
    .observe()
    .list('Pod')
    .filter(({ metadata }) => metadata.name.startsWith(`${name}-`))
    .map(({ spec }) => spec?.nodeName ?? '');
}

/** Has no pod come to the nodes that have one of a workload already, for as long as something is done. */
function elsewhere(scene: WorkloadScene, name: string, act: () => void): void {
  const taken = new Set(nodesOf(scene, name));
  for (const one of taken) scene.patch(node(one), { spec: { unschedulable: true } });
  act();
  scene.wait(20);
  for (const one of taken) scene.patch(node(one), { spec: { unschedulable: null } });
  scene.wait(1);
}

/** Hostnames that a remedy keeps pods to. */
function keptTo(changes: readonly unknown[]): string {
  return JSON.stringify(changes).match(/"kubernetes.io\/hostname","operator":"In","values":\[([^\]]*)\]/)?.[1] ?? '';
}

describe('use-cached-image', () => {
  it.each(['Deployment', 'StatefulSet'] as const)(
    'keeps the pods of a %s to the nodes that have their image, while no registry gives it',
    (kind) => {
      const scene = workloadScene(workload(kind, 'db', { spec: { replicas: 1 } }));
      const [home = ''] = nodesOf(scene, 'db');
      cut(scene, TIMEOUT);
      elsewhere(scene, 'db', () => scene.remove({ ...ref('Pod', nameOf(scene, 'db')), group: '' }));
      const [remedy] = remediesOf(scene, restoreRegistryAccess);
      expect(remedy?.drafts.map((draft) => draft.kind)).toEqual(['use-cached-image', 'restore-registry-access']);
      expect(keptTo(remedy?.drafts[0]?.changes ?? [])).toBe(JSON.stringify(home));
      const trial = remedy && tried(KINDS, remedy, planningOf(scene.observe()));
      expect(trial?.outcomes[0]).toBe('held');
      expect(trial?.causes).not.toContain('registry-unreachable');
    },
  );

  it('goes back to the revision before on the nodes that have its image, where one of its pods came to another node', () => {
    const scene = workloadScene(workload('Deployment', 'web'));
    const homes = [...new Set(nodesOf(scene, 'web'))].sort();
    cut(scene, TIMEOUT);
    rollOut(scene, ref('Deployment', 'web'), { container: { image: `${HOST}/web:2.0.0` } });
    scene.wait(2);
    const running = scene.observe().list('Pod').find(isReady)?.metadata.name ?? '';
    for (const one of homes) scene.patch(node(one), { spec: { unschedulable: true } });
    scene.remove({ ...ref('Pod', running), group: '' });
    scene.wait(10);
    for (const one of homes) scene.patch(node(one), { spec: { unschedulable: null } });
    scene.wait(1);
    const [remedy] = remediesOf(scene, restoreRegistryAccess);
    const [draft] = remedy?.drafts ?? [];
    expect(draft).toMatchObject({
      kind: 'use-cached-image',
      title: expect.stringContaining('with revision 1') as string,
    });
    expect(keptTo(draft?.changes ?? [])).toBe(homes.map((one) => JSON.stringify(one)).join(','));
    expect(JSON.stringify(draft?.changes)).toContain(`${HOST}/web:1.0.0`);
  });

  it('does so for one image that its registry has no more, and has pods use what is there', () => {
    const container = { imagePullPolicy: 'Always' };
    const scene = workloadScene(workload('Deployment', 'web', { spec: { replicas: 1 }, container }));
    cut(scene, `${HOST}/web:1.0.0: not found`);
    elsewhere(scene, 'web', () => scene.remove({ ...ref('Pod', nameOf(scene, 'web')), group: '' }));
    const [remedy] = remediesOf(scene, useCachedImage);
    expect(JSON.stringify(remedy?.drafts[0]?.changes)).toContain('IfNotPresent');
    const trial = remedy && tried(KINDS, remedy, planningOf(scene.observe()));
    expect(trial?.outcomes).toEqual(['held']);
    expect(trial?.causes).toEqual([]);
  });

  it('refuses where no node has the image, and for what runs on every node', () => {
    const scene = workloadScene(workload('Deployment', 'web'), workload('DaemonSet', 'agent'));
    cut(scene, 'not found');
    for (const [kind, name] of [
      ['Deployment', 'web'],
      ['DaemonSet', 'agent'],
    ] as const)
      rollOut(scene, ref(kind, name), { container: { image: `${HOST}/${name}:2.0.0` } });
    scene.wait(15);
    expect(remediesOf(scene, useCachedImage)).toEqual([]);
  });

  it('refuses where those that have the image take no pods', () => {
    const scene = workloadScene(workload('Deployment', 'web', { spec: { replicas: 1 } }));
    const [home = ''] = nodesOf(scene, 'web');
    cut(scene, 'not found');
    scene.patch(node(home), { spec: { unschedulable: true } });
    scene.remove({ ...ref('Pod', nameOf(scene, 'web')), group: '' });
    scene.wait(20);
    const images = (scene.read(node(home)) as Node | undefined)?.status?.images ?? [];
    expect(images.flatMap(({ names = [] }) => names)).toContain(`${HOST}/web:1.0.0`);
    expect(remediesOf(scene, useCachedImage)).toEqual([]);
  });
});

function nameOf(scene: WorkloadScene, name: string): string {
  const pods: readonly Pod[] = scene.observe().list('Pod');
  return pods.find(({ metadata }) => metadata.name.startsWith(`${name}-`))?.metadata.name ?? '';
}
