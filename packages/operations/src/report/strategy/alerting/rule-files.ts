/** Alert rules and their routing as files: what Prometheus and Alertmanager read. */
import { stringify } from 'yaml';
import type { StrategyView } from '../strategy-view.ts';
import { ruleGroups } from './alert-rules.ts';

/** A rule file of Prometheus (https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/). */
export function ruleFile(view: StrategyView): string {
  const groups = ruleGroups(view).map(({ name, rules }) => ({ name, rules: rules.map(({ rule }) => rule) }));
  return stringify({ groups }, { lineWidth: 0 });
}

/** Labels that a critical and a warning alert of one thing share; two that both lack a label count as equal, so each is named where it is. */
const PAIRS: readonly (readonly [critical: string, warning: string, equal: readonly string[]])[] = [
  ['PodCrashLooping', 'PodCrashLooping', ['cluster', 'namespace', 'pod', 'container']],
  ['SSLCertificateExpiry', 'SSLCertificateExpiry', ['cluster', 'instance']],
  ['CloudQuotaCritical', 'CloudQuotaHigh', ['cluster', 'project', 'region', 'quota_metric']],
];

/**
 * An Alertmanager configuration (https://prometheus.io/docs/alerting/latest/configuration/) that is valid as it is; its receivers are
 * named and empty, since addresses and keys are nobody's to invent.
 */
export function alertmanagerFile(view: StrategyView): string {
  const known = new Set(ruleGroups(view).flatMap(({ rules }) => rules.map(({ rule }) => rule.alert)));
  const receivers = ['on-call', 'team', 'notes', 'dead-man-switch'];
  const config = {
    route: {
      receiver: 'team',
      group_by: ['alertname', 'cluster', 'namespace'],
      group_wait: '30s',
      group_interval: '5m',
      repeat_interval: '12h',
      routes: [
        {
          matchers: ['alertname="Watchdog"'],
          receiver: 'dead-man-switch',
          group_interval: '1m',
          repeat_interval: '5m',
        },
        { matchers: ['severity="critical"'], receiver: 'on-call', repeat_interval: '4h' },
        { matchers: ['severity="info"'], receiver: 'notes' },
      ],
    },
    inhibit_rules: PAIRS.filter(([critical, warning]) => known.has(critical) && known.has(warning)).map(
      ([critical, warning, equal]) => ({
        source_matchers: [`alertname="${critical}"`, 'severity="critical"'],
        target_matchers: [`alertname="${warning}"`, 'severity="warning"'],
        equal,
      }),
    ),
    receivers: receivers.map((name) => ({ name })),
  };
  return `# Receivers are empty: give each its webhook_configs, slack_configs or pagerduty_configs, with send_resolved: true.\n${stringify(config, { lineWidth: 0 })}`;
}

/** Targets of the blackbox exporter, as files of Prometheus' file_sd_configs; `undefined` where nothing speaks TLS. */
export function probeTargets({ inventory: { endpoints } }: StrategyView): string | undefined {
  const targets = [...new Set(endpoints.map(({ url }) => url).filter((url) => url.startsWith('https://')))].sort();
  if (targets.length === 0) return undefined;
  return stringify([{ targets, labels: { job: 'blackbox-tls' } }], { lineWidth: 0 });
}
