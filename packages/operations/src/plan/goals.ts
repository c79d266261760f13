/** What a plan is to reach: root causes first, then KPIs off their target. */
import type { Assessment, Goal } from '@aia/contract';
import { severityRank } from '../diagnose/finding.ts';
import { lesserCauses } from './lesser-causes.ts';

/** KPIs that changes to the cluster can move; others are measured elsewhere. */
const KPIS: readonly string[] = ['cpu-requests', 'memory-requests', 'active-load-balancers', 'certificate-health'];

/** All goals of an assessment, worst first; quotas that are used beyond `quotaShare` among them. */
export function goalsOf(assessment: Assessment, quotaShare: number): readonly Goal[] {
  const { rootCauses, kpis, quotas = [] } = assessment;
  const causes = [...rootCauses, ...lesserCauses(assessment)].map(({ id, title, severity, resource }): Goal => ({
    ...{ id, kind: 'cause', title, severity, resource },
    ...{ isMust: severityRank(severity) <= severityRank('high'), actions: [] },
    ...(severity === 'info'
      ? { state: 'accepted', because: 'It is told for information; nothing needs to be done.' }
      : { state: 'open' }),
  }));
  const missed = kpis
    .filter(({ id, status }) => KPIS.includes(id) && status === 'missed')
    .map(({ id, name, target, basis }): Goal => kpiGoal(id, `${name}: ${target} (${basis})`));
  const full = quotas
    .filter(({ share, usage }) => share > quotaShare && usage > 0)
    .map(({ metric, region, usage, limit }) =>
      kpiGoal(`quota/${region}/${metric}`, `Quota ${metric} in ${region}: ${usage} of ${limit} used`),
    );
  return [...causes, ...missed, ...full];
}

function kpiGoal(id: string, title: string): Goal {
  return { id: `kpi:${id}`, kind: 'kpi', title, severity: 'medium', isMust: false, state: 'open', actions: [] };
}
