import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../model/kube-object.ts';
import { CONFIG_MAPS, JOBS, NAMESPACES, PODS } from './built-in-types.ts';
import { deletionOf, isGone } from './deletion.ts';

const NOW = Date.UTC(2025, 0, 1);
const object = (metadata: object = {}, more: object = {}) =>
  ({ apiVersion: 'v1', kind: 'X', metadata: { name: 'x', ...metadata }, ...more }) as KubeObject;
const running = (metadata: object = {}) =>
  object(metadata, {
    spec: { nodeName: 'a', terminationGracePeriodSeconds: 30 },
    status: { phase: 'Running' },
  });

describe('deletionOf', () => {
  it('takes away what nothing holds', () => {
    expect(deletionOf(CONFIG_MAPS, object(), {}, NOW)).toEqual({ isRemoved: true });
  });

  it('marks what finalizers hold, and counts that as a new version', () => {
    const held = object({ finalizers: ['example.com/a'], generation: 3 });
    expect(deletionOf(CONFIG_MAPS, held, {}, NOW)).toEqual({
      isRemoved: false,
      marked: object({
        finalizers: ['example.com/a'],
        generation: 4,
        deletionTimestamp: '2025-01-01T00:00:00Z',
        deletionGracePeriodSeconds: 0,
      }),
    });
  });

  it.each([
    [{}, undefined],
    [{ propagationPolicy: 'Background' as const }, undefined],
    [{ propagationPolicy: 'Foreground' as const }, ['foregroundDeletion']],
    [{ propagationPolicy: 'Orphan' as const }, ['orphan']],
  ])('holds the owner by what becomes of its dependents: %j', (options, finalizers) => {
    expect(deletionOf(CONFIG_MAPS, object(), options, NOW).marked?.metadata.finalizers).toEqual(finalizers);
  });

  it('keeps dependents of Jobs where nothing is said, as batch/v1 always did', () => {
    expect(deletionOf(JOBS, object(), {}, NOW).marked?.metadata.finalizers).toEqual(['orphan']);
    expect(deletionOf(JOBS, object(), { propagationPolicy: 'Background' }, NOW).isRemoved).toBe(true);
  });

  it('lets a later request change what becomes of dependents', () => {
    const waiting = object({ finalizers: ['foregroundDeletion'], deletionTimestamp: '2024-12-31T23:59:00Z' });
    expect(deletionOf(CONFIG_MAPS, waiting, {}, NOW).marked?.metadata.finalizers).toEqual(['foregroundDeletion']);
    expect(deletionOf(CONFIG_MAPS, waiting, { propagationPolicy: 'Orphan' }, NOW).marked?.metadata).toMatchObject({
      finalizers: ['orphan'],
      deletionTimestamp: '2024-12-31T23:59:00Z',
    });
    expect(deletionOf(CONFIG_MAPS, waiting, { propagationPolicy: 'Background' }, NOW).isRemoved).toBe(true);
  });

  it('gives running pods their time, and others none', () => {
    expect(deletionOf(PODS, running(), {}, NOW)).toMatchObject({
      isRemoved: false,
      marked: { metadata: { deletionTimestamp: '2025-01-01T00:00:30Z', deletionGracePeriodSeconds: 30 } },
    });
    expect(deletionOf(PODS, running(), { gracePeriodSeconds: 5 }, NOW).marked?.metadata).toMatchObject({
      deletionTimestamp: '2025-01-01T00:00:05Z',
      deletionGracePeriodSeconds: 5,
    });
    // Negative means at once in former versions, and one second since.
    expect(deletionOf(PODS, running(), { gracePeriodSeconds: -1 }, NOW).marked?.metadata).toMatchObject({
      deletionGracePeriodSeconds: 1,
    });
    expect(deletionOf(PODS, running(), { gracePeriodSeconds: 0 }, NOW).isRemoved).toBe(true);
    expect(deletionOf(PODS, object({}, { spec: {} }), {}, NOW).isRemoved).toBe(true);
    const finished = object({}, { spec: { nodeName: 'a' }, status: { phase: 'Succeeded' } });
    expect(deletionOf(PODS, finished, {}, NOW).isRemoved).toBe(true);
  });

  it('lets later requests shorten the time of a pod, counted from the first, and never lengthen it', () => {
    const ending = running({ deletionTimestamp: '2025-01-01T00:00:20Z', deletionGracePeriodSeconds: 30 });
    expect(deletionOf(PODS, ending, {}, NOW)).toEqual({ isRemoved: false });
    expect(deletionOf(PODS, ending, { gracePeriodSeconds: 60 }, NOW)).toEqual({ isRemoved: false });
    expect(deletionOf(PODS, ending, { gracePeriodSeconds: 10 }, NOW).marked?.metadata).toMatchObject({
      deletionTimestamp: '2025-01-01T00:00:00Z',
      deletionGracePeriodSeconds: 10,
    });
    expect(deletionOf(PODS, ending, { gracePeriodSeconds: 0 }, NOW).isRemoved).toBe(true);
  });

  it('keeps a pod whose time is over as long as finalizers hold it', () => {
    const held = running({ finalizers: ['example.com/a'] });
    const { isRemoved, marked } = deletionOf(PODS, held, { gracePeriodSeconds: 0 }, NOW);
    expect(isRemoved).toBe(false);
    expect(marked?.metadata).toMatchObject({ deletionGracePeriodSeconds: 0, finalizers: ['example.com/a'] });
  });

  it('begins the end of a namespace, which goes only when its content is gone', () => {
    const shop = object({}, { spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } });
    const { marked, isRemoved } = deletionOf(NAMESPACES, shop, {}, NOW);
    expect(isRemoved).toBe(false);
    expect(marked).toMatchObject({
      metadata: { deletionTimestamp: '2025-01-01T00:00:00Z' },
      status: { phase: 'Terminating' },
    });
    expect(marked?.metadata.deletionGracePeriodSeconds).toBeUndefined();
    expect(deletionOf(NAMESPACES, marked as KubeObject, {}, NOW)).toEqual({ isRemoved: false });
    expect(deletionOf(NAMESPACES, { ...marked, spec: {} } as KubeObject, {}, NOW).isRemoved).toBe(true);
  });
});

describe('isGone', () => {
  const deleting = { deletionTimestamp: '2025-01-01T00:00:00Z' };

  it('is what was marked before and has nothing left to wait for', () => {
    expect(isGone(CONFIG_MAPS, object(), object(deleting))).toBe(true);
    expect(isGone(CONFIG_MAPS, object({ finalizers: ['a/b'] }), object(deleting))).toBe(false);
    expect(isGone(CONFIG_MAPS, object(), object())).toBe(false);
    expect(isGone(PODS, object(), object({ ...deleting, deletionGracePeriodSeconds: 30 }))).toBe(false);
    expect(isGone(NAMESPACES, object({}, { spec: { finalizers: ['kubernetes'] } }), object(deleting))).toBe(false);
    expect(isGone(NAMESPACES, object({}, { spec: {} }), object(deleting))).toBe(true);
  });
});
