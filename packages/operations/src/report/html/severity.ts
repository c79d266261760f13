/** Severities as a shape and a word, never by colour alone. */
import type { Severity } from '../../diagnose/finding.ts';
import { markup, type Markup } from './markup.ts';

/** One shape for each. */
export const SYMBOLS: Readonly<Record<Severity, string>> = {
  critical: '■',
  high: '▲',
  medium: '◆',
  low: '●',
  info: '○',
};

/** Shape and word. */
export function severityBadge(severity: Severity): Markup {
  return markup`<span class="severity ${severity}"><span class="mark" aria-hidden="true">${SYMBOLS[severity]}</span> ${severity}</span>`;
}
