import type { AssessedQuota } from '@aia/contract';
import { expect, it } from 'vitest';
import { quotaOutlook, quotaUse } from './quota-text.ts';

const row: AssessedQuota = {
  metric: 'CPUS',
  region: 'us-central1',
  limit: 72,
  usage: 65,
  free: 7,
  share: 65 / 72,
  needed: 0,
  needs: [],
};
const pod = { by: 'Pod shop/api', amount: 4 };

it('says use and what is free', () => {
  expect(quotaUse(row)).toBe('CPUS in us-central1: 65 of 72 (90 %), 7 free');
  const { metric, region, usage } = row;
  expect(quotaUse({ metric, region, usage, limit: -1, share: 0, needed: 0, needs: [] })).toBe(
    'CPUS in us-central1: 65, no limit',
  );
});

it.each<[string, Partial<AssessedQuota>, string]>([
  ['nothing', {}, ''],
  ['what waits and fits', { needed: 4, needs: [pod] }, '1 pod needs 4 more'],
  ['what waits and does not fit', { needed: 8, needs: [pod, pod] }, '2 pods need 8 more, 1 too many'],
  [
    'kinds apart',
    { needed: 5, needs: [pod, { by: 'Service shop/web', amount: 1 }] },
    '1 pod and 1 load balancer need 5 more',
  ],
  ['a ceiling at the limit', { ceiling: 72 }, ''],
  ['the ceiling of autoscaling', { ceiling: 104 }, 'autoscaling may take it to 104'],
  [
    'a forecast',
    { forecast: { at: Date.parse('2025-09-30T12:00:00Z'), earliestAt: 0, perDay: 2 } },
    'at 2 more a day it is used up around 2025-09-30',
  ],
])('tells of %s', (_, more, text) => {
  expect(quotaOutlook({ ...row, ...more })).toBe(text);
});
