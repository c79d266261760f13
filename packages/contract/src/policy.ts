/** The file of `aia plan --policy`, version 1: what plans may do. */
import * as z from 'zod';
import { roleSchema } from './action.ts';
import { count, list, share, text } from './fields.ts';

const names = (description: string) => z.array(z.string().min(1)).readonly().describe(description);
const verb = z
  .enum(['create', 'patch', 'delete', 'scale', 'evict', 'cloud'])
  .describe('A kind of change, as actions state it.');

export const policySchema = z
  .strictObject({
    version: z.literal(1).describe('Version of this schema.'),
    protected: z
      .strictObject({
        namespaces: names('Nothing in them is changed; `*` stands for any text.').optional(),
        kinds: names(
          'Objects of them are not changed: `PersistentVolume`, `CustomResourceDefinition.apiextensions.k8s.io`.',
        ).optional(),
        objects: names('These are not changed: `Deployment shop/web`.').optional(),
        labels: z
          .record(z.string(), z.string())
          .describe('Objects with any of these labels are not changed.')
          .optional(),
      })
      .describe('What is not to be touched.')
      .optional(),
    roles: z
      .partialRecord(roleSchema, z.array(verb).readonly().describe('What it may do.'))
      .describe('Verbs by role; a role that is not listed may do everything.')
      .optional(),
    actions: z
      .strictObject({
        off: names('Kinds of action that no plan contains; `*` stands for any text: `delete-*`.').optional(),
        only: names('Kinds of action that plans may contain; default all.').optional(),
      })
      .describe('Which kinds of action there are.')
      .optional(),
    windows: list(
      z
        .strictObject({
          schedule: text('When it begins, as a cron schedule: `0 2 * * 6`.'),
          minutes: count('How long it lasts.'),
          timeZone: text('As in `Europe/Berlin`; default UTC.').optional(),
        })
        .describe('A maintenance window.'),
      'Disruptive actions wait for one of these; default any time.',
    ).optional(),
    approvers: list(
      z
        .strictObject({
          name: text('A person or group.'),
          for: z
            .array(
              z.enum([
                'everything',
                'irreversible',
                'high-risk',
                'outage',
                'money',
                'cloud',
                'delete',
                'namespace-bounds',
              ]),
            )
            .readonly()
            .describe(
              'What they may approve; `namespace-bounds`: a ResourceQuota, a LimitRange or the Pod Security level of a namespace becomes another.',
            ),
        })
        .describe('Who may approve.'),
      'Who has to approve what.',
    ).optional(),
    budgets: z
      .strictObject({
        blastRadius: z
          .strictObject({
            podsPerPhase: count('Most pods that a phase replaces.').optional(),
            podShare: share('Most pods that a phase replaces, of all.').optional(),
            namespacesPerPhase: count('Most namespaces that a phase touches.').optional(),
            actions: count('Most actions of a plan.').optional(),
          })
          .describe('How much at once.')
          .optional(),
        money: z
          .strictObject({
            monthly: z
              .number()
              .describe('Most that a plan may add to the monthly cost; negative demands a saving.')
              .optional(),
            currency: text('As in `USD`.').optional(),
          })
          .describe('What it may cost.')
          .optional(),
        disruption: z
          .strictObject({
            outages: count('Most Services that stop answering for a while in the whole plan.').optional(),
            podsAtOnce: count('Most pods of a workload that are gone at once.').optional(),
          })
          .describe('Who may notice.')
          .optional(),
        risk: z
          .enum(['low', 'medium', 'high'])
          .describe('Actions of a higher risk are not planned; default high.')
          .optional(),
        quotaShare: share('No action may bring a quota above this; default 0.95.').optional(),
      })
      .describe('Limits of a plan.')
      .optional(),
    rightSizing: z
      .strictObject({
        cpuPercentile: share('Of the measured use that requests are set by; default 0.95.').optional(),
        cpuMargin: z.number().min(0).max(10).describe('Added to it, as a share; default 0.15.').optional(),
        memoryMargin: z.number().min(0).max(10).describe('Added to the peak, as a share; default 0.15.').optional(),
        oomMargin: z
          .number()
          .min(0)
          .max(10)
          .describe('Added to the peak of what was OOM-killed; default 0.25.')
          .optional(),
        cpuFloorMillis: count('No request below; default 10.').optional(),
        memoryFloorMib: count('No request below; default 64.').optional(),
        leastHistoryHours: z.number().min(0).describe('Shorter histories change nothing; default 24.').optional(),
      })
      .describe('How requests and limits are set.')
      .optional(),
    targets: z
      .strictObject({
        utilisation: z
          .strictObject({ min: share('Least.'), max: share('Most.') })
          .describe('Requests of allocatable; default 0.6 to 0.8.')
          .optional(),
        loadBalancers: count('Fewer than; default 5.').optional(),
        quotaShare: share('Quotas are used at most so far; default 0.8.').optional(),
      })
      .describe('What plans aim at beyond the root causes.')
      .optional(),
    ownership: z
      .strictObject({
        helm: z
          .enum(['cluster', 'source'])
          .describe(
            'Whether what a Helm release owns is changed in the cluster with a note, or by its values alone; default cluster.',
          )
          .optional(),
      })
      .describe('How to treat what others own.')
      .optional(),
  })
  .describe('What plans may do.');

/** A policy as its file writes it. */
export type PolicyFile = z.infer<typeof policySchema>;
