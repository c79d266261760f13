/** What a report says of the cloud's quotas. */
import * as z from 'zod';
import { at, list, text } from './fields.ts';

export const quotaSchema = z
  .object({
    metric: text('Name of the quota, as the cloud writes it.'),
    region: text('Region, or `global`.'),
    limit: z.number().describe('What is granted; negative for no limit.'),
    usage: z.number().describe('What is used.'),
    free: z.number().min(0).describe('Limit − usage; absent where there is no limit.').optional(),
    share: z.number().min(0).describe('Usage ÷ limit; above 1 when the limit was lowered.'),
    needed: z.number().min(0).describe('What all that waits takes together; pods share nodes.'),
    needs: list(
      z
        .object({
          by: text('What waits: a pod, a Service, a claim.'),
          amount: z.number().min(0).describe('What it would take if it were alone.'),
          through: text('The node that it needs, where it is a pod.').optional(),
        })
        .describe('One thing that waits and draws on the quota.'),
      'Everything that waits.',
    ),
    ceiling: z.number().describe('Usage if every node pool grew to its maximum, with one surge.').optional(),
    forecast: z
      .object({
        at: at('When the limit is reached.'),
        earliestAt: at('Start of the band of 80 %.'),
        latestAt: at('Its end; absent where the band holds no growth.').optional(),
        perDay: z.number().describe('Growth per day.'),
      })
      .describe('From the history of the usage.')
      .optional(),
  })
  .describe('A cloud quota and what is to come for it.')
  .meta({ id: 'Quota' });
