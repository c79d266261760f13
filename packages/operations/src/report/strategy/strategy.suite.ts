/** Strategies to write down: one with a plan, and those of clusters of which there is little to say. */
import type { Strategy } from '@aia/contract';
import { examine, type Scene } from '../../diagnose/rule.suite.ts';
import { ref, rollOut, unknownImage, workload, workloadScene } from '../../plan/revisions/workload-scene.suite.ts';
import { strategise } from '../../strategy.ts';

/** A Deployment that was rolled out with an image that is not there: one action takes it back. */
export function plannedStrategy(): Strategy {
  const scene = workloadScene(workload('Deployment', 'web'));
  unknownImage(scene, 'registry.example.com/web:2.0.0');
  rollOut(scene, ref('Deployment', 'web'), { container: { image: 'registry.example.com/web:2.0.0' } });
  scene.wait(20);
  return strategise(scene.observe(), { version: 'test' });
}

/** Of a scene. */
export function strategyOf(scene: Scene): Strategy {
  return strategise(examine(scene).snapshot, { version: 'test' });
}

/** Strategies with little in them, by what is odd about them. */
export function oddStrategies(): Readonly<Record<string, Strategy>> {
  const planned = plannedStrategy();
  const bare = strategyOf({ observedAt: '2025-09-27T12:00:00Z', objects: [] });
  const node = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'node-1' },
    status: { allocatable: { cpu: '2', memory: '4Gi' }, conditions: [{ type: 'Ready', status: 'True' }] },
  };
  const { kind, schemaVersion, generator, snapshotRoot, policy, assessment, lights, plan } = planned;
  const older: Strategy = { kind, schemaVersion, generator, snapshotRoot, policy, assessment, lights, plan };
  const emptied = { ...planned.plan, phases: [], dependencies: [] };
  return {
    empty: bare,
    'one node': strategyOf({ observedAt: '2025-09-27T12:00:00Z', objects: [node] }),
    'nothing to do': {
      ...older,
      plan: { ...emptied, outcome: 'nothing-to-do', reason: 'nothing to do: all is well.', goals: [] },
    },
    refused: { ...older, plan: { ...emptied, outcome: 'refused', reason: 'refused: the policy allows nothing.' } },
    'without inventory, schedule, rehearsal and forecast': older,
    'without cloud and usage': planned,
  };
}
