/** Rollouts that do not get to their end. Source: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/ */
import type { Deployment } from '../../model/kinds.ts';
import { CRON_JOBS, HORIZONTAL_POD_AUTOSCALERS, PODS, RESOURCE_QUOTAS } from '../api/built-in-types.ts';
import { JOB_FAULTS } from './job-faults.ts';
import type { FaultKind } from './fault.ts';
import { flawedRollout, MINUTE, newVersion, rowFor, SECOND } from './flawed-rollout.ts';
import { nextImage } from './image-names.ts';
import { podsOf } from './targets.ts';

const DEPLOYMENT = 'https://kubernetes.io/docs/concepts/workloads/controllers/deployment/';

const badRollout = flawedRollout({
  name: 'rollout-past-deadline',
  family: 'rollout',
  summary: 'A rollout comes to a version whose pods do not become ready, and runs past its deadline.',
  source: `${DEPLOYMENT}#failed-deployment`,
  parameters: {
    deadlineSeconds: {
      type: 'number',
      summary: 'until the Deployment says so',
      ...{ min: 60, max: 900, default: 300, unit: 's' },
    },
    shows: {
      type: 'choice',
      summary: 'whether the new version ends or only says that it is not ready',
      choices: ['ends', 'not-ready'],
      default: 'not-ready',
    },
  },
  classes: ['program-not-ready', 'deployment-rollout-stuck'],
  pick: (site, suits) => site.deployment(suits),
  suits: ({ container }) => container.readinessProbe !== undefined,
  mistake: (rollout, { deadlineSeconds, shows }) => {
    const ends = shows === 'ends';
    const lastWords = ['FATAL: feature flag service rejected the client: unsupported protocol version 3'];
    const behaviour = ends
      ? { exitsAfterMs: 6 * SECOND, exitCode: 1, startMs: 30 * SECOND, lastWords }
      : { failsProbes: ['readiness'] as const };
    const { image, row } = newVersion(rollout, behaviour);
    return {
      first: { image },
      spec: { progressDeadlineSeconds: Number(deadlineSeconds) },
      row,
      remedy: `Roll back to ${rollout.container.image ?? 'the previous version'}.`,
      settlesMs: Number(deadlineSeconds) * SECOND + 5 * MINUTE,
      ...(ends ? { classes: ['program-fails', 'deployment-rollout-stuck'] } : {}),
    };
  },
});

const noRoom = flawedRollout({
  name: 'rollout-without-room',
  family: 'rollout',
  summary: 'A rollout may take no pod away first, and the quota of the namespace has no room for one more.',
  source: `${DEPLOYMENT}#max-unavailable`,
  classes: ['namespace-quota-exhausted', 'namespace-quota-blocks-rollout'],
  pick: (site, suits) => site.deployment(suits),
  // Where pods come and go, there would be room from time to time.
  suits: ({ site: { cluster }, namespace, workload }) =>
    workload.kind === 'Deployment' &&
    (workload as Deployment).spec?.paused !== true &&
    cluster.api.store.count(CRON_JOBS, namespace) === 0 &&
    cluster.api.store.count(HORIZONTAL_POD_AUTOSCALERS, namespace) === 0,
  mistake: ({ site, namespace, container }) => {
    const pods = [...site.cluster.api.store.list(PODS, namespace)].filter(
      ({ status }) => status?.phase !== 'Succeeded' && status?.phase !== 'Failed',
    );
    const name = `${namespace}-pods`;
    const metadata = { namespace, name };
    const quota = site.create({
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata,
      spec: { hard: { pods: String(pods.length) } },
    });
    return {
      first: { image: nextImage(container.image ?? '') },
      spec: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } } },
      entities: [`ResourceQuota ${namespace}/${name}`, `Namespace ${namespace}`],
      remedy: `Raise the quota ${name} by a pod, or let the rollout take one away first (maxUnavailable 1).`,
      takeBack: () => void site.remove(RESOURCE_QUOTAS, quota),
    };
  },
});

const paused = flawedRollout({
  name: 'rollout-left-paused',
  family: 'rollout',
  summary: 'A Deployment was paused, and the version that came since is not rolled out.',
  source: `${DEPLOYMENT}#pausing-and-resuming-a-deployment`,
  classes: ['deployment-rollout-paused'],
  isMinor: true,
  pick: (site, suits) => site.deployment(suits),
  mistake: ({ name, namespace, container }) => ({
    first: { image: nextImage(container.image ?? '') },
    spec: { paused: true },
    remedy: `Resume it: kubectl rollout resume deployment/${name} -n ${namespace}.`,
    settlesMs: MINUTE,
  }),
});

const stuckSet = flawedRollout({
  name: 'stateful-set-stuck',
  family: 'rollout',
  summary:
    'All pods of a StatefulSet were restarted with a version that does not start, and the first of them holds up all others.',
  source: 'https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#deployment-and-scaling-guarantees',
  parameters: { exitCode: { type: 'number', summary: 'with which it ends', ...{ min: 1, max: 120, default: 1 } } },
  classes: ['program-fails', 'stateful-set-update-stuck'],
  pick: (site, suits) => site.statefulSet(suits),
  suits: ({ workload }) =>
    workload.kind === 'StatefulSet' &&
    (workload.spec as { podManagementPolicy?: string }).podManagementPolicy !== 'Parallel',
  mistake: (rollout, { exitCode }) => {
    const { site, container, workload } = rollout;
    const image = nextImage(container.image ?? '');
    const lastWords = [
      'FATAL: database files are incompatible with server',
      'DETAIL: The data directory was initialized by another version.',
    ];
    for (const pod of podsOf(site.cluster, workload)) site.remove(PODS, pod);
    return {
      first: { image },
      row: rowFor(rollout, container.name, (place) =>
        place.image === image ? { exitsAfterMs: 900, exitCode: Number(exitCode), startMs: 5000, lastWords } : undefined,
      ),
      remedy: `Roll back to ${container.image ?? 'the previous version'}, and delete the pod that blocks.`,
    };
  },
});

export const ROLLOUT_FAULTS: readonly FaultKind[] = [badRollout, noRoom, paused, stuckSet, ...JOB_FAULTS];
