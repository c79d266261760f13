/** What was read and what was not, as text. */
import type { Assessment } from '@aia/contract';
import { clipped, type Page } from './layout.ts';

/** Entries of one kind beyond this many are counted, not listed. */
const LISTED = 8;

/** Nothing when everything was read and understood. */
export function readingBlock(page: Page, assessment: Assessment): void {
  const { missing, problems, notRun, unrecognised, redactions } = assessment;
  const masked = Object.values(redactions).reduce((sum, count) => sum + count, 0);
  const entries: readonly (readonly [label: string, texts: readonly string[]])[] = [
    ['missing', missing.map(({ input, reason, consequence }) => `${input}: ${reason}; ${consequence}`)],
    ['error', problems.filter(({ severity }) => severity === 'error').map(problemText)],
    ['warning', problems.filter(({ severity }) => severity === 'warning').map(problemText)],
    ['not run', notRun.length === 0 ? [] : [notRunInShort(notRun)]],
    ['unread', unrecognised.map(eventText)],
    ['masked', masked === 0 ? [] : [maskedText(masked)]],
  ];
  if (entries.every(([, texts]) => texts.length === 0)) return;
  page.title('What was read, and what was not');
  for (const [label, texts] of entries) {
    // Missing inputs lower the confidence, each in its own way, so none of them is left out.
    const shown = label === 'missing' ? texts : texts.slice(0, LISTED);
    shown.forEach((text) => page.text(text, { indent: 2, column: 11, label }));
    if (texts.length > shown.length)
      page.text(`… and ${texts.length - shown.length} more`, {
        indent: 11,
        mark: page.style.dim,
      });
  }
}

/** `12 rules for lack of these: 8 need nodes, 4 need events; --format json names them`; a few are named. */
function notRunInShort(notRun: Assessment['notRun']): string {
  if (notRun.length <= LISTED) return notRunTexts(notRun).join('; ');
  const lacks = [...Map.groupBy(notRun, ({ reason }) => reason)].map(
    ([reason, rules]) => `${rules.length} ${rules.length === 1 ? reason : reason.replace(/^needs /, 'need ')}`,
  );
  return `${notRun.length} rules: ${lacks.join(', ')}; --format md names them`;
}

/** Rules that could not judge, by what they lack: `needs metrics: node-metrics-missing, node-usage-high`. */
export function notRunTexts(notRun: Assessment['notRun']): readonly string[] {
  return [...Map.groupBy(notRun, ({ reason }) => reason)].map(
    ([reason, rules]) => `${reason}: ${rules.map(({ code }) => code).join(', ')}`,
  );
}

function problemText({ source, place, message }: Assessment['problems'][number]): string {
  return `${source}${place === '' ? '' : `, ${place}`}: ${clipped(message, 300)}`;
}

function eventText({ reason, count, example }: Assessment['unrecognised'][number]): string {
  return `${count} ${reason} ${count === 1 ? 'event' : 'events'} in words AIA does not know: "${clipped(example, 160)}"`;
}

function maskedText(masked: number): string {
  return masked === 1
    ? 'one value that is or looks like a secret, before anything else saw it'
    : `${masked} values that are or look like secrets, before anything else saw them`;
}
