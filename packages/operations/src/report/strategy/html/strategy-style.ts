/** What the strategy page adds to the style sheet of the assessment. */
import { STYLE } from '../../html/style.ts';

const PAGE = `
.lights { display: grid; grid-template-columns: repeat(auto-fit, minmax(10.5rem, 1fr)); gap: 0.75rem; list-style: none; padding: 0; margin-top: 1rem; }
.lights li { border: 1px solid var(--line); border-top: 5px solid var(--info); border-radius: 8px; padding: 0.55rem 0.8rem 0.65rem; background: var(--panel); }
.lights .name { font-size: 0.85rem; color: var(--muted); display: block; }
.lights .word { font-weight: 650; line-height: 1.3; display: block; }
.lights .then { font-size: 0.85rem; display: block; margin-top: 0.15rem; }
.lights .red { border-top-color: var(--critical); } .lights .yellow { border-top-color: var(--medium); } .lights .green { border-top-color: var(--good); }
.lamp { font-size: 0.9em; }
.lamp.red { color: var(--critical); } .lamp.yellow { color: var(--medium); } .lamp.green { color: var(--good); } .lamp.unknown { color: var(--info); }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.2rem, 1fr)); gap: 0.75rem 1.25rem; margin-top: 1.1rem; padding: 0.9rem 0 0.2rem; border-top: 1px solid var(--line); }
.figures dt { font-size: 0.85rem; color: var(--muted); }
.figures dd { margin: 0; font-size: 1.2rem; white-space: nowrap; font-weight: 650; letter-spacing: -0.01em; line-height: 1.25; font-variant-numeric: tabular-nums; }
.figures .before { color: var(--muted); font-weight: 450; } .figures .note { display: block; font-size: 0.82rem; font-weight: 450; color: var(--muted); letter-spacing: 0; line-height: 1.35; white-space: normal; }
.part { margin-top: 1.4rem; font-weight: inherit; } .part > h3 { margin-bottom: 0.4rem; }
section > p, .part > p, .action > p { max-width: 95ch; margin-top: 0.4rem; }
section > ul, .part > ul, .action > ul { padding-left: 1.4rem; margin-top: 0.3rem; max-width: 100ch; }
.strong { font-weight: 650; font-size: 1.05rem; }
.tone-good { color: var(--good); } .tone-warn { color: var(--medium); } .tone-bad { color: var(--critical); } .tone-dim { color: var(--muted); }
.label { font-weight: 650; margin-top: 0.8rem; }
.action { border: 1px solid var(--line); border-left: 4px solid var(--muted); border-radius: 8px; padding: 0.8rem 1.1rem 0.9rem; margin-top: 0.9rem; }
.action > h4 { display: block; font-size: 1rem; }
.tasks { list-style: none; padding: 0 !important; } .tasks li { margin-top: 0.25rem; padding-left: 1.7rem; position: relative; }
.tasks li::before { content: ""; position: absolute; left: 0.1rem; top: 0.28rem; width: 0.85rem; height: 0.85rem; border: 1.5px solid var(--muted); border-radius: 3px; }
dl.fields { display: grid; grid-template-columns: minmax(6.5rem, max-content) minmax(0, 1fr); gap: 0.2rem 1.1rem; margin: 0.6rem 0 0; font-size: 0.9rem; }
dl.fields dt { color: var(--muted); } dl.fields dd { margin: 0; }
.wide { overflow-x: auto; margin-top: 0.6rem; } .wide table { overflow-wrap: break-word; } .wide th { white-space: nowrap; } .wide td:first-child { min-width: 7.5rem; }
pre.code { margin: 0.4rem 0 0; padding: 0.5rem 0.75rem; background: var(--code); border-radius: 4px; overflow-x: auto; white-space: pre; overflow-wrap: normal; }
pre.command { white-space: pre-wrap; } .print-only { display: none; font-size: 0.9rem; color: var(--muted); }
details.more > summary { color: var(--muted); font-size: 0.9rem; }
.chart { display: block; width: 100%; max-width: 860px; height: auto; min-width: 560px; }
.chart text { font: 13px/1 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif; fill: var(--text); }
.chart text.small { font-size: 11.5px; fill: var(--muted); } .chart .name { font-weight: 600; }
.chart .axis { stroke: var(--line); fill: none; }
.chart .band { fill: var(--good); opacity: 0.16; }
.chart .bar-before { fill: var(--muted); opacity: 0.55; } .chart .bar-after.kept { fill: var(--good); } .chart .bar-after.missed { fill: var(--high); }
.chart .gantt-phase { fill: var(--muted); } .chart .gantt-action { fill: var(--low); opacity: 0.75; } .chart .gantt-action.critical-path { fill: var(--high); opacity: 1; } .chart .waiting[class] { opacity: 0.35; }
nav.sections ul { columns: auto; }
@media screen and (max-width: 860px) { .wide td[class], .wide td:first-child { min-width: 0; } .wide table { overflow-wrap: anywhere; } .wide th { white-space: normal; } dl.fields { grid-template-columns: minmax(0, 1fr); gap: 0; } dl.fields dd { margin-bottom: 0.35rem; } .action { padding: 0.7rem 0.8rem; } }
@media print {
  .lights, .figures, .action > h4, .tasks li, dl.fields { break-inside: avoid; } .label, .part > h3, .part > h3 + p, .action > h4 + p { break-after: avoid; }
  .copyable { break-inside: auto; } pre { orphans: 3; widows: 3; } pre.long { display: none; } .print-only[class] { display: block; } .action { break-inside: auto; box-decoration-break: clone; }
  details.more > summary { display: none; }
  .chart { min-width: 0; max-width: 130mm; } .lane[class] { max-height: 45mm; } .wide { overflow: visible; } pre.code { white-space: pre-wrap; overflow-wrap: anywhere; }
  section { margin-top: 1.5rem; } section > h2 { break-after: avoid; }
}
@media (forced-colors: active) { .chart rect { stroke: CanvasText; } .tasks li::before { border-color: CanvasText; } }
`;

/** All of it. */
export const STRATEGY_STYLE = `${STYLE}\n${PAGE.trim()}`;

/** Hash of {@link STRATEGY_STYLE} for the content security policy; a test holds both together. */
export const STRATEGY_STYLE_HASH = 'sha256-zvxVfqf8s4wABde94drnrMdzYq2iNUJQsTcJdvxJUoQ=';
