/** The style sheet of the document. Colours keep 4.5:1 for text and 3:1 for marks, and differ under any colour vision; shapes say the same. */

/** Hash of {@link STYLE} for the content security policy; a test holds both together. */
export const STYLE_HASH = 'sha256-2ICZ42GKGabDDuYecwp8ZPhCLcd+y90vxBQ96ZrgIWs=';

const COLOURS = `
:root {
  --page: #ffffff; --panel: #f5f6f8; --line: #d3d8df; --text: #1b2027; --muted: #4c5663; --link: #0f5190; --focus: #0f5190;
  --critical: #a43c2f; --high: #b85a12; --medium: #94660a; --low: #125a98; --info: #5b6470; --good: #04787e; --code: #eceff3;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0d1117; --panel: #161c24; --line: #333d4a; --text: #e5e9ee; --muted: #a5b0bd; --link: #8ec5f5; --focus: #8ec5f5;
    --critical: #ff7f66; --high: #f0954a; --medium: #f2c469; --low: #9bcdf5; --info: #a3adb9; --good: #5cc0c4; --code: #1f2731;
  }
}
@media print {
  :root {
    --page: #ffffff; --panel: #ffffff; --line: #b9c0c9; --text: #000000; --muted: #3c4550; --link: #000000; --focus: #000000;
    --critical: #a43c2f; --high: #b85a12; --medium: #94660a; --low: #125a98; --info: #5b6470; --good: #04787e; --code: #f1f3f5;
  }
}
`;

const BASE = `
*, *::before, *::after { box-sizing: border-box; }
html { color-scheme: light dark; -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
body {
  margin: 0 auto; max-width: 1240px; padding: 1rem 1.5rem 3rem; background: var(--page); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif; overflow-wrap: anywhere;
}
h1, h2, h3, h4, p, ul, ol, figure { margin: 0; }
h1 { font-size: 1.65rem; line-height: 1.25; letter-spacing: -0.01em; text-wrap: balance; }
h2 { font-size: 1.2rem; line-height: 1.3; }
h3 { font-size: 1.1rem; line-height: 1.35; }
h4 { font-size: 0.95rem; display: inline; }
a { color: var(--link); text-underline-offset: 0.15em; }
a:focus-visible, summary:focus-visible, button:focus-visible, input:focus-visible, select:focus-visible, [tabindex]:focus-visible {
  outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 2px;
}
code, pre { font: 0.875em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; }
.muted { color: var(--muted); font-weight: normal; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: 0.5rem; padding: 0.5rem 1rem; background: var(--page); z-index: 1; }
section { margin-top: 2.25rem; }
section > h2 { margin-bottom: 0.75rem; }
:target { outline: 2px solid var(--focus); outline-offset: 3px; border-radius: 2px; }
#main:target { outline: none; }
`;

const HEAD = `
.subject { color: var(--muted); font-size: 0.95rem; }
.status { font-size: 0.8em; }
.status.not-ready { color: var(--critical); } .status.at-risk { color: var(--medium); } .status.ready { color: var(--good); }
.top h1 { margin: 0.15rem 0 0.3rem; }
.facts { color: var(--muted); font-size: 0.9rem; }
nav ul { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: 0.25rem 1.5rem; }
nav { margin-top: 0.6rem; padding: 0.35rem 0; border-block: 1px solid var(--line); font-size: 0.9rem; }
nav a { display: inline-block; padding: 0.2rem 0; }
.summary { display: grid; grid-template-columns: minmax(0, 1fr) 19rem; gap: 1.5rem 2.5rem; margin-top: 1rem; }
.why ol { list-style: none; counter-reset: rank; padding: 0; margin-top: 0.35rem; }
.why li { counter-increment: rank; position: relative; padding: 0.5rem 0 0.5rem 2.1rem; border-top: 1px solid var(--line); }
.why li:first-child { border-top: 0; }
.why li::before { content: counter(rank); position: absolute; left: 0; width: 1.5rem; text-align: right; font-weight: 700; font-size: 1.02rem; color: var(--muted); }
.reason { font-weight: 650; font-size: 1.05rem; line-height: 1.35; color: var(--text); text-decoration: none; }
.reason:hover, .reason:focus-visible { text-decoration: underline; }
.affects, .path { font-size: 0.9rem; }
.path { color: var(--muted); }
.severity { white-space: nowrap; font-weight: 600; }
.mark { font-size: 0.85em; }
.critical > .mark { color: var(--critical); } .high > .mark { color: var(--high); } .medium > .mark { color: var(--medium); }
.low > .mark { color: var(--low); } .info > .mark { color: var(--info); }
.score { align-self: start; background: var(--panel); border: 1px solid var(--line); border-radius: 8px; padding: 0.8rem 1rem 1rem; }
.figure strong { font-size: 2.1rem; line-height: 1.2; letter-spacing: -0.02em; }
.score ul { list-style: none; padding: 0; font-size: 0.88rem; }
.score li { display: grid; grid-template-columns: 1fr auto; column-gap: 0.5rem; margin-top: 0.45rem; }
.part { font-weight: 600; }
.points { font-variant-numeric: tabular-nums; }
.bar { grid-column: 1 / -1; width: 100%; height: 5px; display: block; margin: 0.1rem 0; }
.bar .all { fill: var(--line); } .bar .kept { fill: var(--good); }
.basis { grid-column: 1 / -1; color: var(--muted); font-size: 0.93em; line-height: 1.35; }
`;

