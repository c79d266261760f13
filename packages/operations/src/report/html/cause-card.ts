/** One root cause in full: statement, evidence, graph, what to do, what else it might be. */
import { refKey, refText, type ResourceRef } from '@aia/cluster';
import type { AssessedEvidence, AssessedRootCause, ChainLink } from '@aia/contract';
import { impactText, remedyText, whatIf } from '../as-text.ts';
import { laneOf, type Lane } from '../causal-lane.ts';
import { evidenceText, fieldText, percentText } from '../evidence-text.ts';
import { clipped } from '../layout.ts';
import { causeAnchor, evidenceAnchor, type Anchors } from './anchors.ts';
import { laneSvg } from './lane-svg.ts';
import { LIMITS } from './limits.ts';
import { markup, type Content, type Markup } from './markup.ts';
import { claimsOf, type Claim } from './references.ts';
import { severityBadge } from './severity.ts';

/** A cause, its rank from 1 and commands that show what it rests on. */
export interface Card {
  readonly cause: AssessedRootCause;
  readonly rank: number;
  readonly commands: readonly string[];
}

/** The card of a cause. */
export function causeCard({ cause, rank, commands }: Card, anchors: Anchors): Markup {
  const evidence = cause.evidence.slice(0, LIMITS.causeEvidence);
  const lane = laneOf(cause, anchors.findings);
  return markup`<article class="cause ${cause.severity}" id="${causeAnchor(rank)}" aria-labelledby="${causeAnchor(rank)}-title">
<h3 id="${causeAnchor(rank)}-title"><span class="rank">${rank}.</span> ${clipped(cause.title, LIMITS.sentence)}</h3>
<p class="meta">${severityBadge(cause.severity)} · ${percentText(cause.probability)} probable · affects ${impactText(cause)}</p>
<p class="statement">${claimsOf(clipped(cause.statement, LIMITS.sentence), evidence).map((claim) => claimMarkup(claim, rank))}</p>
${remedyMarkup(cause, commands)}
${graphMarkup(lane, rank, anchors)}
${evidenceMarkup(evidence, cause.evidence.length, rank)}
${whatIfMarkup(cause, rank)}
${chainMarkup(cause, anchors)}
${probabilityMarkup(cause)}
</article>`;
}

function claimMarkup({ sentence, evidence }: Claim, rank: number): Markup {
  const [first = 0] = evidence;
  const last = evidence.at(-1) ?? first;
  const isRange = evidence.length > 2 && last - first === evidence.length - 1;
  const link = (place: number, text: Content) =>
    markup`<a href="#${evidenceAnchor(rank, place)}" aria-label="Evidence ${text}">${text}</a>`;
  const links = isRange
    ? link(first, `${first + 1}–${last + 1}`)
    : evidence.map((place, i) => [i === 0 ? '' : ', ', link(place, place + 1)]);
  return markup`${sentence}${evidence.length === 0 ? undefined : markup` <span class="refs">[${links}]</span>`} `;
}

function remedyMarkup(cause: AssessedRootCause, commands: readonly string[]): Markup {
  return markup`<div class="remedy">
<h4>What to do</h4>
<p>${clipped(remedyText(cause), LIMITS.sentence)}</p>
${commands.length === 0 ? undefined : markup`<p class="muted">To look at it; these commands only read:</p>`}
${commands.map(
  (command) => markup`<pre class="command"><code>${command}</code></pre>
`,
)}</div>`;
}

function graphMarkup(lane: Lane, rank: number, anchors: Anchors): Markup | undefined {
  if (lane.nodes.length < 2) return undefined;
  return markup`<figure>
<figcaption>How it leads to what fails</figcaption>
<div class="scroll" tabindex="0" role="region" aria-label="Causal graph of root cause ${rank}">${laneSvg(lane, `Causal graph of root cause ${rank}; the list below has the same in words`, anchors.finding)}</div>
</figure>`;
}

function evidenceMarkup(evidence: readonly AssessedEvidence[], total: number, rank: number): Markup {
  const more = total - evidence.length;
  return markup`<details open>
<summary><h4>Evidence</h4> <span class="muted">${total}</span></summary>
<ol class="evidence">${evidence.map(
    (one, i) => markup`<li id="${evidenceAnchor(rank, i)}">${pieceMarkup(one)}</li>
`,
  )}</ol>
${more > 0 ? markup`<p class="muted">${more} more in the JSON.</p>` : undefined}
</details>`;
}

