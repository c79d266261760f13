/** Cloud quotas in words, for text and Markdown. */
import type { AssessedQuota, Assessment } from '@aia/contract';
import type { Page } from './layout.ts';

/** From this share on a quota is shown although nothing waits for it. */
const WORTH_SHOWING = 0.6;

/** Quotas that are fairly full, of whose rest more than half is waited for, that growth reaches, or that autoscaling may exceed. */
export function shownQuotas({ quotas = [] }: Assessment): readonly AssessedQuota[] {
  return quotas.filter(
    ({ share, needed, limit, free = Number.POSITIVE_INFINITY, ceiling, forecast }) =>
      share >= WORTH_SHOWING || needed > free / 2 || forecast !== undefined || (limit >= 0 && (ceiling ?? 0) > limit),
  );
}

/** One sentence each. */
export function quotaBlock(page: Page, assessment: Assessment): void {
  const shown = shownQuotas(assessment);
  if (shown.length === 0) return;
  page.title('Cloud quotas');
  for (const quota of shown) {
    const mark = isShort(quota) ? page.style.bad : quota.share >= 0.8 ? page.style.warn : page.style.dim;
    page.text(`${quotaUse(quota)}; ${quotaOutlook(quota) || 'nothing waits for it'}`, {
      indent: 2,
      column: 4,
      label: '·',
      labelMark: mark,
    });
  }
}

/** `CPUS in us-central1: 65 of 72 (90 %), 7 free`. */
export function quotaUse({ metric, region, limit, usage, free, share }: AssessedQuota): string {
  const use =
    limit < 0 ? `${amount(usage)}, no limit` : `${amount(usage)} of ${amount(limit)} (${Math.floor(share * 100)} %)`;
  return `${metric} in ${region}: ${use}${free === undefined ? '' : `, ${amount(free)} free`}`;
}

/** What waits, how far autoscaling may go, and when growth reaches the limit; `''` for nothing. */
export function quotaOutlook(quota: AssessedQuota): string {
  const { needed, needs, limit, free = Number.POSITIVE_INFINITY, ceiling, forecast } = quota;
  const parts = [
    needed > 0
      ? `${waitingText(needs)} ${needs.length === 1 ? 'needs' : 'need'} ${amount(needed)} more${needed > free ? `, ${amount(needed - free)} too many` : ''}`
      : '',
    ceiling !== undefined && limit >= 0 && ceiling > limit ? `autoscaling may take it to ${amount(ceiling)}` : '',
    forecast === undefined
      ? ''
      : `at ${amount(forecast.perDay)} more a day it is used up around ${new Date(Math.min(forecast.at, 8.64e15)).toISOString().slice(0, 10)}`,
  ];
  return parts.filter((part) => part !== '').join('; ');
}

const KINDS: readonly (readonly [kind: string, one: string, many: string])[] = [
  ['Pod', 'pod', 'pods'],
  ['Service', 'load balancer', 'load balancers'],
  ['PersistentVolumeClaim', 'claim', 'claims'],
];

/** `6 pods and 19 load balancers`. */
function waitingText(needs: AssessedQuota['needs']): string {
  return KINDS.flatMap(([kind, one, many]) => {
    const count = needs.filter(({ by }) => by.startsWith(`${kind} `)).length;
    return count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
  }).join(' and ');
}

function isShort({ needed, free = Number.POSITIVE_INFINITY, share }: AssessedQuota): boolean {
  return needed > free || share >= 1;
}

function amount(value: number): string {
  return String(Number(value.toFixed(1)));
}
