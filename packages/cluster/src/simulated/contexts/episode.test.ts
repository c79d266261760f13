import { describe, expect, it } from 'vitest';
import { contextOf } from './context.ts';
import { runEpisode, type Actor } from './episode.ts';

const MINUTE = 60_000;
const CONTEXT = contextOf({ nodes: 3, namespaces: 2, fault_count: 1, exposure: 0, noise: 0 });
const FAULTS = { faults: ['image-missing'] };

describe('an episode', () => {
  it('that nobody acts in resolves nothing', async () => {
    const episode = await runEpisode(CONTEXT, 'left', FAULTS);
    expect(episode.healthBefore.share).toBe(1);
    expect(episode.healthAtStart.share).toBeLessThan(1);
    expect(episode).toMatchObject({ isResolved: false, actions: 0, usedMs: 0 });
  });

  it('that somebody repairs is resolved, and says what it took', async () => {
    const actor: Actor = async ({ reader, writer, wait }) => {
      const snapshot = await reader.observe();
      for (const pod of snapshot.list('Pod')) {
        if (pod.status?.containerStatuses?.[0]?.state?.waiting?.reason !== 'ImagePullBackOff') continue;
        const deployment = snapshot.rootOwnerOf(pod);
        const [sound] = snapshot
          .list('ReplicaSet')
          .filter(({ metadata }) => metadata.ownerReferences?.[0]?.uid === deployment.metadata.uid)
          .filter(({ status }) => (status?.readyReplicas ?? 0) > 0);
        const containers = sound?.spec?.template?.spec?.containers.map(({ name, image }) => ({ name, image }));
        const { namespace = '', name } = deployment.metadata;
        const patch = { spec: { template: { spec: { containers } } } };
        const target = { group: 'apps', version: 'v1', kind: 'Deployment', namespace, name, uid: undefined };
        await writer.patch(target as never, { type: 'strategic', patch }, { fieldManager: 'actor' });
        break;
      }
      wait(5 * MINUTE);
    };
    const episode = await runEpisode(CONTEXT, 'left', { ...FAULTS, actor });
    expect(episode).toMatchObject({ isResolved: true, isSolved: true, actions: 1, usedMs: 5 * MINUTE });
  });

  it('is the same each time', async () => {
    const [first, second] = [await runEpisode(CONTEXT, 'twice'), await runEpisode(CONTEXT, 'twice')];
    expect(JSON.stringify(second)).toBe(JSON.stringify(first));
  });

  it('does not let an actor have more time than there is', async () => {
    const episode = await runEpisode(CONTEXT, 'left', {
      ...FAULTS,
      durationMs: MINUTE,
      actor: (view) => {
        view.wait(10 * MINUTE);
        expect(view.leftMs).toBe(0);
      },
    });
    expect(episode.usedMs).toBe(MINUTE);
  });

  it('refuses a kind of fault that there is not', async () => {
    await expect(runEpisode(CONTEXT, 'x', { faults: ['sunspots'] })).rejects.toThrow('fault "sunspots"');
  });
});
