import { refText } from '@aia/cluster';
import type { AssessedQuota, AssessedRootCause, QuotaEffect } from '@aia/contract';
import { impactInShort } from '../../as-text.ts';
import { counted } from '../../counted.ts';
import { evidenceText, percentText } from '../../evidence-text.ts';
import { quotaOutlook } from '../../quota-text.ts';
import { bytesText, cpuText } from '../outcome-text.ts';
import { bullets, detail, paragraph, tableOr, type Block, type Cell, type Section } from '../section.ts';
import type { StrategyView } from '../strategy-view.ts';
import { firstOf, quotaEffectText, quotaRequests, rangesOf, summed } from '../wording.ts';
import { loadBalancerPart } from './load-balancers.ts';

/** What is wrong, down to quotas, pods, load balancers and machines; each with what the plan makes of it. */
export function infrastructure(view: StrategyView): Section {
  return {
    id: 'infrastructure',
    title: 'Critical infrastructure analysis',
    blocks: [],
    parts: [causes(view), quotas(view), pods(view), loadBalancerPart(view), machines(view)],
  };
}

function numbersFor({ goal, action }: StrategyView, id: string): string {
  const placed = (goal(id)?.actions ?? []).flatMap((one) => action(one) ?? []);
  return placed.length === 0 ? 'nothing; left open' : rangesOf(placed);
}

function causes(view: StrategyView): Section {
  const { rootCauses } = view.assessment;
  return {
    id: 'root-causes',
    title: 'Root causes',
    blocks: [
      tableOr(
        'No root cause was found.',
        ['Cause', 'Severity', 'Probability', 'Affects', 'Removed by'],
        rootCauses.map((cause) => [
          cause.title,
          severityCell(cause.severity),
          percentText(cause.probability),
          impactInShort(cause),
          numbersFor(view, cause.id),
        ]),
      ),
      ...rootCauses.flatMap(causeDetail),
    ],
  };
}

function causeDetail({ title, statement, evidence, counterfactuals }: AssessedRootCause): readonly Block[] {
  return bullets(title, [
    statement,
    ...firstOf(
      evidence.map((one) => evidenceText(one, 220)),
      5,
    ),
    ...counterfactuals.map(({ change, outcome }) => `What if: ${change}: ${outcome}`),
  ]).map((block) => detail({ ...block, fold: 'Evidence of each cause, and what would help' }));
}

function severityCell(severity: string): Cell {
  const tone = severity === 'critical' || severity === 'high' ? 'bad' : severity === 'medium' ? 'warn' : 'dim';
  return { text: severity, tone };
}

function quotas(view: StrategyView): Section {
  const { quotas: now = [] } = view.assessment;
  const after = new Map((view.strategy.rehearsal?.quotas ?? []).map((one) => [keyOf(one), one]));
  const effects = summed(view.actions.flatMap(({ action }) => action.quota));
  const worth = now.filter(
    (quota) => quota.share >= 0.5 || quota.needed > 0 || effects.some((one) => keyOf(one) === keyOf(quota)),
  );
  const amount = (value: number) => String(Number(value.toFixed(1)));
  const limit = (value: number) => (value < 0 ? 'no limit' : amount(value));
  return {
    id: 'quotas',
    title: 'Cloud quotas',
    blocks: [
      tableOr(
        view.assessment.quotas === undefined
          ? 'No quotas were read, so that nothing is known of how much of the cloud is left.'
          : 'No quota is half used, nothing waits for one, and the plan touches none.',
        ['Quota', 'Used', 'Limit', 'Share', 'Waited for', 'By the plan', 'After it', 'Outlook'],
        worth.map((quota) => {
          const then = after.get(keyOf(quota));
          const own = planned(view, quota, effects);
          return [
            `${quota.metric} in ${quota.region}`,
            amount(quota.usage),
            limit(quota.limit),
            shareCell(quota),
            amount(quota.needed),
            own.length === 0 ? 'unchanged' : own.join(', '),
            then === undefined
              ? '–'
              : {
                  ...shareCell(then),
                  text: `${amount(then.usage)} of ${limit(then.limit)} (${percentText(then.share)})`,
                },
            quotaOutlook(quota),
          ];
        }),
      ),
    ],
  };
}

