import type { Rejected } from '@aia/contract';
import { paragraph, type Section } from '../section.ts';
import type { StrategyView } from '../strategy-view.ts';

const WHY: Readonly<Record<Rejected['because'], string>> = {
  rival: 'another is better',
  policy: 'forbidden by the policy',
  budget: 'beyond a budget',
  quota: 'a quota refuses it',
  rehearsal: 'failed on the twin',
  unneeded: 'not needed',
};

const MOST = 60;

/** What was considered and is not in the plan. */
export function alternatives({ strategy: { plan, rehearsal }, goal }: StrategyView): Section {
  const { rejected } = plan;
  const removed = rehearsal?.removed ?? [];
  return {
    id: 'alternatives',
    title: 'Alternatives considered',
    blocks:
      rejected.length + removed.length === 0
        ? [paragraph('No other remedy was known for what the plan is to reach.')]
        : [
            {
              kind: 'table',
              head: ['Considered', 'For', 'Not taken because', 'Reason'],
              rows: [
                ...rejected
                  .slice(0, MOST)
                  .map(({ title, goals, because, reason }) => [
                    title,
                    goals.map((id) => goal(id)?.title ?? id).join('; '),
                    WHY[because],
                    reason,
                  ]),
                ...removed.map(({ title, reason }) => [title, '–', WHY.rehearsal, reason]),
              ],
            },
            ...(rejected.length > MOST ? [paragraph(`… and ${rejected.length - MOST} more, in the JSON.`)] : []),
          ],
  };
}
