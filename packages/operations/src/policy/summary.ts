/** A policy in words, for whoever reads a plan that was made under it. */
import { readableBytes } from '@aia/cluster';
import type { Policy } from './policy.ts';

const HOUR_MS = 3_600_000;

/** Its bounds, a line each; what it leaves open is not told. */
export function summaryOf(policy: Policy): readonly string[] {
  return [...protection(policy), ...permissions(policy), ...budgets(policy), ...aims(policy)];
}

function protection({ protected: { namespaces, kinds, objects, labels } }: Policy): readonly string[] {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return [
    ...line('Namespaces that are not touched', namespaces),
    ...line('Kinds that are not changed', kinds),
    ...line('Objects that are not changed', objects),
    ...line('Objects with these labels are not changed', pairs),
  ];
}

function permissions({ roles, actions, windows, approvers }: Policy): readonly string[] {
  return [
    ...Object.entries(roles).map(
      ([role, verbs]) => `${role} may ${verbs.length === 0 ? 'do nothing' : verbs.join(', ')}.`,
    ),
    ...line('Kinds of action that are off', actions.off),
    ...line('Only these kinds of action', actions.only ?? []),
    ...windows.map(
      ({ schedule, minutes, timeZone }) =>
        `Disruptive actions wait for a window: ${schedule} (${timeZone}), ${minutes} minutes.`,
    ),
    ...approvers.map(({ name, for: scopes }) => `${name} approves: ${scopes.join(', ')}.`),
  ];
}

function budgets({ budgets: b }: Policy): readonly string[] {
  const rows: readonly (readonly [number | undefined, (value: number) => string])[] = [
    [b.podsPerPhase, (value) => `A phase replaces at most ${value} pods.`],
    [b.podShare, (value) => `A phase replaces at most ${percent(value)} of all pods.`],
    [b.namespacesPerPhase, (value) => `A phase touches at most ${value} namespaces.`],
    [b.actions, (value) => `A plan has at most ${value} actions.`],
    [
      b.monthly,
      (value) =>
        value < 0
          ? `The plan must save at least ${-value} ${b.currency} a month.`
          : `The plan adds at most ${value} ${b.currency} a month.`,
    ],
    [b.outages, (value) => `At most ${value} Services stop answering for a while.`],
    [b.podsAtOnce, (value) => `At most ${value} pods of a workload are gone at once.`],
  ];
  return [
    ...rows.flatMap(([value, text]) => (value === undefined ? [] : [text(value)])),
    `Highest risk of an action: ${b.risk}.`,
    `No action brings a quota above ${percent(b.quotaShare)}.`,
  ];
}

function aims({ targets, rightSizing: r, ownership }: Policy): readonly string[] {
  const { min, max } = targets.utilisation;
  return [
    `Aims: ${percent(min)} to ${percent(max)} of what nodes offer requested, fewer than ${targets.loadBalancers} load balancers, quotas at most ${percent(targets.quotaShare)} used.`,
    `Right-sizing: CPU by ${percent(r.cpuPercentile)} of the measured use plus ${percent(r.cpuMargin)}, memory by its peak plus ${percent(r.memoryMargin)} (${percent(r.oomMargin)} after OOM kills), not below ${r.cpuFloorMillis}m and ${readableBytes(r.memoryFloorBytes)}, with at least ${r.leastHistoryMs / HOUR_MS} hours of history.`,
    ownership.helm === 'source'
      ? 'What a Helm release owns is changed by its values alone.'
      : 'What a Helm release owns is changed in the cluster, with a note for its values.',
  ];
}

function line(title: string, entries: readonly string[]): readonly string[] {
  return entries.length === 0 ? [] : [`${title}: ${entries.join(', ')}.`];
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}
