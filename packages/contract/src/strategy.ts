/** The report of `aia plan --format json`, version 1: the deployment strategy. Within a version fields are only added. */
import * as z from 'zod';
import { assessmentSchema } from './assessment.ts';
import { list, text } from './fields.ts';
import { forecastSchema, planSchema, rehearsalSchema } from './plan.ts';

export const lightSchema = z
  .object({
    id: z.enum(['deployment', 'health', 'security', 'experience', 'debt']).describe('What it is about.'),
    name: text('As in `Deployment status`.'),
    colour: z.enum(['green', 'yellow', 'red', 'unknown']).describe('The light.'),
    word: text('As in `stable with constraints`.'),
    formula: text('How the colour follows.'),
    basis: text('The figures that it followed from.'),
  })
  .describe('A status light.')
  .meta({ id: 'Light' });

export const strategySchema = z
  .object({
    kind: z.literal('Strategy').describe('What this document is.'),
    schemaVersion: z.literal(1).describe('Version of this schema; within it fields are only added.'),
    generator: z
      .object({ name: z.literal('aia').describe('Always `aia`.'), version: text('Its version.') })
      .describe('What wrote the document.'),
    snapshotRoot: text('Merkle root of the snapshot that the plan is for, hexadecimal.'),
    policy: z
      .object({ name: text('File, or `default`.'), summary: list(z.string(), 'Its bounds, a line each.') })
      .describe('The policy that bounds the plan.'),
    assessment: assessmentSchema.describe('What was found.'),
    lights: list(lightSchema, 'Status lights, before and without the plan.'),
    plan: planSchema,
    rehearsal: rehearsalSchema.optional(),
    forecast: forecastSchema.optional(),
  })
  .describe('What AIA found in a cluster, what is to be done about it, and what came of it on the twin.');

/** A status light. */
export type Light = z.infer<typeof lightSchema>;
/** The deployment strategy. */
export type Strategy = z.infer<typeof strategySchema>;
