import { createDirectWrites, SimulatedCluster, type KubeObject, type ResourceRef } from '@aia/cluster';
import type { Action, Change, Condition, Phase } from '@aia/contract';
import { describe, expect, it } from 'vitest';
import type { Scene } from './undo-action.ts';
import { tryPhase } from './try-phase.ts';

const MINUTE = 60_000;

function scene(replicas = 2): Scene {
  const cluster = new SimulatedCluster();
  cluster.kubelets.addNode({ name: 'n1' });
  const writes = createDirectWrites(cluster, 'test');
  writes.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } } as KubeObject);
  const labels = { app: 'web' };
  writes.create({
    ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'shop' } },
    spec: {
      ...{ replicas, selector: { matchLabels: labels } },
      template: { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'web:1' }] } },
    },
  } as unknown as KubeObject);
  cluster.clock.advance(MINUTE);
  return { cluster, writes };
}

const WEB: ResourceRef = { group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'web' };
const CONFIG: ResourceRef = { group: '', kind: 'ConfigMap', namespace: 'shop', name: 'web' };
const MAKE: Change = {
  kind: 'create',
  object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web', namespace: 'shop' } },
};
const REMOVE: Change = { kind: 'delete', target: CONFIG };
const scaled = (replicas: number): Change => ({ kind: 'scale', target: WEB, replicas });

interface Parts {
  readonly id: string;
  readonly changes: readonly Change[];
  readonly undo?: readonly Change[];
  readonly probe?: readonly Condition[];
  readonly preconditions?: readonly Condition[];
  readonly after?: readonly string[];
}

function action({ id, changes, undo = [], probe = [], preconditions = [], after = [] }: Parts): Action {
  const steps = (list: readonly Change[]) => list.map((change) => ({ change, command: '' }));
  return {
    ...{ id, title: id, steps: steps(changes), preconditions, after },
    inverse: { kind: 'reversible', steps: steps(undo) },
    probe: { conditions: probe, withinMs: 2 * MINUTE, soakMs: MINUTE },
  } as unknown as Action;
}

function phase(...actions: readonly Action[]): Phase {
  return { ...{ number: 1, name: '', priority: 'high', purpose: '', actions }, barrier: [] };
}

describe('phases on a twin', () => {
  it('go side by side, and end when all probes have held and soaked', () => {
    const on = scene();
    const startedAt = on.cluster.clock.now;
    const result = tryPhase(
      phase(
        action({ id: 'config', changes: [MAKE], probe: [{ kind: 'exists', target: CONFIG }] }),
        action({ id: 'scale', changes: [scaled(3)], probe: [{ kind: 'available', target: WEB }] }),
      ),
      on,
    );
    expect(result.outcomes.map(({ outcome }) => outcome)).toEqual(['held', 'held']);
    expect(result.held).toBe(true);
    expect(on.cluster.clock.now - startedAt).toBeLessThan(2 * MINUTE);
  });

  it('let actions wait for those that they build on', () => {
    const on = scene();
    const needs: Condition = { kind: 'exists', target: CONFIG };
    const result = tryPhase(
      phase(
        action({ id: 'scale', changes: [scaled(3)], preconditions: [needs], after: ['config'] }),
        action({ id: 'config', changes: [MAKE], probe: [needs] }),
      ),
      on,
    );
    expect(result.outcomes.map(({ id, outcome }) => [id, outcome])).toEqual([
      ['scale', 'held'],
      ['config', 'held'],
    ]);
  });

  it('undo what fails, skip what waits for it, and leave the rest', () => {
    const on = scene();
    const never: Condition = { kind: 'field', target: WEB, path: 'spec.replicas', value: 99 };
    const result = tryPhase(
      phase(
        action({ id: 'fails', changes: [scaled(5)], undo: [scaled(2)], probe: [never] }),
        action({ id: 'waits', changes: [MAKE], after: ['fails'] }),
        action({ id: 'fine', changes: [MAKE], undo: [REMOVE], probe: [{ kind: 'exists', target: CONFIG }] }),
      ),
      on,
    );
    expect(result.outcomes.map(({ outcome }) => outcome)).toEqual(['failed', 'skipped', 'held']);
    expect(result.undone).toEqual(['fails', 'waits']);
    expect(result.held).toBe(false);
    expect((on.writes.read(WEB) as unknown as { spec: { replicas: number } }).spec.replicas).toBe(2);
    expect(result.outcomes[0]?.message).not.toContain('after undoing');
  });

  it('say what undoing did not restore', () => {
    const on = scene();
    const never: Condition = { kind: 'absent', target: WEB };
    const [outcome] = tryPhase(phase(action({ id: 'a', changes: [scaled(5)], probe: [never] })), on).outcomes;
    expect(outcome?.message).toContain('after undoing it, Deployment shop/web: /spec/replicas is otherwise');
  });

  it('skip where a precondition does not hold, and refuse where the API does', () => {
    const on = scene();
    const skipped = action({ id: 'a', changes: [MAKE], preconditions: [{ kind: 'absent', target: WEB }] });
    const refused = action({ id: 'b', changes: [{ kind: 'delete', target: CONFIG }] });
    const { outcomes } = tryPhase(phase(skipped, refused), on);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['skipped', 'refused']);
    expect(on.writes.read(CONFIG)).toBeUndefined();
  });

  it('take what only a person can do for neither done nor failed', () => {
    const on = scene();
    const { outcomes, held } = tryPhase(
      phase(action({ id: 'a', changes: [{ kind: 'manual', instruction: 'Move the record.' }] })),
      on,
    );
    expect([outcomes[0]?.outcome, held]).toEqual(['not-simulated', true]);
  });

  it('find out what another action broke again', () => {
    const on = scene();
    const result = tryPhase(
      phase(
        action({ id: 'makes', changes: [MAKE], undo: [REMOVE], probe: [{ kind: 'exists', target: CONFIG }] }),
        action({ id: 'breaks', changes: [REMOVE], preconditions: [{ kind: 'exists', target: CONFIG }] }),
      ),
      on,
    );
    expect(result.outcomes[0]?.outcome).toBe('failed');
  });

  it('skip what waits for an action of an earlier phase that failed', () => {
    const on = scene();
    const { outcomes } = tryPhase(phase(action({ id: 'b', changes: [MAKE], after: ['a'] })), on, new Set(['a']));
    expect(outcomes[0]?.outcome).toBe('skipped');
  });
});
