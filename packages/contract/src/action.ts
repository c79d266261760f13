/** Actions: typed changes with everything that whoever approves, carries out or undoes them has to know. */
import * as z from 'zod';
import { changeSchema } from './change.ts';
import { count, list, share, text, texts } from './fields.ts';
import { evidenceSchema, resourceRefSchema } from './finding.ts';

const target = resourceRefSchema;

export const roleSchema = z
  .enum([
    'main-orchestrator',
    'gcp-deployment-orchestrator',
    'cryptography-agent',
    'production-readiness-assessor',
    'mlops-specialist',
    'threejs-ui-optimizer',
  ])
  .describe('Who is responsible: the orchestrator or one of the five specialists.')
  .meta({ id: 'Role' });

/** What can be looked up at any moment; of preconditions before a write, of probes after it. */
export const conditionSchema = z
  .discriminatedUnion('kind', [
    z
      .object({ kind: z.literal('exists').describe('An object is there.'), target })
      .describe('There is such an object.'),
    z
      .object({ kind: z.literal('absent').describe('An object is not there.'), target })
      .describe('There is no such object.'),
    z
      .object({
        kind: z.literal('field').describe('A field has a value.'),
        target,
        path: text(
          'As in `spec.template.spec.containers[0].image`; or `containers[name=web]`, and `metadata.labels["example.com/team"]` for names with dots.',
        ),
        value: z.unknown().describe('What it is; absent where the field is to be absent.').optional(),
      })
      .describe('A field is as stated.'),
    z
      .object({ kind: z.literal('available').describe('A workload has all its pods.'), target })
      .describe(
        'All replicas are of the newest revision and available; of Jobs: completed; of Pods: ready or completed.',
      ),
    z
      .object({ kind: z.literal('scheduled').describe('No pod of a workload waits for a node.'), target })
      .describe('Every pod of it is on a node.'),
    z
      .object({
        kind: z.literal('not-refused').describe('The API server takes the pods of a workload.'),
        target,
        by: text('What refused them: as the name of a webhook, which the refusal quotes.'),
      })
      .describe('The last attempt to create a pod of it was not refused by that.'),
    z
      .object({ kind: z.literal('endpoints').describe('A Service has ready endpoints.'), target })
      .describe('Something answers for it.'),
    z
      .object({ kind: z.literal('address').describe('A Service, Ingress or Gateway has an address.'), target })
      .describe('It is reachable from outside.'),
    z
      .object({ kind: z.literal('no-address').describe('A Service holds no address.'), target })
      .describe('Its load balancer is gone.'),
    z
      .object({
        kind: z.literal('disruption-allowed').describe('A PodDisruptionBudget lets pods go.'),
        target,
        atLeast: count('So many.'),
      })
      .describe('Evictions that a budget allows now.'),
    z.object({ kind: z.literal('bound').describe('A claim has its volume.'), target }).describe('A bound claim.'),
    z
      .object({
        kind: z.literal('condition').describe('A status condition holds.'),
        target,
        type: text('As in `Ready`.'),
        status: text('As in `True`.'),
      })
      .describe('A status condition of an object.'),
    z
      .object({
        kind: z.literal('quota-room').describe('A quota has room.'),
        metric: text('As in `CPUS`.'),
        region: text('Region, or `global`.'),
        amount: z.number().describe('So much is free.'),
      })
      .describe('So much of a quota is free.'),
    z
      .object({
        kind: z.literal('quota-below').describe('A quota is used less than.'),
        metric: text('As in `CPUS`.'),
        region: text('Region, or `global`.'),
        share: share('Used at most.'),
      })
      .describe('A quota is used no more than so far.'),
    z
      .object({
        kind: z.literal('pool-size').describe('A node pool has so many ready nodes.'),
        pool: text('Its name.'),
        atLeast: count('Least.'),
        atMost: count('Most; absent for any number.').optional(),
      })
      .describe('The ready nodes of a pool.'),
    z
      .object({ kind: z.literal('told').describe('A person says so.'), statement: text('What has to be so.') })
      .describe('Something that only a person can confirm.'),
  ])
  .describe('Something that holds or not.')
  .meta({ id: 'Condition' });

export const stepSchema = z
  .object({
    change: changeSchema,
    command: text('As a person would run it, kubectl or gcloud; comment lines for what only a person can do.'),
    manifest: text(
      'YAML of the object or of the patch that the command names as a file; absent where it needs none.',
    ).optional(),
    file: text('Name of that file.').optional(),
  })
  .describe('One change and how to make it by hand.')
  .meta({ id: 'Step' });

export const quotaEffectSchema = z
  .object({
    metric: text('As in `IN_USE_ADDRESSES`.'),
    region: text('Region, or `global`.'),
    amount: z.number().describe('Taken; negative where it is given back.'),
  })
  .describe('What it does to a quota.')
  .meta({ id: 'QuotaEffect' });

