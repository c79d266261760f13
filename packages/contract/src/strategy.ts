/** The report of `aia plan --format json`, version 1: the deployment strategy. Within a version fields are only added. */
import * as z from 'zod';
import { assessmentSchema } from './assessment.ts';
import { list, share, text } from './fields.ts';
import { inventorySchema, scheduleSchema } from './inventory.ts';
import { lightSchema } from './light.ts';
import { forecastSchema, planSchema, rehearsalSchema } from './plan.ts';
import { strategyComparisonSchema } from './strategy-comparison.ts';

export const strategySchema = z
  .object({
    kind: z.literal('Strategy').describe('What this document is.'),
    schemaVersion: z.literal(1).describe('Version of this schema; within it fields are only added.'),
    generator: z
      .object({ name: z.literal('aia').describe('Always `aia`.'), version: text('Its version.') })
      .describe('What wrote the document.'),
    snapshotRoot: text('Merkle root of the snapshot that the plan is for, hexadecimal.'),
    policy: z
      .object({
        name: text('File, or `default`.'),
        summary: list(z.string(), 'Its bounds, a line each.'),
        targets: z
          .object({
            utilisation: z
              .object({ min: share('Lower end.'), max: share('Upper end.') })
              .describe('Band of requests to what nodes offer.'),
            loadBalancers: z.number().describe('There are to be fewer than so many.'),
            quotaShare: share('Highest share of a quota that is used.'),
          })
          .describe('What is aimed at.')
          .optional(),
      })
      .describe('The policy that bounds the plan.'),
    assessment: assessmentSchema.describe('What was found.'),
    lights: list(lightSchema, 'Status lights, before and without the plan.'),
    inventory: inventorySchema.optional(),
    plan: planSchema,
    schedule: scheduleSchema.optional(),
    comparison: strategyComparisonSchema.optional(),
    rehearsal: rehearsalSchema.optional(),
    forecast: forecastSchema.optional(),
  })
  .describe('What AIA found in a cluster, what is to be done about it, and what came of it on the twin.');

/** The deployment strategy. */
export type Strategy = z.infer<typeof strategySchema>;