const CARDS = `
.cause { border: 1px solid var(--line); border-left: 5px solid var(--info); border-radius: 8px; padding: 1rem 1.25rem; margin-top: 1rem; background: var(--page); }
.cause.critical { border-left-color: var(--critical); } .cause.high { border-left-color: var(--high); }
.cause.medium { border-left-color: var(--medium); } .cause.low { border-left-color: var(--low); }
.cause .meta { color: var(--muted); font-size: 0.9rem; margin: 0.2rem 0 0.6rem; }
.cause .meta .severity { color: var(--text); }
.statement { max-width: 95ch; }
.refs { color: var(--muted); font-size: 0.85em; }
.remedy { margin-top: 0.9rem; background: var(--panel); border-radius: 6px; padding: 0.7rem 0.9rem; }
.remedy p { max-width: 95ch; }
.remedy .muted { font-size: 0.85rem; margin-top: 0.4rem; }
.command { margin: 0.3rem 0 0; padding: 0.35rem 0.6rem; background: var(--code); border-radius: 4px; white-space: pre-wrap; flex: 1; min-width: 0; }
.copyable { display: flex; gap: 0.5rem; align-items: center; margin-top: 0.3rem; }
.copyable .command { margin: 0; }
button { font: inherit; font-size: 0.85rem; min-height: 28px; min-width: 4.6rem; padding: 0 0.6rem; color: var(--text); background: var(--page); border: 1px solid var(--muted); border-radius: 4px; cursor: pointer; }
figure { margin-top: 1rem; }
figcaption { font-weight: 700; font-size: 0.95rem; margin-bottom: 0.5rem; }
.scroll { overflow-x: auto; padding: 2px 2px 6px; }
.lane { display: block; max-width: 100%; height: auto; min-width: 990px; }
.lane.columns-2 { min-width: 0; } .lane.columns-3 { min-width: 500px; } .lane.columns-4 { min-width: 660px; } .lane.columns-5 { min-width: 825px; }
.lane text { font: 12px/1 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif; fill: var(--text); }
.lane .title { font-weight: 650; } .lane .names { fill: var(--muted); font-size: 11px; }
.lane a:hover .title { text-decoration: underline; }
.lane rect { fill: var(--panel); stroke: var(--line); }
.lane .cause rect { stroke: var(--muted); stroke-width: 1.5; margin: 0; }
.lane .edge path { fill: none; stroke: var(--muted); stroke-width: 1.5; }
.lane rect.edge-mark { stroke: none; fill: var(--info); }
.lane .critical .edge-mark, .lane .critical .mark { fill: var(--critical); } .lane .high .edge-mark, .lane .high .mark { fill: var(--high); }
.lane .medium .edge-mark, .lane .medium .mark { fill: var(--medium); } .lane .low .edge-mark, .lane .low .mark { fill: var(--low); }
.lane .info .mark { fill: var(--info); }
details { margin-top: 0.7rem; }
summary { cursor: pointer; padding: 0.1rem 0; }
.evidence { font-size: 0.9rem; padding-left: 1.6rem; }
.evidence li { margin-top: 0.25rem; }
details > ul, details > ol { padding-left: 1.6rem; font-size: 0.9rem; }
details li { margin-top: 0.25rem; }
details > p { font-size: 0.9rem; margin-top: 0.3rem; }
.kind { display: inline-block; font-size: 0.85em; color: var(--muted); border: 1px solid var(--line); border-radius: 3px; padding: 0 0.3rem; margin-right: 0.2rem; line-height: 1.4; }
`;

