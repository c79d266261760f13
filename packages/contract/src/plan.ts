/** Plans: what to do about a diagnosis, in phases, and what was decided against. */
import * as z from 'zod';
import { kpiSchema } from './assessment.ts';
import { actionSchema, conditionSchema } from './action.ts';
import { count, list, share, text, texts } from './fields.ts';
import { resourceRefSchema, severitySchema } from './finding.ts';
import { inventorySchema } from './inventory.ts';
import { lightSchema } from './light.ts';
import { quotaSchema } from './quota.ts';

export const goalSchema = z
  .object({
    id: text('Id of a root cause, or `kpi:` and the id of a KPI.'),
    kind: z.enum(['cause', 'kpi']).describe('A root cause to remove, or a KPI to bring to its target.'),
    title: text('In a line.'),
    severity: severitySchema,
    resource: resourceRefSchema.optional(),
    isMust: z.boolean().describe('Critical and high causes must go; the rest should.'),
    state: z
      .enum(['planned', 'partly', 'open', 'accepted'])
      .describe('What the plan makes of it; `accepted`: nothing needs to be done.'),
    actions: texts('Ids of the actions that serve it.'),
    because: text('Why it stays open, and what would be needed; absent where it is planned.').optional(),
  })
  .describe('Something to reach.')
  .meta({ id: 'Goal' });

export const phaseSchema = z
  .object({
    number: count('From 1.'),
    name: text('What it is about.'),
    priority: z.enum(['critical', 'high', 'medium', 'low']).describe('That of the worst goal it serves.'),
    purpose: text('Why it stands here, in a sentence.'),
    actions: list(actionSchema, 'May run side by side as far as their `after` allows.'),
    barrier: list(conditionSchema, 'Must hold before the next phase begins.'),
    awaits: texts(
      'Ids of actions that were begun in the first phase and are answered by others, of which the barrier needs the answer; absent for none.',
    ).optional(),
    window: text('Maintenance window that it has to wait for; absent where it may begin at once.').optional(),
  })
  .describe('Actions that may run together, then a barrier.')
  .meta({ id: 'Phase' });

export const rejectedSchema = z
  .object({
    title: text('What was considered.'),
    kind: text('Kind of its first action.'),
    actions: texts('Ids of its actions.'),
    goals: texts('Ids of the goals that it would have served.'),
    because: z
      .enum(['rival', 'policy', 'budget', 'quota', 'rehearsal', 'unneeded'])
      .describe(
        'A better one serves the same goals; the policy or one of its budgets forbids it; a quota refuses it; it failed on the twin; it was not needed.',
      ),
    reason: text('Why, in full sentences.'),
  })
  .describe('A remedy that is not in the plan.')
  .meta({ id: 'Rejected' });

const dependency = z
  .object({
    from: text('Id of the action that comes first.'),
    to: text('Id of the action that waits for it.'),
    reason: text('Why.'),
  })
  .describe('One action waits for another.');

export const planSchema = z
  .object({
    outcome: z
      .enum(['plan', 'nothing-to-do', 'not-enough-known', 'refused'])
      .describe('`not-enough-known` and `refused` come with a reason and no phases.'),
    reason: text('The outcome in a sentence.'),
    goals: list(goalSchema, 'By severity.'),
    phases: list(phaseSchema, 'In their order.'),
    dependencies: list(dependency, 'Why actions stand in their order; acyclic.'),
    relaxed: list(
      dependency,
      'What was not kept, since actions would have waited for each other in a circle; absent where there is none.',
    ).optional(),
    rejected: list(rejectedSchema, 'Remedies that are not in the plan, and why.'),
  })
  .describe('What to do.')
  .meta({ id: 'Plan' });

export const twinFiguresSchema = z
  .object({
    pods: z
      .object({ total: count('Pods that count.'), succeeding: count('Ready, or completed as wanted.') })
      .describe('Pods.'),
    nodes: count('Nodes.'),
    causes: z
      .object({ critical: count('Critical root causes.'), high: count('High ones.'), others: count('Others.') })
      .describe('Root causes by severity; absent at moments at which the twin was not diagnosed.')
      .optional(),
    requestedCpu: share('CPU that pods request of what nodes offer.').optional(),
    requestedMemory: share('Memory that pods request of what nodes offer.').optional(),
    loadBalancers: count('Services of type LoadBalancer.'),
    fullestQuota: z
      .object({
        metric: text('Which.'),
        region: text('Where.'),
        share: z.number().min(0).describe('Used of the limit.'),
      })
      .describe('The fullest quota.')
      .optional(),
    monthlyCost: z.number().min(0).describe('Estimated, by list prices.').optional(),
    score: z.number().min(0).max(100).describe('Readiness.').optional(),
  })
  .describe('What the twin is like at a moment.')
  .meta({ id: 'TwinFigures' });

