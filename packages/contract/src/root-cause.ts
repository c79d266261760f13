/** Why things are as the findings say: causes, their chains and probabilities. */
import * as z from 'zod';
import { at, count, list, share, text, texts } from './fields.ts';
import { evidenceSchema, resourceRefSchema, severitySchema } from './finding.ts';

export const chainLinkSchema = z
  .object({
    from: text('Id of a finding or of the root cause.'),
    to: text('Id of the finding that follows from it.'),
    relation: text('Why the one brings about the other.'),
    evidence: list(evidenceSchema, 'What shows that it does.'),
  })
  .describe('One edge of the causal graph.')
  .meta({ id: 'ChainLink' });

export const counterfactualSchema = z
  .object({
    change: text('What would be different.'),
    outcome: text('What the scheduling filters say would follow.'),
    resolved: count('How many of the affected things would be well.'),
    affected: count('How many are affected.'),
  })
  .describe('What would follow from a change, calculated on a copy of the cluster.')
  .meta({ id: 'Counterfactual' });

export const weighingSchema = z
  .object({
    observation: text('What was seen.'),
    ratio: z.number().describe('Likelihood ratio against the cause being something else.'),
  })
  .describe('One factor of a probability.')
  .meta({ id: 'Weighing' });

const weighings = list(weighingSchema, 'prior × the product of these ratios is the weight that was normalised.');

export const rootCauseSchema = z
  .object({
    id: text('`class:resource`, unique in a report and stable between runs.'),
    class: text('Kind of cause, as in `requests-exceed-quota`.'),
    title: text('The cause in a line.'),
    statement: text('What is wrong and why, in full sentences.'),
    resource: resourceRefSchema,
    severity: severitySchema,
    since: at('Since when its findings are seen, where it can be told.').optional(),
    probability: share('Posterior over this cause, its rivals and "something else".'),
    prior: z.number().describe('Prior weight of the class.'),
    weighings,
    rivals: list(
      z
        .object({
          class: text('Kind of cause.'),
          statement: text('The rival in a line.'),
          probability: share('Its posterior.'),
          weighings,
        })
        .describe('Another explanation of the same findings.'),
      'Less probable explanations, the most probable first.',
    ),
    evidence: list(evidenceSchema, 'What it rests on.'),
    chain: list(chainLinkSchema, 'How the findings follow from it.'),
    explains: texts('Ids of the findings it explains, itself included where it was found.'),
    impact: z
      .object({
        pods: count('Failing pods it explains.'),
        workloads: texts('Workloads they belong to, as `Deployment shop/web`.'),
        services: count('Services without their address that it explains.'),
        unanswered: count('Services behind which nothing answers for it; absent in older reports.').optional(),
        routes: count('Ingresses, Gateways and routes that fail for it; absent in older reports.').optional(),
      })
      .describe('What suffers.'),
    counterfactuals: list(counterfactualSchema, 'What would help, and how much.'),
    remediation: z
      .object({
        class: text('Kind of remedy, as in `resize-requests`.'),
        text: text('What to do, in a sentence.'),
      })
      .describe('What to do about it.'),
  })
  .describe('An explanation of a set of findings.')
  .meta({ id: 'RootCause' });
