/** What suppressions took out, in lines that every format can show. */
import type { AppliedSuppression, Assessment } from '@aia/contract';
import { lastDay } from '../diagnose/suppressions/suppression.ts';
import { clipped, type Page } from './layout.ts';

/** Entries beyond this many are counted, not listed. */
const LISTED = 8;

/** `3 × pod-failed of Pod ci/*: flaky runners are retried (owner ci-team, until 2026-12-31)`. */
export function suppressionText({
  code,
  object,
  reason,
  owner,
  expiresAt,
  expired,
  findings,
}: AppliedSuppression): string {
  const effect = expired ? 'expired' : findings === 0 ? 'matches nothing' : `${findings} ×`;
  return `${effect}${findings > 0 ? '' : ':'} ${code} of ${object}: ${reason} (owner ${owner}, until ${lastDay({ expiresAt })})`;
}

/** Those that take something out first, then those that match nothing, then the expired. */
export function suppressionsByEffect({ suppressions = [] }: Assessment): readonly AppliedSuppression[] {
  const rank = ({ expired, findings }: AppliedSuppression) => (expired ? 2 : findings === 0 ? 1 : 0);
  return suppressions.toSorted((a, b) => rank(a) - rank(b));
}

/** Suppressions and what they took out; nothing without any. */
export function suppressionBlock(page: Page, assessment: Assessment): void {
  const all = suppressionsByEffect(assessment);
  if (all.length === 0) return;
  const count = assessment.suppressed?.length ?? 0;
  page.title(`Suppressed: ${count} ${count === 1 ? 'finding' : 'findings'}`);
  for (const one of all.slice(0, LISTED)) page.text(clipped(suppressionText(one), 300), { indent: 2, column: 4 });
  if (all.length > LISTED) page.text(`… and ${all.length - LISTED} more`, { indent: 2, mark: page.style.dim });
}
