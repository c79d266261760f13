/** Evidence in words: where to look to see the same. */
import { readableBytes, refText } from '@aia/cluster';
import type { AssessedEvidence } from '@aia/contract';
import { clipped } from './layout.ts';
import { durationText } from '../diagnose/wording.ts';

/** One line, texts of others in quotes and at most `longest` characters of them. */
export function evidenceText(evidence: AssessedEvidence, longest = 400): string {
  switch (evidence.kind) {
    case 'field':
      return `${refText(evidence.resource)}: ${fieldText(evidence, longest)}`;
    case 'event':
      return `event ${evidence.reason}${evidence.count > 1 ? ` ×${evidence.count}` : ''}, last ${timeText(evidence.at)}: "${clipped(evidence.message, longest)}"`;
    case 'metric':
      return `${refText(evidence.resource)}: ${evidence.name} = ${amountText(evidence.value, evidence.unit)} (${evidence.samples} samples over ${durationText(evidence.spanMs)})`;
    case 'quota':
      return `quota ${evidence.metric} in ${evidence.region}: ${plain(evidence.usage)} of ${plain(evidence.limit)} used`;
    case 'cloud':
      return `${evidence.source}${evidence.at === undefined ? '' : `, ${timeText(evidence.at)}`}: "${clipped(evidence.text, longest)}"`;
    case 'absence':
      return `${refText(evidence.resource)}: ${evidence.text}`;
    case 'log':
      return `log of ${refText(evidence.resource)} (${evidence.container}): "${clipped(evidence.lines.at(-1) ?? '', longest)}"`;
    case 'certificate':
      return `certificate ${evidence.subject}: ${evidence.text}, not after ${timeText(evidence.notAfterAt)}`;
    case 'calculation':
      return clipped(evidence.text, longest);
  }
}

/** A field without its resource: `spec.replicas = 3`. */
export function fieldText(evidence: Extract<AssessedEvidence, { kind: 'field' }>, longest: number): string {
  return `${evidence.path} = ${clipped(evidence.value, longest)}`;
}

/** `2025-09-27 12:00 UTC`; times outside what a date can hold are given as numbers. */
export function timeText(at: number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? String(at) : `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** A share as a whole percentage; what is not quite certain or impossible is not rounded into it. */
export function percentText(share: number): string {
  const percent = Math.round(share * 100);
  if (percent === 100 && share < 1) return '> 99 %';
  return percent === 0 && share > 0 ? '< 1 %' : `${percent} %`;
}

function amountText(value: number, unit: string): string {
  if (unit === 'bytes') return readableBytes(value);
  return `${plain(value)}${unit === '' ? '' : ` ${unit}`}`;
}

function plain(value: number): string {
  return String(Math.round(value * 100) / 100);
}
