import { expect, it } from 'vitest';
import { check, describeRule, examine } from '../../rule.suite.ts';
import { NOW } from '../../scene.suite.ts';
import { rule } from './rule.ts';

const DAY = 86_400_000;
const now = Date.parse(NOW);

/** Ten days that end now, with so much growth a day. */
function severities(perDay: number, usage: number, limit: number, metric = 'CPUS') {
  const times = Array.from({ length: 10 }, (_, i) => now - (9 - i) * DAY);
  const quotaHistory = [
    { metric, region: 'us-central1', times, values: times.map((_, i) => usage - (9 - i) * perDay) },
  ];
  const cloud = { quotas: [{ metric, region: 'us-central1', limit, usage }], quotaHistory };
  return check(rule, examine({ observedAt: NOW, objects: [], cloud })).map(({ severity }) => severity);
}

describeRule(rule, import.meta.url, ({ failing }) => {
  it('says when, within which band, and from what', () => {
    const [finding, ...others] = check(rule, failing);
    expect(others).toEqual([]);
    expect(finding?.severity).toBe('medium');
    expect(finding?.message).toBe(
      'Quota CPUS in us-central1 (66 of 72) grows by 2 a day and would be used up around 2025-09-30 (between 2025-09-30 and 2025-09-30).',
    );
    expect(finding?.facts).toMatchObject({
      at: now + 3 * DAY,
      earliestAt: now + 3 * DAY,
      latestAt: now + 3 * DAY,
      perDay: 2,
      basis: 'slope',
    });
  });
  it.each([
    ['medium within a week', 1, 95, 100, 'CPUS', ['medium']],
    ['low within a month', 1, 80, 100, 'CPUS', ['low']],
    ['information within 90 days', 1, 120, 200, 'CPUS', ['info']],
    ['low for a metric that the cluster does not draw on', 1, 95, 100, 'COMMITMENTS', ['low']],
    ['nothing beyond 90 days', 0.1, 80, 100, 'CPUS', []],
  ] as const)('is %s', (_, perDay, usage, limit, metric, expected) => {
    expect(severities(perDay, usage, limit, metric)).toEqual(expected);
  });
});
