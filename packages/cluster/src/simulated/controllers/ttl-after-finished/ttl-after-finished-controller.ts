/** Ended Jobs go after their time. Source: https://kubernetes.io/docs/concepts/workloads/controllers/ttlafterfinished/ */
import type { Job } from '../../../model/kinds.ts';
import { JOBS } from '../../api/built-in-types.ts';
import { isChangeOf } from '../../store/object-index.ts';
import { unlessGone } from '../claim.ts';
import { findCondition } from '../conditions.ts';
import type { MakeController } from '../controller.ts';
import { jobStatusOf } from '../job/job-pods.ts';
import { keyOf, namesOf } from '../object-key.ts';

/** Makes the controller of one cluster. */
export const ttlAfterFinishedController: MakeController = ({ api, clock }) => ({
  name: 'ttl-after-finished-controller',
  keysOf: (change) =>
    isChangeOf(change, JOBS) && change.kind !== 'DELETED' && expiresAt(change.object) !== undefined
      ? [keyOf(change.object)]
      : [],
  reconcile: (key) => {
    const [namespace, name] = namesOf(key);
    const job = api.store.get(JOBS, namespace, name);
    const dueAt = job === undefined ? undefined : expiresAt(job);
    if (job === undefined || dueAt === undefined) return undefined;
    if (dueAt > clock.now) return dueAt - clock.now;
    const { uid } = job.metadata;
    const preconditions = uid === undefined ? {} : { preconditions: { uid } };
    unlessGone(() => api.delete(JOBS, namespace, name, { propagationPolicy: 'Foreground', ...preconditions }));
    return undefined;
  },
});

/** Epoch milliseconds; `undefined` for Jobs that have no such time, have not ended or go already. */
function expiresAt(job: Job): number | undefined {
  const seconds = job.spec?.ttlSecondsAfterFinished;
  if (seconds === undefined || job.metadata.deletionTimestamp !== undefined) return undefined;
  const { conditions = [] } = jobStatusOf(job);
  const end = findCondition(conditions, 'Complete') ?? findCondition(conditions, 'Failed');
  if (end?.status !== 'True' || end.lastTransitionTime === undefined) return undefined;
  return Date.parse(end.lastTransitionTime) + seconds * 1000;
}