/** What kind of thing it is, then where and what. The name of the resource that everything is about, `own`, is left out. */
export function pieceMarkup(evidence: AssessedEvidence, own?: ResourceRef): Markup {
  if (evidence.kind === 'field') {
    const isOwn = own !== undefined && refKey(own) === refKey(evidence.resource);
    const name = isOwn ? undefined : markup`<bdi>${clipped(refText(evidence.resource), LIMITS.quoted)}</bdi>: `;
    return markup`<span class="kind">field</span> ${name}<code>${clipped(fieldText(evidence, LIMITS.quoted), LIMITS.sentence)}</code>`;
  }
  const text = clipped(evidenceText(evidence, LIMITS.quoted), LIMITS.sentence);
  if (evidence.kind !== 'event') return markup`<span class="kind">${evidence.kind}</span> ${text}`;
  const name = clipped(refText(evidence.resource), LIMITS.quoted);
  return markup`<span class="kind">event</span> ${text.slice('event '.length)} <span class="muted">(<bdi>${name}</bdi>)</span>`;
}

function whatIfMarkup({ counterfactuals }: AssessedRootCause, rank: number): Markup | undefined {
  if (counterfactuals.length === 0) return undefined;
  return markup`<details open>
<summary><h4>What if</h4></summary>
<ul>${counterfactuals.slice(0, LIMITS.items).map(
    (one) => markup`<li>${clipped(whatIf(one), LIMITS.sentence)}</li>
`,
  )}</ul>
<p class="muted">Calculated on a copy of the cluster as it was read, from the <a href="#cause-${rank}-evidence-1">evidence</a> above.</p>
</details>`;
}

/** Links of the chain by their words: one item for all that a cause does alike. */
function chainMarkup({ chain, id }: AssessedRootCause, anchors: Anchors): Markup | undefined {
  if (chain.length === 0) return undefined;
  const groups = Map.groupBy(chain, ({ from, to, relation }) =>
    [codeOf(from, anchors), codeOf(to, anchors), relation].join('\n'),
  );
  return markup`<details class="chain">
<summary><h4>The graph in words</h4></summary>
<ol>${[...groups.values()].slice(0, LIMITS.items).map((links) => linksMarkup(links, id, anchors))}</ol>
</details>`;
}

function codeOf(id: string, { findings }: Anchors): string {
  return findings.get(id)?.code ?? '';
}

function linksMarkup(links: readonly ChainLink[], cause: string, anchors: Anchors): Markup {
  const [first] = links as [ChainLink, ...ChainLink[]];
  const from = first.from === cause ? 'The cause' : findingLink(first.from, anchors);
  const others = links.length > 1 ? ` and ${links.length - 1} more alike` : '';
  const proof = first.evidence.slice(0, LIMITS.findingEvidence);
  return markup`<li>${from} → ${findingLink(first.to, anchors)}${others}${first.relation === '' ? '' : `: ${clipped(first.relation, LIMITS.sentence)}`}
${proof.length === 0 ? undefined : markup`<ul class="evidence">${proof.map((one) => markup`<li>${pieceMarkup(one)}</li>`)}</ul>`}</li>
`;
}

function findingLink(id: string, { findings, finding: anchorOf }: Anchors): Markup {
  const finding = findings.get(id);
  if (finding === undefined) return markup`a finding that is not listed`;
  const text = `${finding.code} of ${clipped(refText(finding.resource), LIMITS.quoted)}`;
  const anchor = anchorOf(id);
  return anchor === undefined ? markup`${text}` : markup`<a href="#${anchor}">${text}</a>`;
}

function probabilityMarkup({ weighings, prior, probability, rivals }: AssessedRootCause): Markup {
  const factors = (all: AssessedRootCause['weighings']) =>
    markup`<ul>${all.slice(0, LIMITS.items).map(({ observation, ratio }) => markup`<li>${clipped(observation, LIMITS.quoted)} <span class="refs">(× ${ratio})</span></li>`)}</ul>`;
  return markup`<details>
<summary><h4>Why ${percentText(probability)} probable${rivals.length === 0 ? '' : `, and ${rivals.length} ${rivals.length === 1 ? 'rival' : 'rivals'}`}</h4></summary>
<p>Prior weight ${prior}, times what was observed:</p>
${factors(weighings)}
${rivals.slice(0, LIMITS.items).map(
  (rival) => markup`<p>Rival, ${percentText(rival.probability)}: ${clipped(rival.statement, LIMITS.sentence)}</p>
${factors(rival.weighings)}`,
)}
</details>`;
}
