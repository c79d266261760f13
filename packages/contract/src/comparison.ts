/** What changed since an earlier report. */
import * as z from 'zod';
import { sourceSchema, statusSchema } from './cluster-facts.ts';
import { at, list, text, texts } from './fields.ts';
import { findingSchema, severitySchema } from './finding.ts';
import { rootCauseSchema } from './root-cause.ts';

const scoreSchema = z.number().min(0).max(100);

const briefSchema = findingSchema
  .pick({ id: true, code: true, severity: true, resource: true, message: true })
  .describe('A finding of the earlier report.');

const changedFindingSchema = z
  .object({ id: text('Id in this report.'), before: severitySchema, after: severitySchema })
  .describe('A finding whose severity changed.');

const changedCauseSchema = z
  .object({ id: text('Id of the root cause.'), how: text('What changed about it.') })
  .describe('A root cause that has more or less effect than before.');

const goneCauseSchema = rootCauseSchema
  .pick({ id: true, class: true, title: true, severity: true, resource: true })
  .describe('A root cause of the earlier report.');

export const comparisonSchema = z
  .object({
    since: z
      .object({ source: sourceSchema, observedAt: at('When it was observed.'), version: text('AIA that wrote it.') })
      .describe('The earlier report.'),
    score: z
      .object({ before: scoreSchema.describe('Then.'), after: scoreSchema.describe('Now.') })
      .describe('Readiness scores.'),
    status: z.object({ before: statusSchema, after: statusSchema }).describe('Verdicts.'),
    findings: z
      .object({
        new: texts('Ids of findings that the earlier report does not have.'),
        gone: list(briefSchema, 'Judged again and not found again.'),
        worse: list(changedFindingSchema, 'More severe than before.'),
        better: list(changedFindingSchema, 'Less severe than before.'),
        suppressed: list(briefSchema, 'Still there, and suppressed now.'),
        notJudged: list(briefSchema, 'Of rules or namespaces that were not judged this time.'),
      })
      .describe('Findings; pods that replaced each other are the same.'),
    rootCauses: z
      .object({
        new: texts('Ids of root causes that the earlier report does not have.'),
        gone: list(goneCauseSchema, 'Not found again.'),
        suppressed: list(goneCauseSchema, 'Not told any more, since their findings are suppressed now.'),
        worse: list(changedCauseSchema, 'More severe, or with more that suffers.'),
        better: list(changedCauseSchema, 'Less severe, or with less that suffers.'),
      })
      .describe('Root causes.'),
    kpis: list(
      z
        .object({
          id: text('Its stable name.'),
          before: z.number().describe('Absent when it was not known.').optional(),
          after: z.number().describe('Absent when it is not known.').optional(),
        })
        .describe('A KPI whose value changed.'),
      'KPIs whose value changed.',
    ),
  })
  .describe('What is new, gone, worse and better since an earlier report.')
  .meta({ id: 'Comparison' });
