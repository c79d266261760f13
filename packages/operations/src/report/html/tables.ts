/** The tables of the document: findings, KPIs, and what was not read. */
import { refText } from '@aia/cluster';
import type { AssessedFinding, Assessment, Kpi } from '@aia/contract';
import { timeText } from '../evidence-text.ts';
import { kpiValue } from '../kpi-text.ts';
import { clipped } from '../layout.ts';
import { notRunTexts } from '../reading-text.ts';
import { causeAnchor, type Anchors } from './anchors.ts';
import { pieceMarkup } from './cause-card.ts';
import { LIMITS } from './limits.ts';
import { markup, type Content, type Markup } from './markup.ts';
import { severityBadge } from './severity.ts';

/** Every finding that is listed, with a filter that the script brings to life. */
export function findingsMarkup({ findings }: Assessment, anchors: Anchors): Markup {
  if (findings.length === 0) return markup`<section id="findings"><h2>Findings</h2><p>None.</p></section>`;
  const left = findings.length - anchors.listed.length;
  return markup`<section id="findings">
<h2>Findings <span class="muted">${findings.length}</span></h2>
<form class="filter" role="search" aria-label="Findings" hidden>
<label>Search <input type="search" name="text" autocomplete="off"></label>
<label>Severity <select name="severity"><option value="">all</option></select></label>
<label>Namespace <select name="namespace"><option value="">all</option></select></label>
<output role="status"></output>
</form>
${table(
  'Findings',
  ['Severity', 'What', 'Resource', 'Cause'],
  anchors.listed.map((finding) => findingRow(finding, anchors)),
)}
${left > 0 ? markup`<p>${left} more, of codes that stand above, are in the JSON.</p>` : undefined}
</section>`;
}

function findingRow(finding: AssessedFinding, anchors: Anchors): Row {
  const { id, code, severity, resource, message, evidence, since, explainedBy } = finding;
  const rank = anchors.rank(explainedBy);
  const proof = evidence.slice(0, LIMITS.findingEvidence);
  const more = evidence.length - proof.length;
  const what = markup`<span class="message">${clipped(message, LIMITS.quoted * 2)}</span>
<details><summary>${code}${since === undefined ? '' : ` · since ${timeText(since)}`} · evidence ${evidence.length}</summary><ul class="evidence">${proof.map((one) => markup`<li>${pieceMarkup(one, resource)}</li>`)}${more > 0 ? markup`<li>${more} more in the JSON</li>` : undefined}</ul></details>`;
  const attributes = markup` id="${anchors.finding(id) ?? ''}" data-severity="${severity}" data-namespace="${clipped(resource.namespace, 300)}"`;
  const by =
    rank === undefined
      ? '–'
      : rank <= LIMITS.causes
        ? markup`<a href="#${causeAnchor(rank)}">cause ${rank}</a>`
        : `cause ${rank}`;
  return {
    cells: [severityBadge(severity), what, markup`<bdi>${clipped(refText(resource), LIMITS.quoted)}</bdi>`, by],
    attributes,
  };
}

/** Every KPI. */
export function kpisMarkup({ kpis }: Assessment): Markup {
  const marks: Readonly<Record<Kpi['status'], string>> = { met: '● met', missed: '▲ missed', unknown: '? unknown' };
  const rows = kpis.slice(0, LIMITS.items).map((kpi): Row => ({
    cells: [
      kpi.name,
      kpiValue(kpi),
      kpi.target,
      markup`<span class="kpi ${kpi.status}">${marks[kpi.status]}</span>`,
      clipped(kpi.basis, LIMITS.quoted),
    ],
  }));
  return markup`<section id="kpis">
<h2>KPIs</h2>
${table('KPIs', ['KPI', 'Value', 'Target', 'Status', 'Basis'], rows)}
</section>`;
}

/** What could not be judged, and why. */
export function readingMarkup(assessment: Assessment): Markup {
  const { missing, problems, notRun, unrecognised, redactions } = assessment;
  const masked = Object.values(redactions).reduce((sum, count) => sum + count, 0);
  const lists: readonly (readonly [title: string, items: readonly string[]])[] = [
    ['Missing', missing.map(({ input, reason, consequence }) => `${input}: ${reason}; ${consequence}`)],
    [
      'Unreadable',
      problems.map(({ source, place, message }) => `${source}${place === '' ? '' : `, ${place}`}: ${message}`),
    ],
    ['Rules that could not judge', notRunTexts(notRun)],
    [
      'Events in words that AIA does not know',
      unrecognised.map(({ reason, count, example }) => `${count} × ${reason}: ${example}`),
    ],
    ['Masked', masked === 0 ? [] : [`${masked} values that are or look like secrets`]],
  ];
  const told = lists.filter(([, items]) => items.length > 0);
  return markup`<section id="reading">
<h2>What was not read</h2>
${told.length === 0 ? markup`<p>Everything that AIA asks for was read and understood.</p>` : told.map(([title, items]) => itemsMarkup(title, items))}
</section>`;
}

/** A list under its title, counted beyond what helps. */
export function itemsMarkup(title: string, items: readonly string[]): Markup {
  const more = items.length - LIMITS.items;
  return markup`<h3>${title}</h3>
<ul>${items.slice(0, LIMITS.items).map(
    (item) => markup`<li>${clipped(item, LIMITS.sentence)}</li>
`,
  )}${more > 0 ? markup`<li>and ${more} more</li>` : undefined}</ul>
`;
}

/** One row; the first cell is no heading, since severities and names repeat. */
export interface Row {
  readonly cells: readonly Content[];
  readonly attributes?: Markup;
}

/** A table that becomes a list of cards on narrow screens, where roles keep telling that it is one. */
export function table(label: string, head: readonly string[], rows: readonly Row[]): Markup {
  return markup`<table role="table" aria-label="${label}">
<thead role="rowgroup"><tr role="row">${head.map((cell) => markup`<th scope="col" role="columnheader">${cell}</th>`)}</tr></thead>
<tbody role="rowgroup">
${rows.map(
  ({
    cells,
    attributes,
  }) => markup`<tr role="row"${attributes}>${cells.map((cell, i) => markup`<td role="cell" data-label="${head[i]}">${cell}</td>`)}</tr>
`,
)}</tbody>
</table>`;
}
