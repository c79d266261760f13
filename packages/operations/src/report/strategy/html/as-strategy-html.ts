/**
 * A strategy as one HTML file that needs nothing else. Everything can be read without its script; a content security policy allows that script and
 * that style sheet and nothing more.
 */
import type { Forecast, Strategy, TwinFigures } from '@aia/contract';
import { percentText } from '../../evidence-text.ts';
import { clipped } from '../../layout.ts';
import { markup, verbatim, type Markup } from '../../html/markup.ts';
import { SCRIPT, SCRIPT_HASH } from '../../html/script.ts';
import { outcomeSentence } from '../outcome-text.ts';
import { strategySections, strategyTitle } from '../sections.ts';
import type { Section } from '../section.ts';
import { spanText } from '../wording.ts';
import { drawingsOf } from './drawings.ts';
import { anchorOf, sectionMarkup } from './section-markup.ts';
import { STRATEGY_STYLE, STRATEGY_STYLE_HASH } from './strategy-style.ts';

const POLICY = `default-src 'none'; style-src '${STRATEGY_STYLE_HASH}'; script-src '${SCRIPT_HASH}'; base-uri 'none'; form-action 'none'`;

/** Renders the document. Texts of the cluster stand in it as text, never as markup. */
export function asStrategyHtml(strategy: Strategy): string {
  const sections = strategySections(strategy);
  const { title, subtitle } = strategyTitle(strategy);
  const drawings = drawingsOf(strategy);
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${verbatim(POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}: ${clipped(strategy.assessment.cluster.source.name, 80)}</title>
<style>${verbatim(STRATEGY_STYLE)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the strategy</a>
<header class="top">
<p class="subject">${title}</p>
<h1>${clipped(outcomeSentence(strategy), 600)}</h1>
<p class="facts">${clipped(subtitle, 600)}</p>
</header>
<main id="main">
${lightsMarkup(strategy)}
${figuresMarkup(strategy)}
<nav class="sections" aria-label="Sections"><ul>${sections.map(({ id, title: name }) => markup`<li><a href="#${anchorOf(id)}">${name}</a></li>`)}</ul></nav>
${sections.map((section) => sectionMarkup(withoutTitle(section, outcomeSentence(strategy)), drawings))}
</main>
<footer><p>Written by AIA ${strategy.generator.version}. It read the cluster, tried the plan on a simulated twin, and changed nothing.</p></footer>
<script>${verbatim(SCRIPT)}</script>
</body>
</html>
`.text;
}

/** Without the sentence that the page begins with. */
function withoutTitle(section: Section, sentence: string): Section {
  if (section.id !== 'executive-summary') return section;
  return {
    ...section,
    blocks: section.blocks.filter((block) => block.kind !== 'paragraph' || block.text !== sentence),
  };
}

const LAMPS = { green: '●', yellow: '▲', red: '■', unknown: '○' } as const;

function lightsMarkup({ lights, rehearsal }: Strategy): Markup | undefined {
  if (lights.length === 0) return undefined;
  const after = new Map((rehearsal?.lights ?? []).map((light) => [light.id, light]));
  return markup`<ul class="lights" aria-label="Status lights">${lights.map((light) => {
    const then = after.get(light.id);
    return markup`<li class="${light.colour}"><span class="name">${light.name}</span><span class="word"><span class="lamp ${light.colour}" aria-hidden="true">${LAMPS[light.colour]}</span> ${light.colour}: ${light.word}</span>${
      then === undefined
        ? undefined
        : markup`<span class="then">after the plan <span class="lamp ${then.colour}" aria-hidden="true">${LAMPS[then.colour]}</span> ${then.colour}</span>`
    }</li>`;
  })}</ul>`;
}

function figuresMarkup({ rehearsal, forecast }: Strategy): Markup | undefined {
  if (rehearsal === undefined) return undefined;
  const { before, after } = rehearsal;
  const share = (value: number | undefined) => (value === undefined ? 'not known' : percentText(value));
  const rows: readonly (readonly [name: string, before: string, after: string, note: string])[] = [
    [
      'Pods that succeed',
      `${before.pods.succeeding}`,
      `${after.pods.succeeding}`,
      `of ${after.pods.total} on the twin`,
    ],
    ['Critical and high causes', seriousText(before), seriousText(after), ''],
    ['CPU requested', share(before.requestedCpu), share(after.requestedCpu), 'of what nodes offer'],
    ['Load balancers', `${before.loadBalancers}`, `${after.loadBalancers}`, ''],
    ['Nodes', `${before.nodes}`, `${after.nodes}`, ''],
  ];
  return markup`<dl class="figures">${rows.map(
    ([name, was, is, note]) =>
      markup`<div><dt>${name}</dt><dd><span class="before">${was} →</span> ${is}${note === '' ? undefined : markup`<span class="note">${note}</span>`}</dd></div>`,
  )}${
    forecast === undefined
      ? undefined
      : markup`<div><dt>Success</dt><dd>${percentText(forecast.success.probability)}<span class="note">${percentText(forecast.success.interval.low)} to ${percentText(forecast.success.interval.high)}, ${percentText(forecast.success.interval.level)} interval</span></dd></div>${timeMarkup(forecast)}`
  }</dl>`;
}

/** Until the urgent is done, and until all is where that takes longer. */
function timeMarkup({ durationMs, neededMs = durationMs }: Forecast): Markup {
  const one = (name: string, { p10, p50, p90 }: Forecast['durationMs']) =>
    markup`<div><dt>${name}</dt><dd>${spanText(p50)}<span class="note">${spanText(p10)} to ${spanText(p90)}</span></dd></div>`;
  if (neededMs.p50 >= durationMs.p50) return one('Time', durationMs);
  return markup`${one('Urgent done in', neededMs)}${one('All done in', durationMs)}`;
}

function seriousText({ causes }: TwinFigures): string {
  return causes === undefined ? 'not known' : String(causes.critical + causes.high);
}
