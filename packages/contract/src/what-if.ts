/** The report of `aia simulate what-if --format json`, version 1. Within a version fields are only added. */
import * as z from 'zod';
import { at, count, list, share, text } from './fields.ts';

const amounts = (description: string) =>
  z
    .object({
      requested: z.number().min(0).describe('What pods on nodes request.'),
      allocatable: z.number().min(0).describe('What nodes offer.'),
    })
    .describe(description);

const cost = z
  .object({
    basis: text('What the estimate leaves out; to be shown with every figure.'),
    currency: text('As in `USD`.'),
    asOf: text('Month when the prices were looked up.'),
    hourly: z.number().min(0).describe('Of all lines.'),
    monthly: z.number().min(0).describe('Of 730 hours.'),
    lines: list(
      z
        .object({
          item: z
            .enum(['nodes', 'disks', 'load-balancers', 'addresses', 'nat', 'cluster-fee'])
            .describe('What kind of thing it is.'),
          about: text('As in `e2-standard-4, Spot` or `pd-ssd`.'),
          quantity: z.number().min(0).describe('How much or many of it.'),
          unit: text('Of what, as in `node` or `GB`.'),
          hourly: z.number().min(0).describe('Price of all of it.'),
        })
        .describe('One kind of thing.'),
      'What the sum is made of.',
    ),
    unpriced: list(
      z
        .object({ about: text('What is there, or may be.'), why: text('Why it is left out.') })
        .describe('Something without a price.'),
      'What the sum leaves out.',
    ),
  })
  .describe('What the cluster and the cloud resources around it cost, as an estimate by list prices.')
  .meta({ id: 'CostEstimate' });

export const clusterStateSchema = z
  .object({
    at: at('The moment.'),
    pods: z
      .object({
        ready: count('Ready.'),
        completed: count('Ended as wanted.'),
        starting: count('On a node, not ready yet, and nothing failed so far.'),
        unscheduled: count('On no node.'),
        failing: count('Failed, or with a container that fails.'),
        ending: count('Being deleted.'),
      })
      .describe('Pods by how they stand.'),
    workloads: list(
      z
        .object({
          entity: text('As in `Deployment shop/web`.'),
          wanted: count('Pods that it wants.'),
          ready: count('Pods of it that are ready.'),
        })
        .describe('How a workload fares.'),
      'Deployments, StatefulSets and DaemonSets.',
    ),
    nodes: z
      .object({
        total: count('All.'),
        ready: count('Ready ones.'),
        cordoned: count('Closed to new pods.'),
        pools: z.record(z.string(), count('Nodes of it.')).describe("Nodes by node pool; '' for nodes of none."),
      })
      .describe('Nodes.'),
    cpuMillis: amounts('CPU, in thousandths of a core.'),
    memoryBytes: amounts('Memory, in bytes.'),
    loadBalancers: z
      .object({ withAddress: count('Reachable.'), pending: count('Without an address.') })
      .describe('Services of type LoadBalancer.'),
    quotas: list(
      z
        .object({
          metric: text('Name of the quota, as the cloud writes it.'),
          region: text('Region, or `global`.'),
          limit: z.number().describe('What is granted; negative for no limit.'),
          usage: z.number().describe('What is used.'),
        })
        .describe('A cloud quota.'),
      'Absent where they were not read.',
    ).optional(),
    cost: cost.optional(),
  })
  .describe('What a cluster is like at a moment.')
  .meta({ id: 'ClusterState' });

const cause = z
  .object({ class: text('Kind of cause.'), resource: text('What it is about.'), title: text('The cause in a line.') })
  .describe('A root cause, as `aia assess` finds it.');

export const whatIfSchema = z
  .object({
    kind: z.literal('WhatIf').describe('What this document is.'),
    schemaVersion: z.literal(1).describe('Version of this schema; within it fields are only added.'),
    generator: z
      .object({ name: z.literal('aia').describe('Always `aia`.'), version: text('Its version.') })
      .describe('What wrote the document.'),
    cluster: z
      .object({ name: text('Dump, example or context.'), observedAt: at('When it was observed.') })
      .describe('The cluster that the twin is of.'),
    seed: text('Same seed and changes, same history.'),
    startedAt: at('When the twin begins.'),
    forMs: z.number().min(0).describe('How much time passes in it, in milliseconds.'),
    changes: list(
      z
        .object({
          text: text('As it was proposed.'),
          message: text('What it did, or why the cluster refused it.'),
          outcome: z.enum(['done', 'refused']).describe('Whether it was made.'),
        })
        .describe('One change.'),
      'In their order.',
    ),
    before: clusterStateSchema.describe('When the twin begins.'),
    after: clusterStateSchema.describe('At the end.'),
    unchanged: clusterStateSchema.describe('At the end, had nothing been changed.'),
    workloads: list(
      z
        .object({
          entity: text('As in `Deployment shop/web`.'),
          before: text("Ready of wanted, as in `2/3`; '' where it is not there."),
          after: text('At the end.'),
          unchanged: text('At the end, had nothing been changed.'),
        })
        .describe('A workload that the changes make fare otherwise.'),
      'Sorted by name.',
    ),
    happenings: list(
      z
        .object({
          at: at('When.'),
          type: z.enum(['pod', 'node', 'service', 'claim', 'event']).describe('What it is about.'),
          entity: text('As in `Pod shop/web-1`.'),
          about: text('The workload of a pod; otherwise the entity.'),
          message: text('What happened to it.'),
        })
        .describe('One thing that would not have happened without the changes.'),
      'In their order.',
    ),
    anyway: count('How much else happened, which would have happened anyway.'),
    causes: z
      .object({
        gone: list(cause, 'Found without the changes and not with them.'),
        new: list(cause, 'Found with the changes and not without them.'),
        left: list(cause, 'Found either way.'),
      })
      .describe('Root causes at the end, with and without the changes.'),
    assumptions: list(
      z
        .object({
          about: text('What it is about.'),
          message: text('What was assumed, and for want of what.'),
          effect: text('What is less sure therefore.'),
          confidenceLoss: share('How much less of what is foretold about it is to be believed.'),
        })
        .describe('Something that the record does not tell.'),
      'What the twin rests on.',
    ),
    confidence: share('What the assumptions leave.'),
  })
  .describe('What would come of changes, tried on a twin of a cluster.');

/** The report. */
export type WhatIfReport = z.infer<typeof whatIfSchema>;
