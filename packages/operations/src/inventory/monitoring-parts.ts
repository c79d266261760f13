/** What watches the cluster, told by images and by kinds of the Prometheus Operator. */
import { refOf, refText, type KubeObject } from '@aia/cluster';
import type { MonitoringPart } from '@aia/contract';
import { isReadIn } from '../diagnose/absence.ts';
import { isReady } from '../diagnose/conditions.ts';
import { inOrder, type Examination } from '../diagnose/examination.ts';
import { podMakers } from '../diagnose/pods/pod-makers.ts';

type Role = MonitoringPart['role'];

/** Last part of an image's name → what it does. The first that matches counts. */
const IMAGES: readonly (readonly [pattern: RegExp, role: Role])[] = [
  [/(?:^|-)alertmanager(?:$|-)/, 'alerts'],
  [/^kube-state-metrics/, 'cluster-state'],
  [/node[-_]exporter/, 'node-metrics'],
  [/blackbox[-_]exporter/, 'probes'],
  [/(?:^|-)grafana(?:-oss|-enterprise)?$/, 'dashboards'],
  [
    /(?:^|-)(?:prometheus|mimir|thanos|vmsingle|victoria-metrics|gke-metrics-agent)(?:$|-v?\d|-server$|-mlops$)/,
    'metrics',
  ],
  [/(?:loki|promtail|fluent-?bit|fluentd|vector)/, 'logs'],
  [/(?:jaeger|tempo|otel|opentelemetry-collector)/, 'traces'],
  [/mlflow/, 'models'],
];

/** Parts of all namespaces, since monitoring stands where it stands; by role, then name. */
export function monitoringParts(examination: Examination): readonly MonitoringPart[] {
  const { snapshot } = examination;
  const ready = readyWorkloads(examination);
  const makers = podMakers(examination).filter(({ workload }) => snapshot.ownerOf(workload) === undefined);
  const byWorkload = new Map(makers.map((maker) => [maker.workload, maker]));
  return inOrder([...byWorkload.keys()])
    .flatMap((workload): readonly MonitoringPart[] => {
      const roles = (byWorkload.get(workload)?.containers ?? []).map(({ image = '' }) => roleOf(image));
      const role = roles.find((one) => one !== undefined);
      if (role === undefined) return [];
      const isRead = isReadIn(snapshot, 'Pod', workload.metadata.namespace ?? '');
      return [{ role, name: refText(refOf(workload)), ...(isRead && { isWorking: ready.has(workload) }) }];
    })
    .toSorted((a, b) => (a.role < b.role ? -1 : a.role > b.role ? 1 : 0));
}

function roleOf(image: string): Role | undefined {
  const name = /([^/:@]+)(?::[^/@]*)?(?:@.*)?$/.exec(image)?.[1]?.toLowerCase() ?? '';
  return IMAGES.find(([pattern]) => pattern.test(name))?.[1];
}

function readyWorkloads({ snapshot }: Examination): ReadonlySet<KubeObject> {
  return new Set(snapshot.list('Pod').flatMap((pod) => (isReady(pod) ? [snapshot.rootOwnerOf(pod)] : [])));
}
