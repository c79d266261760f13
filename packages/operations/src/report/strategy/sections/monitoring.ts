import type { MonitoringPart } from '@aia/contract';
import { dashboardConfigMap } from '../alerting/dashboard.ts';
import { bullets, detail, paragraph, tableOr, type Cell, type Section } from '../section.ts';
import type { StrategyView } from '../strategy-view.ts';

type Role = MonitoringPart['role'];

/** What each role is for, and what is not seen without it. */
const ROLES: Readonly<Record<Role, readonly [name: string, without: string]>> = {
  metrics: ['metrics', 'no alert of this document can fire, and requests cannot be set by use'],
  alerts: ['Alertmanager', 'alerts reach nobody'],
  dashboards: ['dashboards', 'the dashboard of this document has nowhere to stand'],
  'cluster-state': ['kube-state-metrics', 'crash loops, load balancers and requests are not counted'],
  'node-metrics': ['node exporter', 'use of nodes is not seen between two calls of the metrics API'],
  probes: ['blackbox exporter', 'certificates and ways in are not watched from outside'],
  logs: ['log collection', 'why a container ended is gone with its pod'],
  traces: ['tracing', 'slow requests cannot be followed'],
  models: ['model tracking', 'model versions and drift are not recorded'],
};

/** Without these, nobody is told. */
const NEEDED: readonly Role[] = ['metrics', 'alerts', 'dashboards', 'cluster-state', 'node-metrics', 'probes', 'logs'];

/** What watches the cluster, what is missing, and a dashboard to apply. */
export function monitoring(view: StrategyView): Section {
  const { monitoring: parts } = view.inventory;
  const gaps = view.assessment.missing.filter(({ input }) => /usage|metric|prometheus|quota|event/i.test(input));
  return {
    id: 'monitoring',
    title: 'Monitoring',
    blocks: [
      tableOr(
        'No part of a monitoring was found among the images of the workloads that were read.',
        ['Part', 'What it is', 'State', 'In the plan'],
        parts.map(({ name, role, isWorking }): readonly (string | Cell)[] => [
          name,
          ROLES[role][0],
          isWorking === undefined
            ? { text: 'not known', tone: 'dim' }
            : { text: isWorking ? 'a pod is ready' : 'no pod is ready', tone: isWorking ? 'good' : 'bad' },
          actionsFor(view, name),
        ]),
      ),
      ...bullets(
        'Missing',
        NEEDED.filter((role) => parts.every((part) => part.role !== role)).map(
          (role) => `${ROLES[role][0]}: not found; without it ${ROLES[role][1]}`,
        ),
      ),
      ...bullets(
        'Not read',
        gaps.map(({ input, reason, consequence }) => `${input}: ${reason}; ${consequence}`),
      ),
      paragraph(
        'A dashboard of this cluster, as a ConfigMap that the sidecar of Grafana charts loads; its queries are those of the alerts below.',
      ),
      detail({
        kind: 'code',
        language: 'yaml',
        code: dashboardConfigMap(view),
        file: 'monitoring/grafana-dashboard.yaml',
      }),
    ],
  };
}

function actionsFor({ actions }: StrategyView, name: string): string {
  const numbers = actions
    .filter(({ action: { target } }) => `${target.kind} ${target.namespace}/${target.name}` === name)
    .map(({ number }) => number);
  return numbers.length === 0 ? '–' : numbers.join(', ');
}