const ownership = z
  .object({
    reconciler: z
      .enum(['argo-cd', 'flux', 'helm', 'kustomize', 'operator', 'hpa', 'vpa', 'config-connector', 'other'])
      .describe('What kind of thing it is.'),
    name: text('Which: a release, an Application, a Kustomization, an owner.'),
    isActive: z.boolean().describe('Whether it would undo a change made behind its back.'),
    evidence: list(evidenceSchema, 'How it was told.'),
    source: text('What to change instead: repository and path, chart value, field of the custom resource.').optional(),
    sourceChange: text('The change there, as values, overlay or patch.').optional(),
    pullRequest: z
      .object({ title: text('Its title.'), body: text('Its text, Markdown.') })
      .describe('Text for a pull request.')
      .optional(),
  })
  .describe('Who reconciles the target.')
  .meta({ id: 'Ownership' });

export const actionSchema = z
  .object({
    id: text('`kind:resource[:part]`, unique in a plan and stable between runs.'),
    kind: text('Verb and noun, as in `right-size-requests`; see the reference of actions.'),
    title: text('What it does, in a line.'),
    target,
    resolves: texts('Ids of the goals that it serves.'),
    reason: text('Why it is in the plan, in full sentences.'),
    weighing: text('Goals, cost and rivals of the remedy that it belongs to.').optional(),
    evidence: list(evidenceSchema, 'What it rests on.'),
    confidence: share('How sure it is that this is the right change, by its evidence.'),
    delivery: z
      .enum(['cluster', 'source', 'person'])
      .describe('Made in the cluster or its cloud; in what an active reconciler applies; by a person elsewhere.'),
    ownership: ownership.optional(),
    steps: list(stepSchema, 'In their order.'),
    preconditions: list(conditionSchema, 'What must hold before.'),
    inverse: z
      .discriminatedUnion('kind', [
        z
          .object({
            kind: z.literal('reversible').describe('It can be undone.'),
            steps: list(stepSchema, 'In their order.'),
          })
          .describe('What undoes it.'),
        z
          .object({ kind: z.literal('irreversible').describe('It cannot be undone.'), reason: text('Why.') })
          .describe('Nothing undoes it: it needs a larger quorum and a person.'),
      ])
      .describe('How to undo it.'),
    probe: z
      .object({
        conditions: list(conditionSchema, 'All of them must hold.'),
        withinMs: z.number().min(0).describe('They must hold after at most so long, in milliseconds.'),
        soakMs: z.number().min(0).describe('And go on holding for so long, in milliseconds.'),
      })
      .describe('How to see that it worked.'),
    disruption: z
      .object({
        pods: count('Pods that are replaced, evicted or deleted.'),
        services: texts('Services with fewer endpoints, or none, meanwhile: `Service shop/web`.'),
        budgets: texts('PodDisruptionBudgets that count them.'),
        isOutage: z.boolean().describe('Whether something that answers now answers nothing for a while.'),
        text: text('In words.'),
      })
      .describe('Who notices while it is carried out.'),
    leavesShort: text(
      'Why its target may have fewer pods than it wants afterwards, where that is meant: others get their room back.',
    ).optional(),
    quota: list(quotaEffectSchema, 'Effects on cloud quotas.'),
    money: z
      .object({
        monthly: z.number().describe('More to pay per month; negative where it saves.'),
        currency: text('As in `USD`.'),
        text: text('What is counted.'),
      })
      .describe('Effect on the estimated cost, by list prices.'),
    owner: roleSchema,
    risk: z
      .object({
        level: z.enum(['low', 'medium', 'high']).describe('In a word.'),
        score: share('0 where nothing can go wrong.'),
        reasons: texts('Why, the weightiest first.'),
      })
      .describe('What can go wrong.'),
    durationMs: z
      .object({
        optimistic: z.number().min(0).describe('At best.'),
        likely: z.number().min(0).describe('Usually.'),
        pessimistic: z.number().min(0).describe('At worst.'),
      })
      .describe('How long it takes, in milliseconds, waiting for others included.'),
    approval: z
      .object({
        isNeeded: z.boolean().describe('Whether a person must say yes.'),
        approvers: texts('Who may, by the policy.'),
        reasons: texts('Why a person is needed.'),
      })
      .describe('Who has to approve it.'),
    after: texts('Ids of actions that must have succeeded before.'),
  })
  .describe('A typed change.')
  .meta({ id: 'Action' });

/** One of the six. */
export type Role = z.infer<typeof roleSchema>;
/** Something that holds or not. */
export type Condition = z.infer<typeof conditionSchema>;
/** One change and how to make it by hand. */
export type Step = z.infer<typeof stepSchema>;
/** What an action does to a quota. */
export type QuotaEffect = z.infer<typeof quotaEffectSchema>;
/** Who reconciles the target of an action. */
export type Ownership = z.infer<typeof ownership>;
/** A typed change. */
export type Action = z.infer<typeof actionSchema>;
