/** Findings: one coded observation about one resource, with evidence. */
import { refKey, type ResourceRef } from '@aia/cluster';
import type { Evidence } from './evidence.ts';
import { shortened } from './shortened.ts';

/** All severities, worst first. */
export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'] as const;
/** How bad a finding is. */
export type Severity = (typeof SEVERITIES)[number];

/** Position of a severity, 0 = critical; for sorting and thresholds. */
export function severityRank(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}

/** Whether somebody has to act: medium or worse. */
export function isSerious({ severity }: { readonly severity: Severity }): boolean {
  return severityRank(severity) <= severityRank('medium');
}

/** Order of findings: worst first, then by id. */
export function byImpact(a: Pick<Finding, 'severity' | 'id'>, b: Pick<Finding, 'severity' | 'id'>): number {
  return severityRank(a.severity) - severityRank(b.severity) || (a.id < b.id ? -1 : 1);
}

/** Typed details that root-cause analysis and planning read instead of parsing texts. Keys are documented per rule. */
export type Facts = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** What a rule says about one resource. */
export interface Finding {
  /** `code:resource[:part]`, unique within a diagnosis and stable between runs. */
  readonly id: string;
  readonly code: string;
  readonly severity: Severity;
  readonly resource: ResourceRef;
  /** One sentence for a person, naming what is wrong with this very resource. */
  readonly message: string;
  /** Never empty. */
  readonly evidence: readonly Evidence[];
  readonly facts: Facts;
  /** Epoch milliseconds since when, where it can be told. */
  readonly since: number | undefined;
}

/** A finding as a rule writes it; code, id and default severity are filled in. */
export interface FindingDraft {
  readonly resource: ResourceRef;
  /** Tells several findings of one rule about one resource apart, for example a container's name. */
  readonly part?: string;
  readonly message: string;
  readonly evidence: readonly Evidence[];
  readonly severity?: Severity;
  readonly facts?: Facts;
  readonly since?: number | undefined;
}

/** What one finding holds at most, however many of a thing a cluster has: reports show it, and other findings look into it. */
const MOST = { message: 2000, evidence: 50, listed: 1000, text: 2000 } as const;

/** Completes a draft; what is beyond {@link MOST} is left out. */
export function completeFinding(code: string, severity: Severity, draft: FindingDraft): Finding {
  const part = draft.part === undefined ? '' : `:${draft.part}`;
  return Object.freeze({
    id: `${code}:${refKey(draft.resource)}${part}`,
    code,
    severity: draft.severity ?? severity,
    resource: draft.resource,
    message: shortened(draft.message, MOST.message),
    evidence: draft.evidence.slice(0, MOST.evidence),
    facts: boundedFacts(draft.facts ?? {}),
    since: draft.since,
  });
}

function boundedFacts(facts: Facts): Facts {
  const bounded = (value: Facts[string]): Facts[string] =>
    typeof value === 'string'
      ? shortened(value, MOST.text)
      : typeof value === 'object'
        ? value.slice(0, MOST.listed)
        : value;
  return Object.fromEntries(Object.entries(facts).map(([key, value]) => [key, bounded(value)]));
}

/** Facts without those that are unknown. */
export function knownFacts(facts: Readonly<Record<string, Facts[string] | undefined>>): Facts {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as Facts;
}
