import type { Strategy } from '@aia/contract';
import { bullets, detail, fields, paragraph, type Section } from '../section.ts';
import type { StrategyView } from '../strategy-view.ts';
import { firstOf } from '../wording.ts';

/** What bounded the plan, what was not read, and how the document came about. */
export function appendix({ strategy, assessment, inventory }: StrategyView): Section {
  const missing = [
    ...assessment.missing.map(({ input, reason, consequence }) => `${input}: ${reason}; ${consequence}`),
    ...inventory.posture.flatMap(({ text, missing: why }) =>
      why === undefined ? [] : [`${why}, so that nothing is told of ${text}`],
    ),
  ];
  const { policy, lights, forecast, snapshotRoot, generator, schedule } = strategy;
  return {
    id: 'appendix',
    title: 'Appendix: policy, gaps and method',
    blocks: [
      ...(policy.summary.length === 0
        ? [paragraph(`Policy ${policy.name}.`)]
        : bullets(`Policy ${policy.name}`, policy.summary)),
      ...bullets('Not read', firstOf(missing, 30)),
      ...(missing.length === 0 ? [paragraph('Everything that was asked for was read.')] : []),
      ...bullets(
        'Status lights',
        lights.map(({ name, formula }) => `${name}: ${formula}`),
      ).map(detail),
      ...bullets('Method', [
        'Findings and root causes are those of aia assess; each carries its evidence. The plan is a search for the smallest set of actions that removes all critical and high causes within the policy, in the order of their dependencies. It was carried out on a simulated twin, where actions that did not help were taken out.',
        ...(schedule === undefined ? [] : [schedule.rule]),
        ...(forecast === undefined
          ? ['There is no forecast of success and duration.']
          : [`Forecast: ${forecast.method}`]),
      ]),
      detail(
        fields(
          ['Snapshot', snapshotRoot],
          ['Written by', `AIA ${generator.version}`],
          ['Source', sourceText(strategy)],
        ),
      ),
    ],
  };
}

/** `example aia-system`. */
export function sourceText({ assessment: { cluster } }: Strategy): string {
  const { kind, name } = cluster.source;
  const only = cluster.namespaces === undefined ? '' : `, only namespace ${cluster.namespaces.join(', ')}`;
  return `${kind === 'live' ? 'context' : kind} ${name}${only}`;
}
