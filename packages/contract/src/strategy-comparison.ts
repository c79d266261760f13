/** What changed between two strategies for one cluster. */
import * as z from 'zod';
import { sourceSchema } from './cluster-facts.ts';
import { at, list, text, texts } from './fields.ts';
import { severitySchema } from './finding.ts';

const named = (description: string) =>
  z.object({ id: text('As in the strategy it is from.'), title: text('In a line.') }).describe(description);

const goal = named('A goal.').extend({ severity: severitySchema });

export const strategyComparisonSchema = z
  .object({
    since: z
      .object({
        source: sourceSchema,
        observedAt: at('When the cluster was observed.'),
        version: text('Version of AIA.'),
      })
      .describe('The earlier strategy.'),
    outcome: z
      .object({ before: text('Of the earlier plan.'), after: text('Of this one.') })
      .describe('Outcomes of the plans.'),
    goals: z
      .object({
        reached: list(goal, 'No longer there.'),
        new: list(goal, 'Not there before.'),
        changed: list(
          goal.extend({ before: text('State in the earlier plan.'), after: text('State in this one.') }),
          'Planned then and not now, or the other way round.',
        ),
      })
      .describe('Goals.'),
    actions: z
      .object({
        added: list(named('An action.'), 'Not in the earlier plan.'),
        gone: list(named('An action.'), 'In the earlier plan alone.'),
        changed: list(
          named('An action.').extend({ differences: texts('What is different, in words.') }),
          'Of the same id, but different.',
        ),
      })
      .describe('Actions.'),
    figures: list(
      z.object({ name: text('What.'), before: text('Then.'), after: text('Now.') }).describe('A figure that changed.'),
      'Figures of the cluster that changed.',
    ),
    forecast: list(
      z
        .object({ name: text('What.'), before: text('Then.'), after: text('Now.') })
        .describe('A forecast that changed.'),
      'What is foreseen and changed.',
    ),
  })
  .describe('What changed since an earlier strategy.')
  .meta({ id: 'StrategyComparison' });

/** What changed since an earlier strategy. */
export type StrategyComparison = z.infer<typeof strategyComparisonSchema>;
