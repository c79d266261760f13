/**
 * The assessment as one HTML file that needs nothing else: no network, no fonts, no images. Everything can be read without its script, which only
 * filters, copies and unfolds. A content security policy allows that script and that style sheet and nothing more.
 */
import type { Assessment } from '@aia/contract';
import { clipped } from '../layout.ts';
import { lookUps } from '../look-up.ts';
import { anchorsOf, causeAnchor, type Anchors } from './anchors.ts';
import { causeCard } from './cause-card.ts';
import { certificatesMarkup, changesMarkup, quotasMarkup, suppressedMarkup } from './further-sections.ts';
import { LIMITS } from './limits.ts';
import { markup, verbatim, type Markup } from './markup.ts';
import { SCRIPT, SCRIPT_HASH } from './script.ts';
import { severityBadge } from './severity.ts';
import { STYLE, STYLE_HASH } from './style.ts';
import { headMarkup, summaryMarkup } from './summary.ts';
import { findingsMarkup, kpisMarkup, readingMarkup } from './tables.ts';

const POLICY = `default-src 'none'; style-src '${STYLE_HASH}'; script-src '${SCRIPT_HASH}'; base-uri 'none'; form-action 'none'`;

/** Renders the document. Texts of the cluster stand in it as text, never as markup. */
export function asHtml(assessment: Assessment): string {
  const anchors = anchorsOf(assessment);
  const title = `${clipped(assessment.cluster.source.name, 80)}: ${clipped(assessment.verdict.sentence, 120)}`;
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${verbatim(POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${verbatim(STYLE)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the root causes</a>
${headMarkup(assessment)}
${navMarkup(assessment)}
<main id="main">
${summaryMarkup(assessment, anchors)}
${causesMarkup(assessment, anchors)}
${changesMarkup(assessment)}
${findingsMarkup(assessment, anchors)}
${suppressedMarkup(assessment)}
${certificatesMarkup(assessment)}
${kpisMarkup(assessment)}
${quotasMarkup(assessment)}
${readingMarkup(assessment)}
</main>
<footer><p>Written by AIA ${assessment.generator.version}. It read the cluster and changed nothing. What is shortened here (…) stands in full in the JSON.</p></footer>
<script>${verbatim(SCRIPT)}</script>
</body>
</html>
`.text;
}

function navMarkup({ rootCauses, findings, comparison }: Assessment): Markup {
  return markup`<nav aria-label="Sections"><ul>
${rootCauses.length === 0 ? undefined : markup`<li><a href="#causes">Root causes ${rootCauses.length}</a></li>`}
${comparison === undefined ? undefined : markup`<li><a href="#changes">What changed</a></li>`}
<li><a href="#findings">Findings ${findings.length}</a></li>
<li><a href="#kpis">KPIs</a></li>
<li><a href="#reading">Not read</a></li>
</ul></nav>`;
}

function causesMarkup(assessment: Assessment, anchors: Anchors): Markup | undefined {
  const { rootCauses } = assessment;
  if (rootCauses.length === 0) return undefined;
  const commands = lookUps(assessment);
  const cards = rootCauses
    .slice(0, LIMITS.causes)
    .map((cause, i) => causeCard({ cause, rank: i + 1, commands: commands[i] ?? [] }, anchors));
  return markup`<section id="causes">
<h2>Root causes, in order of impact</h2>
${cards}
${furtherMarkup(rootCauses)}
</section>`;
}

/** Causes beyond those told in full. */
function furtherMarkup(rootCauses: Assessment['rootCauses']): Markup | undefined {
  const rest = rootCauses.slice(LIMITS.causes, LIMITS.titles);
  if (rest.length === 0) return undefined;
  const more = rootCauses.length - LIMITS.titles;
  return markup`<h3>Further root causes</h3>
<ol start="${LIMITS.causes + 1}">${rest.map(
    (
      cause,
      i,
    ) => markup`<li id="${causeAnchor(LIMITS.causes + i + 1)}">${severityBadge(cause.severity)} ${clipped(cause.title, LIMITS.quoted)}</li>
`,
  )}</ol>
${more > 0 ? markup`<p>${more} more in the JSON.</p>` : undefined}`;
}
