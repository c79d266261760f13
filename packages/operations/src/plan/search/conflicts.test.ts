import type { Change } from '@aia/contract';
import { describe, expect, it } from 'vitest';
import { examine } from '../../diagnose/rule.suite.ts';
import { deployment, node, NOW } from '../../diagnose/scene.suite.ts';
import { actionOf, creationOf, patchOf, ref } from '../action.suite.ts';
import { conflictsOf } from './conflicts.ts';

const { snapshot } = examine({ observedAt: NOW, objects: [node(), deployment(2, 2)] });
const WEB = ref('web');
const container = (fields: object): Change => ({
  kind: 'patch',
  target: WEB,
  patch: {
    type: 'strategic',
    patch: { spec: { template: { spec: { containers: [{ name: 'app', ...fields }] } } } },
  },
});
const json = (path: string, value?: unknown): Change => ({
  kind: 'patch',
  target: WEB,
  patch: {
    type: 'json',
    operations: [{ op: value === undefined ? 'remove' : 'replace', path, ...(value !== undefined && { value }) }],
  },
});
const cloud = (call: Extract<Change, { kind: 'cloud' }>['call']): Change => ({ kind: 'cloud', call });
const resize = (to: number) => cloud({ operation: 'resize-node-pool', pool: 'main', from: 3, to });

function excludes(a: Change, b: Change): boolean {
  const candidates = [a, b].map((change, i) => ({
    remedy: { title: `${i}`, resolves: [], drafts: [], fit: 1 },
    actions: [actionOf(`fix:${i}`, {}, [change])],
  }));
  return conflictsOf(candidates, snapshot).get(0)?.has(1) === true;
}

describe('two remedies', () => {
  it.each<[string, Change, Change, boolean]>([
    ['that set one field to two values', container({ image: 'a' }), container({ image: 'b' }), true],
    ['that set one field to the same', container({ image: 'a' }), container({ image: 'a' }), false],
    ['that set two fields of a container', container({ image: 'a' }), container({ command: ['x'] }), false],
    [
      'that name one field in two ways',
      json('/spec/template/spec/containers/0/image', 'a'),
      container({ image: 'b' }),
      true,
    ],
    ['of which one replaces the whole template', json('/spec/template', {}), container({ image: 'b' }), true],
    [
      'of which one takes the field away',
      json('/spec/template/spec/containers/0/image'),
      container({ image: 'b' }),
      true,
    ],
    [
      'that append two things to a list',
      json('/spec/template/spec/volumes/-', { name: 'a' }),
      json('/spec/template/spec/volumes/-', { name: 'b' }),
      false,
    ],
    ['of which one deletes the object', { kind: 'delete', target: WEB }, container({ image: 'b' }), true],
    ['of which one scales it away', { kind: 'scale', target: WEB, replicas: 0 }, container({ image: 'b' }), true],
    ['of which one scales it', { kind: 'scale', target: WEB, replicas: 3 }, container({ image: 'b' }), false],
    [
      'that scale to two numbers',
      { kind: 'scale', target: WEB, replicas: 3 },
      patchOf(WEB, { spec: { replicas: 4 } }),
      true,
    ],
    [
      'that make one object differently',
      creationOf('ConfigMap', 'a', { data: { a: '1' } }),
      creationOf('ConfigMap', 'a'),
      true,
    ],
    ['that make two objects', creationOf('ConfigMap', 'a'), creationOf('ConfigMap', 'b'), false],
    ['on two objects', container({ image: 'a' }), patchOf(ref('other'), { spec: { template: {} } }), false],
    ['of which one grows and one shrinks a pool', resize(4), resize(2), true],
    [
      'of which one shrinks a pool whose bounds the other raises',
      resize(2),
      cloud({
        operation: 'set-pool-autoscaling',
        pool: 'main',
        from: { minNodes: 1, maxNodes: 3 },
        to: { minNodes: 1, maxNodes: 9 },
      }),
      true,
    ],
    [
      'that ask for two limits',
      cloud({ operation: 'request-quota', metric: 'CPUS', region: 'r', from: 1, to: 2 }),
      cloud({ operation: 'request-quota', metric: 'CPUS', region: 'r', from: 1, to: 3 }),
      true,
    ],
    [
      'that keep and give up an address',
      cloud({ operation: 'reserve-address', name: 'x', address: '1.2.3.4', region: 'r' }),
      cloud({ operation: 'release-address', name: 'y', address: '1.2.3.4', region: 'r' }),
      true,
    ],
    ['of which one is for a person', { kind: 'manual', instruction: 'x' }, { kind: 'delete', target: WEB }, false],
  ])('%s', (_, a, b, expected) => {
    expect([excludes(a, b), excludes(b, a)]).toEqual([expected, expected]);
  });
});
