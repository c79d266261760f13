/** Programs that use more than they may, and workloads that ask for more than they use. */
import type { Container } from '../../model/kinds.ts';
import { cpuMillis, wholeUnits } from '../../model/quantity.ts';
import { OVER_REQUESTING } from './over-requesting.ts';
import type { UsageCurve } from '../kubelet/behaviour.ts';
import type { FaultKind } from './fault.ts';
import { flawedRollout, MINUTE, newVersion, rowFor, SECOND } from './flawed-rollout.ts';

const MEMORY = 'https://kubernetes.io/docs/tasks/configure-pod-container/assign-memory-resource/';
const MIB = 1_048_576;

/** CPU of the programs of these faults: a tenth of what is requested. */
function cpuOf({ resources }: Container): number {
  return (cpuMillis(resources?.requests?.['cpu'] ?? '100m') ?? 100) / 10;
}

function bytesOf({ resources }: Container, of: 'requests' | 'limits', what: string): number | undefined {
  const amount = resources?.[of]?.[what];
  return amount === undefined ? undefined : (wholeUnits(amount) ?? undefined);
}

/** A program comes to its full memory within these after its start. */
const RISE_MS = 4 * SECOND;

const limitTooLow = flawedRollout({
  name: 'memory-limit-too-low',
  family: 'resources',
  summary: 'A rollout limits the memory of a program to less than it needs.',
  source: `${MEMORY}#exceed-a-container-s-memory-limit`,
  parameters: {
    share: { type: 'number', summary: 'of what it needs', ...{ min: 30, max: 90, default: 60, unit: '%' } },
  },
  classes: ['memory-limit-too-low'],
  mistake: (rollout, { share }) => {
    const { container } = rollout;
    const request = bytesOf(container, 'requests', 'memory') ?? 128 * MIB;
    const need = Math.round(0.8 * (bytesOf(container, 'limits', 'memory') ?? 2 * request));
    const limit = Math.max(1, Math.floor((need * Number(share)) / 100 / MIB));
    const memoryOf = (sinceMs: number) => Math.round(need * Math.min(1, 0.2 + (0.8 * sinceMs) / RISE_MS));
    const usage: UsageCurve = (sinceMs) => ({ cpuMillis: cpuOf(container), memoryBytes: memoryOf(sinceMs) });
    const requests = { ...container.resources?.requests, memory: `${Math.min(limit, Math.floor(request / MIB))}Mi` };
    const limits = { ...container.resources?.limits, memory: `${limit}Mi` };
    return {
      first: { resources: { ...container.resources, requests, limits } },
      row: rowFor(rollout, container.name, () => ({ startMs: RISE_MS + SECOND, usage })),
      remedy: `Set the memory limit above the ${Math.ceil(need / MIB)} MiB that the program needs.`,
      isGone: (now) => (bytesOf(now, 'limits', 'memory') ?? Infinity) > need,
    };
  },
});

const memoryLeak = flawedRollout({
  name: 'memory-leak',
  family: 'resources',
  summary: 'The memory of a new version grows steadily until the kernel kills it at its limit, over and over.',
  source: `${MEMORY}#exceed-a-container-s-memory-limit`,
  parameters: {
    minutes: {
      type: 'number',
      summary: 'from its start to its limit',
      ...{ min: 3, max: 40, default: 12, unit: 'min' },
    },
  },
  classes: ['memory-grows'],
  suits: ({ container }) => bytesOf(container, 'limits', 'memory') !== undefined,
  mistake: (rollout, { minutes }) => {
    const { container } = rollout;
    const limit = bytesOf(container, 'limits', 'memory') ?? 0;
    const lifeMs = Number(minutes) * MINUTE;
    const usage: UsageCurve = (sinceMs) => ({
      cpuMillis: cpuOf(container),
      memoryBytes: Math.round(limit * (0.3 + (0.7 * sinceMs) / lifeMs)),
    });
    const { image, row } = newVersion(rollout, { usage });
    return {
      first: { image },
      row,
      remedy: `Roll back to ${container.image ?? 'the previous version'}; a higher limit only puts it off.`,
      settlesMs: 3 * lifeMs + 10 * MINUTE,
      isGone: (now) => now.image !== image,
    };
  },
});

const STORAGE_LIMIT = '1Gi';
const SCRATCH_LIMIT = '512Mi';

const storageExceeded = flawedRollout({
  name: 'ephemeral-storage-exceeded',
  family: 'resources',
  summary: 'A new version fills the storage of its pod beyond the limit, so that the kubelet evicts it, over and over.',
  source: 'https://kubernetes.io/docs/concepts/storage/ephemeral-storage/#how-pods-with-ephemeral-storage-limits-run',
  parameters: {
    minutes: {
      type: 'number',
      summary: 'from its start to its limit',
      ...{ min: 2, max: 20, default: 6, unit: 'min' },
    },
    where: {
      type: 'choice',
      summary: 'where it writes: to its own layer, or to an emptyDir with a limit',
      choices: ['layer', 'volume'],
      default: 'layer',
    },
  },
  classes: ['pod-evicted', 'usage-above-request'],
  mistake: (rollout, { minutes, where }) => {
    const { container, pod } = rollout;
    const isVolume = where === 'volume';
    const limit = isVolume ? SCRATCH_LIMIT : (container.resources?.limits?.['ephemeral-storage'] ?? STORAGE_LIMIT);
    const memoryBytes = (bytesOf(container, 'requests', 'memory') ?? 64 * MIB) / 2;
    const lifeMs = Number(minutes) * MINUTE;
    const usage: UsageCurve = (sinceMs) => {
      const ephemeralBytes = Math.round(((wholeUnits(limit) ?? 0) * sinceMs) / lifeMs);
      const volumeBytes = isVolume ? { volumeBytes: { scratch: ephemeralBytes } } : {};
      return { cpuMillis: cpuOf(container), memoryBytes, ephemeralBytes, ...volumeBytes };
    };
    const { image, row } = newVersion(rollout, { usage });
    const limits = { ...container.resources?.limits, 'ephemeral-storage': isVolume ? '4Gi' : limit };
    const mounts = [...(container.volumeMounts ?? []), { name: 'scratch', mountPath: '/scratch' }];
    return {
      pod: isVolume ? { volumes: [...(pod.volumes ?? []), { name: 'scratch', emptyDir: { sizeLimit: limit } }] } : {},
      first: { image, resources: { ...container.resources, limits }, ...(isVolume ? { volumeMounts: mounts } : {}) },
      row,
      remedy: `Roll back to ${container.image ?? 'the previous version'}, or let it clean up what it writes.`,
      settlesMs: 3 * lifeMs + 10 * MINUTE,
      isGone: (now) => now.image !== image,
    };
  },
});

export const RESOURCE_FAULTS: readonly FaultKind[] = [limitTooLow, memoryLeak, storageExceeded, ...OVER_REQUESTING];