const TABLES = `
.filter { display: flex; flex-wrap: wrap; gap: 0.5rem 1.25rem; align-items: end; margin-bottom: 0.75rem; font-size: 0.9rem; }
.filter[hidden], tr[hidden] { display: none; }
.filter input, .filter select { font: inherit; min-height: 32px; padding: 0 0.4rem; color: var(--text); background: var(--page); border: 1px solid var(--muted); border-radius: 4px; max-width: 14rem; }
table { border-collapse: collapse; width: 100%; font-size: 0.9rem; }
th { text-align: left; border-bottom: 2px solid var(--line); padding: 0.35rem 0.9rem 0.35rem 0; }
td { vertical-align: top; border-bottom: 1px solid var(--line); padding: 0.5rem 0.9rem 0.5rem 0; }
#findings td:nth-child(3) { width: 27%; } #findings td:nth-child(4) { white-space: nowrap; }
#kpis td:nth-child(2), #kpis td:nth-child(3), #kpis td:nth-child(4) { white-space: nowrap; font-variant-numeric: tabular-nums; }
.message { display: block; }
td details { margin-top: 0.1rem; font-size: 0.93em; } td summary { color: var(--muted); }
#reading h3 { font-size: 1rem; margin-top: 0.8rem; } #reading ul { padding-left: 1.4rem; }
footer { margin-top: 3rem; color: var(--muted); font-size: 0.85rem; border-top: 1px solid var(--line); padding-top: 0.8rem; }
`;

const NARROW = `
@media screen and (max-width: 860px) {
  body { padding: 0.75rem 1rem 2rem; }
  h1 { font-size: 1.3rem; text-wrap: wrap; }
  .facts, .subject { font-size: 0.82rem; } .facts { line-height: 1.35; }
  nav ul { gap: 0 1.1rem; } nav { font-size: 0.85rem; margin-top: 0.4rem; padding: 0; }
  .why li { padding-block: 0.35rem; } .reason { font-size: 0.98rem; } .affects, .path { font-size: 0.84rem; line-height: 1.4; }
  .summary { grid-template-columns: minmax(0, 1fr); }
  .why li { padding-left: 1.6rem; } .why li::before { width: 1rem; }
  .cause { padding: 0.8rem 0.9rem; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  thead tr, thead th { border: 0; padding: 0; margin: 0; }
  table, tbody, tr, td { display: block; width: auto; }
  tr { border: 1px solid var(--line); border-radius: 6px; padding: 0.4rem 0.75rem; margin-bottom: 0.6rem; }
  td, #findings td:nth-child(n) { border: 0; padding: 0.15rem 0; width: auto; white-space: normal; }
  td::before { content: attr(data-label) ": "; color: var(--muted); font-size: 0.93em; }
  #findings td:nth-child(2)::before { content: none; }
}
`;

const PRINT = `
@page { margin: 14mm; }
@media print {
  html { font-size: 8.5pt; }
  body { max-width: none; padding: 0; font-size: 1rem; line-height: 1.4; }
  nav, .skip, .filter, button { display: none; }
  .summary { grid-template-columns: minmax(0, 1fr) 15rem; gap: 1rem; }
  .why li, .score, .remedy, figure, .message, .evidence li, .copyable { break-inside: avoid; }
  .cause { break-inside: auto; box-decoration-break: clone; padding: 0.6rem 0.9rem; }
  details { margin-top: 0.4rem; } td { padding: 0.25rem 0.6rem 0.25rem 0; } td .evidence { font-size: 0.88em; } td .evidence li { margin-top: 0; }
  h2, h3, h4, summary, figcaption { break-after: avoid; }
  details::details-content { content-visibility: visible; display: block; block-size: auto; }
  .lane[class] { min-width: 0; } .scroll { overflow: visible; }
  a { text-decoration: none; }
  :target { outline: none; }
}
@media (forced-colors: active) { .lane rect, .lane path { stroke: CanvasText; } .bar .kept { fill: Highlight; } }
`;

/** All of it. */
export const STYLE = [COLOURS, BASE, HEAD, CARDS, TABLES, NARROW, PRINT].join('').trim();
