/** The report of `aia simulate run --format json`, version 1. Within a version fields are only added. */
import * as z from 'zod';
import { at, count, list, share, text, texts } from './fields.ts';

const health = (description: string) =>
  z
    .object({
      share: share('Part of what is wanted that is as wanted.'),
      shortfalls: list(
        z
          .object({
            entity: text('As in `Deployment shop/web`.'),
            reason: z.enum(['deleted', 'scaled-down', 'not-succeeding']).describe('What is wrong about it.'),
            message: text('In words.'),
          })
          .describe('Something wanted that is not as wanted.'),
        'What is not as wanted.',
      ),
    })
    .describe(description);

export const simulationRunSchema = z
  .object({
    kind: z.literal('SimulationRun').describe('What this document is.'),
    schemaVersion: z.literal(1).describe('Version of this schema; within it fields are only added.'),
    generator: z
      .object({ name: z.literal('aia').describe('Always `aia`.'), version: text('Its version.') })
      .describe('What wrote the document.'),
    seed: text('Same context and seed, same run.'),
    split: z.enum(['training', 'held-out']).describe('Which names, images and machines it draws from.'),
    context: z.record(z.string(), z.number()).describe('The numbers that parameterise the cluster.'),
    cluster: z
      .object({
        name: text('Its name.'),
        region: text('Where it is.'),
        pools: list(
          z
            .object({ name: text('Its name.'), machineType: text('Of its nodes.'), nodes: count('Nodes of it.') })
            .describe('A node pool.'),
          'Its node pools.',
        ),
        namespaces: count('All of them.'),
        workloads: count('Deployments, StatefulSets, DaemonSets and CronJobs.'),
        pods: count('All of them.'),
        wanted: count('Things that somebody wants, which the health is a share of.'),
      })
      .describe('The cluster as it was drawn, before anything went wrong.'),
    startedAt: at('When the faults were brought about.'),
    endedAt: at('When the run ended, on its clock.'),
    faults: list(
      z
        .object({
          kind: text('As `aia simulate faults` lists it.'),
          parameters: z.record(z.string(), z.union([z.string(), z.number()])).describe('The values that held.'),
          entities: texts('Any of these is a right answer; `*` stands for any text.'),
          classes: texts('Kinds of cause, any of which is a right answer.'),
          touched: texts('What was changed or made.'),
          remedy: text('What helps; absent where nothing does.').optional(),
          foundAt: count(
            'Place of the first right root cause in the diagnosis, from 1; absent where there is none.',
          ).optional(),
        })
        .describe('A fault, and the truth about it.'),
      'What went wrong.',
    ),
    noise: list(
      z.object({ kind: text('What it was.'), at: at('When.') }).describe('Something harmless.'),
      'What happened beside, without harm.',
    ),
    timeline: list(
      z
        .object({
          at: at('When it was first told.'),
          about: text('As in `Deployment shop/web`: the workload of a pod, otherwise the object.'),
          reason: text('Reason of the event.'),
          message: text('The first message.'),
          count: count('How many objects and moments it was told of.'),
        })
        .describe('Events of one reason about one thing.'),
      'Notable events, in their order.',
    ),
    health: z
      .object({
        before: health('Before anything went wrong.'),
        after: health('At the end.'),
      })
      .describe('What the oracle says, which knows nothing of the diagnosis.'),
    causes: list(
      z
        .object({
          class: text('Kind of cause.'),
          resource: text('What it is about.'),
          title: text('The cause in a line.'),
          probability: share('How likely it is.'),
          fault: text('Kind of the fault that it is a right answer to; absent where it is none.').optional(),
        })
        .describe('A root cause, as `aia assess` finds it at the end.'),
      'The most likely first.',
    ),
  })
  .describe('A run of a drawn cluster: what went wrong, what came of it, and what the diagnosis says.')
  .meta({ id: 'SimulationRun' });

/** A run of a drawn cluster, as {@link simulationRunSchema} has it. */
export type SimulationRun = z.infer<typeof simulationRunSchema>;
