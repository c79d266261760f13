/** Which remedies cannot be had together: they set one field to different values, or one deletes what the other needs. */
import { refKey, type ClusterSnapshot, type KubeObject, type ResourceRef } from '@aia/cluster';
import type { Action, Change, CloudCall } from '@aia/contract';
import { targetOf } from '../effects/changed-objects.ts';
import type { Candidate } from './candidate.ts';

/** Something that is set: where, and to what. */
interface Setting {
  /** Object or part of the cloud. */
  readonly of: string;
  readonly path: readonly string[];
  readonly value: string;
}

/** By position of the candidate, those that exclude it. */
export type Conflicts = ReadonlyMap<number, ReadonlySet<number>>;

/** Finds all pairs; looks only at candidates that touch the same thing. */
export function conflictsOf(candidates: readonly Candidate[], snapshot: ClusterSnapshot): Conflicts {
  const settings = new Map<Action, readonly Setting[]>();
  const byThing = new Map<string, Set<number>>();
  for (const [i, { actions }] of candidates.entries())
    for (const action of actions) {
      const own = action.steps.flatMap(({ change }) => settingsOf(change, snapshot));
      settings.set(action, own);
      for (const { of } of own) byThing.set(of, (byThing.get(of) ?? new Set<number>()).add(i));
    }
  const found = new Map<number, Set<number>>();
  const exclude = (a: number, b: number) => found.set(a, (found.get(a) ?? new Set<number>()).add(b));
  for (const sharing of byThing.values())
    for (const a of sharing)
      for (const b of sharing) {
        if (a >= b || found.get(a)?.has(b) === true) continue;
        const [one, other] = [candidates[a], candidates[b]] as [Candidate, Candidate];
        if (!areAtOdds(one, other, settings)) continue;
        exclude(a, b);
        exclude(b, a);
      }
  return found;
}

function areAtOdds(a: Candidate, b: Candidate, settings: ReadonlyMap<Action, readonly Setting[]>): boolean {
  return a.actions.some((one) =>
    b.actions.some((other) => isAtOdds(settings.get(one) ?? [], settings.get(other) ?? [])),
  );
}

function isAtOdds(one: readonly Setting[], other: readonly Setting[]): boolean {
  return one.some((a) => other.some((b) => a.of === b.of && overlaps(a.path, b.path) && !isSame(a, b)));
}

function isSame(a: Setting, b: Setting): boolean {
  return a.path.length === b.path.length && a.value === b.value;
}

/** Whether one path leads to the other. */
function overlaps(a: readonly string[], b: readonly string[]): boolean {
  return a.slice(0, b.length).every((part, i) => part === b[i]);
}

const DELETED = '(deleted)';

function settingsOf(change: Change, snapshot: ClusterSnapshot): readonly Setting[] {
  if (change.kind === 'cloud') return settingsOfCall(change.call);
  const ref = targetOf(change);
  if (ref === undefined) return [];
  const set = (path: readonly string[], value: unknown): Setting => ({
    ...{ of: refKey(ref), path },
    value: value === undefined ? DELETED : JSON.stringify(value),
  });
  switch (change.kind) {
    case 'create':
      return [set([], change.object)];
    case 'delete':
      return [set([], undefined)];
    case 'scale':
      // What is scaled away is as good as deleted to whoever repairs it.
      return [change.replicas === 0 ? set([], 0) : set(['spec', 'replicas'], change.replicas)];
    case 'patch':
      return patchSettings(change.patch, ref, snapshot).map(({ path, value }) => set(path, value));
    case 'evict':
    case 'manual':
      return [];
  }
}

interface Leaf {
  readonly path: readonly string[];
  readonly value: unknown;
}

function patchSettings(
  patch: Extract<Change, { kind: 'patch' }>['patch'],
  ref: ResourceRef,
  snapshot: ClusterSnapshot,
): readonly Leaf[] {
  if (patch.type !== 'json') return leavesOf(patch.patch, [], patch.type === 'strategic');
  const object = snapshot.resolve(ref);
  return patch.operations
    .filter(({ op }) => op !== 'test')
    .flatMap(({ op, path, from, value }): readonly Leaf[] => [
      { path: named(path, object, value), value: op === 'remove' ? undefined : value },
      ...(op === 'move' && from !== undefined ? [{ path: named(from, object, undefined), value: undefined }] : []),
    ]);
}

/** Fields of a patch; of lists, what their elements are called by, where they have names and merge by them. */
function leavesOf(value: unknown, path: readonly string[], mergesLists: boolean): readonly Leaf[] {
  if (Array.isArray(value)) {
    const elements = value as readonly unknown[];
    if (!mergesLists || !elements.every((one) => nameOf(one) !== undefined)) return [{ path, value }];
    return elements.flatMap((one) => leavesOf(one, [...path, `=${nameOf(one) ?? ''}`], true));
  }
  if (typeof value !== 'object' || value === null) return [{ path, value: value ?? undefined }];
  return Object.entries(value)
    .filter(([key]) => key !== 'name' || !(path.at(-1) ?? '').startsWith('='))
    .flatMap(([key, inner]) => leavesOf(inner, [...path, key], mergesLists));
}

function nameOf(element: unknown): string | undefined {
  const name = (element as { readonly name?: unknown } | null)?.name;
  return typeof name === 'string' ? name : undefined;
}

/** A JSON pointer as fields; elements of lists by their names, and what is appended by what it is. */
function named(pointer: string, object: KubeObject | undefined, value: unknown): readonly string[] {
  let at: unknown = object;
  return pointer
    .split('/')
    .slice(1)
    .map((part) => {
      const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
      if (key === '-') return `=${nameOf(value) ?? JSON.stringify(value)}`;
      at = (at as Record<string, unknown> | undefined)?.[key];
      return /^\d+$/.test(key) ? `=${nameOf(at) ?? key}` : key;
    });
}

/** Pools are not to grow and to shrink at once. */
function settingsOfCall(call: CloudCall): readonly Setting[] {
  const { operation } = call;
  const pool = (path: string, value: unknown): Setting => ({
    ...{ of: `pool ${'pool' in call ? call.pool : ''}`, path: [path] },
    value: JSON.stringify(value) ?? DELETED,
  });
  const way = (from: number, to: number) => pool('direction', to >= from ? 'up' : 'down');
  switch (operation) {
    case 'request-quota':
      return [{ of: `quota ${call.region}/${call.metric}`, path: [], value: String(call.to) }];
    case 'resize-node-pool':
      return [pool('nodes', call.to), way(call.from, call.to)];
    case 'set-pool-autoscaling':
      return [pool('bounds', call.to), ...(call.from && call.to ? [way(call.from.maxNodes, call.to.maxNodes)] : [])];
    case 'set-pool-zones':
      return [pool('zones', call.to)];
    case 'set-pool-taints':
      return [pool('taints', call.to)];
    case 'create-node-pool':
      return [{ of: `pool ${call.pool}`, path: [], value: JSON.stringify(call) }];
    case 'delete-node-pool':
      return [{ of: `pool ${call.pool}`, path: [], value: DELETED }];
    case 'set-autoscaling-profile':
      return [{ of: 'profile', path: [], value: call.to }];
    case 'reserve-address':
      return [{ of: `address ${call.region}/${call.address ?? call.name}`, path: [], value: 'reserved' }];
    case 'release-address':
      return [{ of: `address ${call.region}/${call.address}`, path: [], value: DELETED }];
    case 'delete-machine':
    case 'grant-role':
      return [];
  }
}
