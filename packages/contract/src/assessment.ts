/**
 * The report of `aia assess --format json`, version 1. Within a version fields are only added, never renamed or given
 * another meaning; readers ignore fields they do not know.
 */
import * as z from 'zod';
import { certificateEntrySchema } from './certificates.ts';
import { clusterSchema, verdictSchema } from './cluster-facts.ts';
import { comparisonSchema } from './comparison.ts';
import { count, list, text } from './fields.ts';
import type { evidenceSchema } from './finding.ts';
import { findingSchema } from './finding.ts';
import { quotaSchema } from './quota.ts';
import type { chainLinkSchema, counterfactualSchema, weighingSchema } from './root-cause.ts';
import { rootCauseSchema } from './root-cause.ts';
import { appliedSuppressionSchema } from './suppressions.ts';

export const kpiSchema = z
  .object({
    id: text('Stable name, as in `pod-success-rate`.'),
    name: text('Name for people.'),
    group: z.enum(['infrastructure', 'agents', 'experience']).describe('What it is about.'),
    formula: text('How it is computed.'),
    target: text('What it should be, as in `> 98 %`.'),
    unit: z
      .enum(['share', 'count', 'ms', 'fps'])
      .describe('Unit of the value; a share is 0..1, or above 1 when overcommitted.'),
    value: z.number().describe('Absent when it cannot be computed.').optional(),
    status: z.enum(['met', 'missed', 'unknown']).describe('The value against its target.'),
    basis: text('The numbers it was computed from, or what is missing to compute it.'),
  })
  .describe('One measured figure, or why there is none.')
  .meta({ id: 'Kpi' });

export const assessmentSchema = z
  .object({
    kind: z.literal('Assessment').describe('What this document is.'),
    schemaVersion: z.literal(1).describe('Version of this schema; within it fields are only added.'),
    generator: z
      .object({ name: z.literal('aia').describe('Always `aia`.'), version: text('Its version.') })
      .describe('What wrote the document.'),
    cluster: clusterSchema,
    verdict: verdictSchema,
    rootCauses: list(rootCauseSchema, 'In order of impact.'),
    findings: list(findingSchema, 'By severity, then code, then resource.'),
    suppressions: list(
      appliedSuppressionSchema,
      'Entries of the file of suppressions, as they stand there; absent without one.',
    ).optional(),
    suppressed: list(
      findingSchema.extend({ suppressedBy: count('Position in `suppressions`, from 0.') }),
      'Findings that suppressions took out; they make no root cause and cost no score.',
    ).optional(),
    comparison: comparisonSchema.optional(),
    certificates: list(
      certificateEntrySchema,
      'Certificates that the cluster uses, the next to expire first, those of which that is not known last.',
    ).optional(),
    kpis: list(kpiSchema, 'Every KPI, those without a value included.'),
    quotas: list(
      quotaSchema,
      'Cloud quotas that the cluster draws on, fullest first; absent when none were read.',
    ).optional(),
    missing: list(
      z
        .object({
          input: text('Stable name, as in `events`, `usage-history`, `endpoint:shop.example.com:443`.'),
          reason: text('Why it was not read.'),
          consequence: text('What is not known therefore.'),
        })
        .describe('Something that was not there to read.'),
      'What was not read; each entry lowers the confidence.',
    ),
    problems: list(
      z
        .object({
          source: text('File, with the path inside an archive, or URL path.'),
          place: text("Line, item or field, as exact as known; '' for the whole."),
          message: text('What is wrong with it.'),
          severity: z.enum(['error', 'warning']).describe('Whether something of the input was lost.'),
        })
        .describe('Something unreadable.'),
      'What of the input could not be read, and where; the rest was judged.',
    ),
    notRun: list(
      z.object({ code: text('The rule.'), reason: text('What it lacks.') }).describe('A rule that could not judge.'),
      'Rules that could not judge.',
    ),
    unrecognised: list(
      z
        .object({
          reason: text('Reason of the events.'),
          count: count('How many there were.'),
          example: text('One of their messages.'),
        })
        .describe('Warning events in words that no parser knows.'),
      'Warning events whose text no parser knows.',
    ),
    redactions: z.record(z.string(), z.number().int()).describe('How many values were masked, by where they stood.'),
  })
  .describe('What AIA found in one cluster at one moment.');

/** The report as a type. */
export type Assessment = z.infer<typeof assessmentSchema>;
/** One finding of the report. */
export type AssessedFinding = z.infer<typeof findingSchema>;
/** One root cause of the report. */
export type AssessedRootCause = z.infer<typeof rootCauseSchema>;
/** A cloud quota and what is to come for it. */
export type AssessedQuota = z.infer<typeof quotaSchema>;
/** What a statement rests on. */
export type AssessedEvidence = z.infer<typeof evidenceSchema>;
/** One measured figure, or why there is none. */
export type Kpi = z.infer<typeof kpiSchema>;
/** What would follow from a change. */
export type Counterfactual = z.infer<typeof counterfactualSchema>;
/** One factor of a probability. */
export type Weighing = z.infer<typeof weighingSchema>;
/** One edge of the causal graph. */
export type ChainLink = z.infer<typeof chainLinkSchema>;
/** A finding that a suppression took out. */
export type SuppressedFinding = NonNullable<Assessment['suppressed']>[number];
/** One entry of the file of suppressions, and what it did. */
export type AppliedSuppression = z.infer<typeof appliedSuppressionSchema>;
/** What changed since an earlier report. */
export type Comparison = z.infer<typeof comparisonSchema>;
