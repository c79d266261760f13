/** What a report has only at times: changes since an earlier one, suppressions, certificates, quotas. Nothing where it has none. */
import type { Assessment } from '@aia/contract';
import { CERTIFICATE_COLUMNS, certificateCells, countsText } from '../certificates-text.ts';
import { changeGroups, comparisonSentence } from '../comparison-text.ts';
import { clipped } from '../layout.ts';
import { quotaOutlook, quotaUse, shownQuotas } from '../quota-text.ts';
import { suppressionsByEffect, suppressionText } from '../suppression-text.ts';
import { LIMITS } from './limits.ts';
import { markup, type Markup } from './markup.ts';
import { itemsMarkup, table } from './tables.ts';

/** What is new, worse, gone and better. */
export function changesMarkup(assessment: Assessment): Markup | undefined {
  if (assessment.comparison === undefined) return undefined;
  return markup`<section id="changes">
<h2>What changed</h2>
<p>${clipped(comparisonSentence(assessment.comparison), LIMITS.sentence)}</p>
${changeGroups(assessment).map(({ label, lines }) => itemsMarkup(label, lines))}
</section>`;
}

/** Findings that somebody answers for. */
export function suppressedMarkup(assessment: Assessment): Markup | undefined {
  const all = suppressionsByEffect(assessment);
  if (all.length === 0) return undefined;
  return markup`<section id="suppressed">
<h2>Suppressed <span class="muted">${assessment.suppressed?.length ?? 0}</span></h2>
<ul>${all.slice(0, LIMITS.items).map(
    (one) => markup`<li>${clipped(suppressionText(one), LIMITS.sentence)}</li>
`,
  )}</ul>
</section>`;
}

/** The ledger of certificates. */
export function certificatesMarkup({ certificates = [] }: Assessment): Markup | undefined {
  if (certificates.length === 0) return undefined;
  const rows = certificates
    .slice(0, LIMITS.items)
    .map((entry) => ({ cells: certificateCells(entry).map((cell) => clipped(cell, LIMITS.quoted)) }));
  return markup`<section id="certificates">
<h2>Certificates <span class="muted">${countsText(certificates)}</span></h2>
${table('Certificates', CERTIFICATE_COLUMNS, rows)}
</section>`;
}

/** Quotas that are worth a look. */
export function quotasMarkup(assessment: Assessment): Markup | undefined {
  const shown = shownQuotas(assessment);
  if (shown.length === 0) return undefined;
  const rows = shown.slice(0, LIMITS.items).map((one) => ({
    cells: [clipped(quotaUse(one), LIMITS.quoted), clipped(quotaOutlook(one), LIMITS.quoted) || '–'],
  }));
  return markup`<section id="quotas">
<h2>Cloud quotas</h2>
${table('Cloud quotas', ['Quota', 'Outlook'], rows)}
</section>`;
}
