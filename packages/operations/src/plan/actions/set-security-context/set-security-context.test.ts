import { createDirectWrites, type PodSpec, type SimulatedCluster } from '@aia/cluster';
import { describe, expect, it } from 'vitest';
import { clusterWith, deployment, planningOf, proposalsOf, rollOut, tried } from '../../trial.suite.ts';
import { meeting, needsNode } from './security-levels.ts';
import { setSecurityContext } from './set-security-context.ts';

/** Makes the namespace enforce a level, and rolls `web` out anew. */
function enforced(cluster: SimulatedCluster, level: string) {
  const target = { group: '', kind: 'Namespace', namespace: '', name: 'shop' };
  const labels = { 'pod-security.kubernetes.io/enforce': level };
  createDirectWrites(cluster, 'test').patch(target, { type: 'merge', patch: { metadata: { labels } } });
  rollOut(cluster, 'web', { terminationGracePeriodSeconds: 7 });
  return planningOf(cluster);
}

describe('set-security-context', () => {
  it('meets the level restricted', () => {
    const planning = enforced(clusterWith([deployment('web')]), 'restricted');
    const [best] = proposalsOf(setSecurityContext, planning);
    expect(best?.drafts[0]?.target).toMatchObject({ kind: 'Deployment', name: 'web' });
    expect(tried([setSecurityContext], best as never, planning)).toEqual({ outcomes: ['held'], causes: [] });
  });

  it('takes only what baseline forbids', () => {
    const own = { privileged: true, capabilities: { add: ['SYS_ADMIN', 'CHOWN'] } };
    const planning = enforced(clusterWith([deployment('web', {}, { securityContext: own })]), 'baseline');
    const [best] = proposalsOf(setSecurityContext, planning);
    expect(tried([setSecurityContext], best as never, planning)).toEqual({ outcomes: ['held'], causes: [] });
    const text = JSON.stringify(best?.drafts[0]?.changes);
    expect(text).not.toContain('runAsNonRoot');
    expect(text).toContain('CHOWN');
  });

  it('knows only a lower level for what needs the node itself, at a higher risk', () => {
    const volumes = [{ name: 'logs', hostPath: { path: '/var/log' } }];
    const planning = enforced(clusterWith([deployment('web', { volumes })]), 'restricted');
    const proposals = proposalsOf(setSecurityContext, planning);
    expect(proposals.map(({ drafts }) => drafts[0]?.target.kind)).toEqual(['Namespace']);
    expect(proposals[0]?.drafts[0]?.risks?.[0]?.adds).toBeGreaterThanOrEqual(0.3);
    expect(tried([setSecurityContext], proposals[0] as never, planning)).toEqual({ outcomes: ['held'], causes: [] });
  });
});

describe('meeting', () => {
  const app = (securityContext: object): PodSpec => ({ containers: [{ name: 'app', image: 'app', securityContext }] });

  it('keeps a user that is not root, and takes the known one otherwise', () => {
    expect(meeting({ ...app({}), securityContext: { runAsUser: 7 } }, 'restricted', 9).securityContext?.runAsUser).toBe(
      7,
    );
    expect(meeting({ ...app({}), securityContext: { runAsUser: 0 } }, 'restricted', 9).securityContext?.runAsUser).toBe(
      9,
    );
  });

  it('lets no container of its own be root', () => {
    const { containers } = meeting(app({ runAsUser: 0 }), 'user', undefined);
    expect(containers[0]?.securityContext?.runAsUser).toBeUndefined();
  });

  it('changes nothing of what meets it', () => {
    const once = meeting(app({ privileged: true }), 'restricted', undefined);
    expect(meeting(once, 'restricted', undefined)).toEqual(once);
    expect(needsNode(once)).toBe(false);
    expect(needsNode({ ...once, hostNetwork: true })).toBe(true);
  });
});