export const rehearsalSchema = z
  .object({
    seed: text('Of the twin; same seed, same history.'),
    confidence: share('How far the twin can be trusted: the product of what its assumptions leave.'),
    assumptions: list(
      z
        .object({
          about: text('As in `Deployment shop/web`.'),
          message: text('What is assumed, and for want of what.'),
          effect: text('What is less sure therefore.'),
          confidenceLoss: share('How much less of it is to be believed.'),
        })
        .describe('One assumption.'),
      'What the twin assumes beyond the snapshot.',
    ),
    virtualMs: z.number().min(0).describe('Virtual time that the whole took, in milliseconds.'),
    before: twinFiguresSchema.describe('When the twin begins.'),
    unchanged: twinFiguresSchema.describe('At the end, had nothing been done.').optional(),
    after: twinFiguresSchema.describe('At the end.'),
    phases: list(
      z
        .object({
          number: count('Of the phase.'),
          held: z.boolean().describe('Whether its barrier held.'),
          after: twinFiguresSchema,
          startedAt: z.number().describe('Virtual epoch milliseconds.'),
          endedAt: z.number().describe('Virtual epoch milliseconds.'),
        })
        .describe('How a phase went.'),
      'In their order.',
    ),
    actions: list(
      z
        .object({
          id: text('Of the action.'),
          outcome: z
            .enum(['held', 'failed', 'refused', 'skipped', 'not-simulated'])
            .describe(
              'Its probe held; it did not; the API refused it; a precondition did not hold; only a person can do it.',
            ),
          message: text('What happened, in words.'),
          tookMs: z.number().min(0).describe('Until its probe held, virtual milliseconds.'),
        })
        .describe('How an action went.'),
      'In their order.',
    ),
    removed: list(
      z
        .object({ id: text('Of the action.'), title: text('What it would have done.'), reason: text('Why it went.') })
        .describe('An action that rehearsal took out.'),
      'Actions that failed, or did not help.',
    ),
    kpis: list(kpiSchema, 'KPIs of the twin at the end.').optional(),
    quotas: list(quotaSchema, 'Cloud quotas of the twin at the end.').optional(),
    lights: list(lightSchema, 'Status lights of the twin at the end.').optional(),
    inventory: inventorySchema.describe('What there is on the twin at the end.').optional(),
    newCritical: texts(
      'What is worse than before and than without the plan: critical findings, workloads, Services, claims and ways in that fall short; a plan with any is rejected.',
    ),
    remaining: list(
      z
        .object({ id: text('Of the root cause.'), title: text('In a line.'), severity: severitySchema })
        .describe('A root cause.'),
      'Root causes of the twin at the end, medium and worse.',
    ),
  })
  .describe('What became of the plan on the twin.')
  .meta({ id: 'Rehearsal' });

const interval = z
  .object({ low: share('Lower end.'), high: share('Upper end.'), level: share('How often it holds the truth.') })
  .describe('A credible interval.');
const quantiles = z
  .object({
    p10: z.number().min(0).describe('10 %.'),
    p50: z.number().min(0).describe('Half.'),
    p90: z.number().min(0).describe('90 %.'),
  })
  .describe('Quantiles, in milliseconds.');

export const forecastSchema = z
  .object({
    method: text('How it was computed, so that it can be repeated.'),
    seed: text('Of the draws.'),
    runs: count('How many.'),
    success: z
      .object({
        probability: share('That all must-goals are reached.'),
        interval,
        text: text('As in `88 % (90 % interval 74–96 %)`.'),
      })
      .describe('Whether the plan will work.'),
    durationMs: quantiles.describe('Until the last action is done, work and waiting.'),
    neededMs: quantiles
      .describe('Until all that critical and high goals need is done; absent where no action serves one.')
      .optional(),
    criticalPath: list(
      z
        .object({ actions: texts('Ids, first to last.'), share: share('Runs in which it was the longest.') })
        .describe(
          'A path through the plan, to the last of what critical and high goals need, or to the last action where nothing is needed.',
        ),
      'The most frequent first.',
    ),
    actions: list(
      z
        .object({
          id: text('Of the action.'),
          probability: share('That it succeeds when its turn comes.'),
          interval,
          prior: z
            .object({
              alpha: z.number().min(0).describe('Successes.'),
              beta: z.number().min(0).describe('Failures.'),
              basis: text('Where it is from.'),
            })
            .describe('Beta distribution.'),
          criticality: share('Runs in which it was on the longest path.'),
        })
        .describe('One action.'),
      'In the order of the plan.',
    ),
  })
  .describe('How likely the plan is to work, and how long it takes.')
  .meta({ id: 'Forecast' });

/** Something to reach. */
export type Goal = z.infer<typeof goalSchema>;
/** Actions that may run together. */
export type Phase = z.infer<typeof phaseSchema>;
/** A remedy that is not in the plan. */
export type Rejected = z.infer<typeof rejectedSchema>;
/** What to do. */
export type Plan = z.infer<typeof planSchema>;
/** What the twin is like at a moment. */
export type TwinFigures = z.infer<typeof twinFiguresSchema>;
/** What became of the plan on the twin. */
export type Rehearsal = z.infer<typeof rehearsalSchema>;
/** How likely the plan is to work. */
export type Forecast = z.infer<typeof forecastSchema>;