/** What the plan does to a quota and to its limit. */
function planned({ actions }: StrategyView, quota: AssessedQuota, effects: readonly QuotaEffect[]): readonly string[] {
  const key = keyOf(quota);
  const own = effects.filter((one) => keyOf(one) === key);
  const asked = actions.flatMap(({ action, number }) =>
    quotaRequests(action).flatMap((one) => (keyOf(one) === key ? [`limit ${one.from} → ${one.to} (${number})`] : [])),
  );
  return [...own.map((one) => quotaEffectText(one).replace(` ${one.metric} in ${one.region}`, '')), ...asked];
}

function keyOf({ metric, region }: Pick<AssessedQuota, 'metric' | 'region'>): string {
  return `${region}/${metric}`;
}

function shareCell({ share, limit }: AssessedQuota): Cell {
  if (limit < 0) return { text: '–' };
  return { text: percentText(share), tone: share >= 0.95 ? 'bad' : share > 0.8 ? 'warn' : 'good' };
}

const POD_KINDS: ReadonlySet<string> = new Set(['Pod']);

function pods(view: StrategyView): Section {
  const { rootCauses, findings, cluster } = view.assessment;
  const byCause = rootCauses.filter(({ impact }) => impact.pods > 0);
  const unexplained = findings.filter(
    ({ resource, explainedBy, severity }) =>
      POD_KINDS.has(resource.kind) && explainedBy === undefined && (severity === 'critical' || severity === 'high'),
  );
  const { failing, total } = cluster.pods;
  return {
    id: 'pod-failures',
    title: 'Pods that fail',
    blocks: [
      paragraph(
        total === 0
          ? 'No pod that counts was read.'
          : `${failing} of ${counted(total, 'pod')} ${failing === 1 ? 'fails' : 'fail'}.`,
      ),
      ...(failing === 0
        ? []
        : [
            tableOr(
              'No root cause explains them; see the findings in the assessment.',
              ['Workloads', 'Pods', 'Cause', 'Evidence', 'Repaired by'],
              byCause.map((cause) => [
                firstOf(cause.impact.workloads, 4).join(', '),
                String(cause.impact.pods),
                cause.title,
                cause.evidence
                  .slice(0, 1)
                  .map((one) => evidenceText(one, 160))
                  .join(''),
                numbersFor(view, cause.id),
              ]),
            ),
          ]),
      ...bullets(
        'Not explained by a cause',
        firstOf(
          unexplained.map(({ resource, message }) => `${refText(resource)}: ${message}`),
          8,
        ),
      ),
    ],
  };
}

function machines({ inventory: { pools }, strategy: { rehearsal, assessment } }: StrategyView): Section {
  const arePodsRead = assessment.missing.every(({ input }) => input !== 'pods');
  const after = new Map((rehearsal?.inventory?.pools ?? []).map((pool) => [pool.name, pool]));
  const use = (part: number, whole: number) => (whole === 0 ? '–' : percentText(part / whole));
  return {
    id: 'machines',
    title: 'Node pools',
    blocks: [
      tableOr(
        'No node was read.',
        [
          'Pool',
          'Machines',
          'Ready',
          'Bounds',
          'CPU offered',
          'CPU requested',
          'CPU used',
          'Memory offered',
          'Memory requested',
          'Memory used',
          'After the plan',
        ],
        pools.map((pool) => {
          const { cpuMillis: cpu, memoryBytes: memory } = pool;
          const then = after.get(pool.name);
          return [
            pool.name === '' ? 'no pool' : pool.name,
            `${pool.nodes}${pool.machineType === undefined ? '' : ` × ${pool.machineType}`}`,
            String(pool.ready),
            pool.bounds ?? '–',
            cpuText(cpu.allocatable),
            arePodsRead ? use(cpu.requested, cpu.allocatable) : 'pods not read',
            cpu.used === undefined ? 'not measured' : use(cpu.used, cpu.allocatable),
            bytesText(memory.allocatable),
            arePodsRead ? use(memory.requested, memory.allocatable) : 'pods not read',
            memory.used === undefined ? 'not measured' : use(memory.used, memory.allocatable),
            then === undefined
              ? '–'
              : `${then.nodes} nodes, CPU ${use(then.cpuMillis.requested, then.cpuMillis.allocatable)}, memory ${use(then.memoryBytes.requested, then.memoryBytes.allocatable)} requested`,
          ];
        }),
      ),
    ],
  };
}
