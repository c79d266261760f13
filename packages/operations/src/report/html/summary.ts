/** The first screen: the verdict, why in a line for each cause, and what drags the score. */
import type { AssessedRootCause, Assessment } from '@aia/contract';
import { laneOf, pathText } from '../causal-lane.ts';
import { percentText, timeText } from '../evidence-text.ts';
import { clipped } from '../layout.ts';
import { scoreParts, type ScorePart } from '../score-text.ts';
import { impactInShort } from '../as-text.ts';
import { counted } from '../counted.ts';
import { causeAnchor, type Anchors } from './anchors.ts';
import { LIMITS } from './limits.ts';
import { markup, type Markup } from './markup.ts';
import { severityBadge } from './severity.ts';

const MARKS: Readonly<Record<Assessment['verdict']['status'], string>> = {
  ready: '●',
  'at-risk': '▲',
  'not-ready': '■',
  unknown: '?',
};

/** The page's header. */
export function headMarkup({ verdict, cluster, generator }: Assessment): Markup {
  const { kind, name } = cluster.source;
  const facts = [
    ...(cluster.serverVersion === undefined ? [] : [`Kubernetes ${cluster.serverVersion}`]),
    ...(cluster.namespaces === undefined
      ? []
      : [`only namespace ${clipped(cluster.namespaces.join(', '), LIMITS.quoted)}`]),
    counted(cluster.nodes, 'node'),
    counted(cluster.pods.total, 'pod'),
    counted(cluster.objects, 'object'),
    cluster.observedAt === 0 ? 'observed at a time not known' : `observed ${timeText(cluster.observedAt)}`,
    `AIA ${generator.version}`,
  ];
  return markup`<header class="top">
<p class="subject">Assessment of ${kind} <bdi>${clipped(name, 200)}</bdi></p>
<h1><span class="status ${verdict.status}" aria-hidden="true">${MARKS[verdict.status]}</span> ${clipped(verdict.sentence, LIMITS.sentence)}</h1>
<p class="facts">${facts.join(' · ')}</p>
</header>`;
}

/** Causes in short beside the score. */
export function summaryMarkup(assessment: Assessment, anchors: Anchors): Markup {
  return markup`<section class="summary" aria-label="Summary">
${whyMarkup(assessment, anchors)}
${scoreMarkup(assessment.verdict)}
</section>`;
}

/** Causes whose way to the failures is told on the first screen. */
const IN_SHORT = 10;

function whyMarkup({ rootCauses }: Assessment, anchors: Anchors): Markup {
  if (rootCauses.length === 0) return markup`<div class="why"><h2>Why</h2><p>No root cause was found.</p></div>`;
  const shown = rootCauses.slice(0, IN_SHORT);
  const more = rootCauses.length - shown.length;
  return markup`<div class="why">
<h2>Why</h2>
<ol>${shown.map((cause, i) => shortCause(cause, i + 1, anchors))}</ol>
${more > 0 ? markup`<p><a href="#causes">and ${more} more</a></p>` : undefined}
</div>`;
}

function shortCause(cause: AssessedRootCause, rank: number, anchors: Anchors): Markup {
  const path = pathText(laneOf(cause, anchors.findings), cause);
  return markup`<li><a class="reason" href="#${causeAnchor(rank)}">${clipped(cause.title, LIMITS.quoted)}</a>
<p class="affects">${severityBadge(cause.severity)} · ${impactInShort(cause)}</p>${
    path === ''
      ? undefined
      : markup`
<p class="path">${clipped(path, LIMITS.sentence)}</p>`
  }</li>
`;
}

function scoreMarkup(verdict: Assessment['verdict']): Markup {
  const parts = scoreParts(verdict);
  return markup`<div class="score">
<h2>Readiness</h2>
<p class="figure"><strong>${verdict.score}</strong> of 100 <span class="muted">· confidence ${percentText(verdict.confidence)}</span></p>
${parts.length === 0 ? undefined : markup`<ul>${parts.map(partMarkup)}</ul>`}
</div>`;
}

function partMarkup({ name, points, lost, basis }: ScorePart): Markup {
  const kept = Math.round(points - lost);
  return markup`<li><span class="part">${name}</span> <span class="points">${kept} of ${Math.round(points)}</span>
<svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true"><rect class="all" width="100" height="6"/><rect class="kept" width="${Math.round((100 * (points - lost)) / points)}" height="6"/></svg>
<span class="basis">${clipped(basis, LIMITS.quoted)}</span></li>
`;
}
