/** Whether a workload as it is asked for now is ill, or only what is left of how it was before. */
import { sameJson, type ClusterSnapshot, type KubeObject, type Pod } from '@aia/cluster';
import { isReady } from '../../diagnose/conditions.ts';
import { hasOutlived } from '../../diagnose/pods/outlived.ts';
import { currentTemplate, holders } from './revisions.ts';

/** False where the present template has pods and all of them are ready, and were never restarted or have outlived what ended them. */
export function isFailingNow(workload: KubeObject, snapshot: ClusterSnapshot): boolean {
  if (workload.kind === 'CronJob' || workload.kind === 'Job') return true;
  const current = currentTemplate(workload);
  const own = holders(workload, snapshot).find(({ template }) => sameJson(template.spec, current?.spec));
  if (own === undefined) return true;
  const pods = own.pods();
  return pods.length === 0 || pods.some((pod) => isIll(pod, snapshot.observedAt));
}

function isIll(pod: Pod, now: number): boolean {
  if (pod.metadata.deletionTimestamp !== undefined) return false;
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  return !isReady(pod) || statuses.some((status) => (status.restartCount ?? 0) > 0 && !hasOutlived(status, now));
}
