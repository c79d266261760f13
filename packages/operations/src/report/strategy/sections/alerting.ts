import { ruleGroups, watchedQuotas } from '../alerting/alert-rules.ts';
import { alertmanagerFile, probeTargets, ruleFile } from '../alerting/rule-files.ts';
import { detail, paragraph, type Cell, type Section } from '../section.ts';
import type { StrategyView } from '../strategy-view.ts';

/** Alert rules of this cluster, their routing and what to probe, as files that Prometheus and Alertmanager accept. */
export function alerting(view: StrategyView): Section {
  const targets = probeTargets(view);
  const groups = ruleGroups(view);
  return {
    id: 'alerting',
    title: 'Alerting',
    blocks: [
      paragraph(
        'Rules for what this strategy is about. A rule that tells at once what a restart or a single lost probe looks like would cry wolf, so that each waits for as long as its figure may swing; two severities of one alert do not overlap, and the graver silences the other.',
      ),
      {
        kind: 'table',
        head: ['Alert', 'Severity', 'Fires when', 'Now'],
        rows: groups.flatMap(({ rules }) =>
          rules.map(({ rule, when, now }): readonly (string | Cell)[] => [
            rule.alert,
            { text: rule.labels.severity, tone: rule.labels.severity === 'critical' ? 'bad' : 'dim' },
            when,
            now === '' ? '–' : now,
          ]),
        ),
      },
      detail({
        kind: 'code',
        title: 'Rules for Prometheus',
        language: 'yaml',
        code: ruleFile(view),
        file: 'monitoring/alert-rules.yaml',
      }),
      detail({
        kind: 'code',
        title: 'Alertmanager',
        language: 'yaml',
        code: alertmanagerFile(view),
        file: 'monitoring/alertmanager.yaml',
      }),
      ...(targets === undefined
        ? [paragraph('No way in that speaks TLS is known, so that there is nothing to probe for certificates yet.')]
        : [
            detail({
              kind: 'code',
              title:
                'What to probe, with a verifying module (trust) and a second job without (the date of one that has expired)',
              language: 'yaml',
              code: targets,
              file: 'monitoring/probe-targets.yaml',
            } as const),
          ]),
      paragraph(
        `Rules about agents rest on aia_agent_sync_failures_total${
          watchedQuotas(view).length > 0
            ? ', rules about quotas on aia_gcp_quota_usage and aia_gcp_quota_limit; CloudQuotaDataStale tells when nobody sends those.'
            : `. There are no rules about quotas, since ${view.assessment.quotas === undefined ? 'none were read' : 'none is half used or waited for'}.`
        }`,
      ),
    ],
  };
}
