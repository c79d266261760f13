/** What an action changes: writes as the Kubernetes API takes them, calls to the cloud, and what only a person can do. */
import * as z from 'zod';
import { count, list, text, texts } from './fields.ts';
import { resourceRefSchema } from './finding.ts';

const fields = (description: string) => z.record(z.string(), z.unknown()).describe(description);
const object = fields('The object, as the API takes it.');
const target = resourceRefSchema;

export const patchSchema = z
  .discriminatedUnion('type', [
    z
      .object({
        type: z.literal('json').describe('RFC 6902.'),
        operations: list(
          z
            .object({
              op: z.enum(['add', 'remove', 'replace', 'move', 'copy', 'test']).describe('What to do.'),
              path: text('JSON pointer.'),
              from: text('JSON pointer, for `move` and `copy`.').optional(),
              value: z.unknown().describe('For `add`, `replace` and `test`.').optional(),
            })
            .describe('One operation.'),
          'In their order; all or none.',
        ),
      })
      .describe('A JSON patch.'),
    z
      .object({ type: z.literal('merge').describe('RFC 7386.'), patch: fields('Null takes a field away.') })
      .describe('A merge patch.'),
    z
      .object({
        type: z.literal('strategic').describe("Kubernetes' own."),
        patch: fields('Lists merge by their keys; null takes a field away.'),
      })
      .describe('A strategic merge patch.'),
  ])
  .describe('A change to an object.')
  .meta({ id: 'Patch' });

const pool = text('Name of the node pool.');
const region = text('Region, or `global`.');

export const cloudCallSchema = z
  .discriminatedUnion('operation', [
    z
      .object({
        operation: z.literal('request-quota').describe('Asks for a higher limit; somebody at the cloud grants it.'),
        metric: text('As in `CPUS`.'),
        region,
        from: z.number().describe('The limit today.'),
        to: z.number().describe('The limit asked for.'),
      })
      .describe('A request for more quota.'),
    z
      .object({
        operation: z.literal('resize-node-pool').describe('`gcloud container clusters resize`.'),
        pool,
        from: count('Nodes today, over all zones.'),
        to: count('Nodes wanted, over all zones.'),
      })
      .describe('A new number of nodes.'),
    z
      .object({
        operation: z.literal('set-pool-autoscaling').describe('Bounds of a pool, over all its zones.'),
        pool,
        from: z
          .object({ minNodes: count('Least.'), maxNodes: count('Most.') })
          .describe('Bounds today; absent where it does not scale by itself.')
          .optional(),
        to: z
          .object({ minNodes: count('Least.'), maxNodes: count('Most.') })
          .describe('Bounds wanted; absent to switch it off.')
          .optional(),
      })
      .describe('How far a pool may grow and shrink.'),
    z
      .object({
        operation: z.literal('set-pool-zones').describe('`gcloud container node-pools update --node-locations`.'),
        pool,
        from: texts('Zones today.'),
        to: texts('Zones wanted.'),
      })
      .describe('Where the machines of a pool stand.'),
    z
      .object({
        operation: z.literal('set-pool-taints').describe('`gcloud container node-pools update --node-taints`.'),
        pool,
        from: texts('Taints today, as `dedicated=batch:NoSchedule`.'),
        to: texts('Taints wanted.'),
      })
      .describe('What machines of a pool keep pods away by, further ones too.'),
    z
      .object({
        operation: z.literal('set-autoscaling-profile').describe('How eager the autoscaler is to take nodes away.'),
        from: text('`balanced` or `optimize-utilization`.'),
        to: text('`balanced` or `optimize-utilization`.'),
      })
      .describe("The cluster autoscaler's profile."),
    z
      .object({
        operation: z.literal('create-node-pool').describe('`gcloud container node-pools create`.'),
        pool,
        like: text('Pool whose settings it takes over where nothing else is said.').optional(),
        machineType: text('As in `e2-standard-4`.'),
        zones: texts('Where.'),
        minNodes: count('Least, over all zones.'),
        maxNodes: count('Most, over all zones.'),
        initialNodes: count('At the beginning, over all zones.'),
        labels: z.record(z.string(), z.string()).describe('Of its nodes.').optional(),
        accelerator: z
          .object({ type: text('As in `nvidia-tesla-t4`.'), count: count('Per node.') })
          .describe('GPUs.')
          .optional(),
      })
      .describe('A new node pool.'),
    z
      .object({
        operation: z.literal('delete-node-pool').describe('`gcloud container node-pools delete`.'),
        pool,
        was: z
          .object({
            like: text('Another pool of the same settings but for its machines.'),
            machineType: text('As in `e2-standard-4`.'),
            zones: texts('Where.'),
            minNodes: count('Least, over all zones.'),
            maxNodes: count('Most, over all zones.'),
            nodes: count('Nodes that it has, over all zones.'),
          })
          .describe('By what it can be made anew; absent where what its machines hold would be lost.')
          .optional(),
      })
      .describe('Takes a node pool away.'),
    z
      .object({
        operation: z.literal('reserve-address').describe('Makes an address static.'),
        name: text('Name of the reservation.'),
        address: text('Address in use that is kept; absent for a new one.').optional(),
        region,
      })
      .describe('A reservation of an address.'),
    z
      .object({
        operation: z.literal('release-address').describe('Gives a reserved address up.'),
        name: text('Name of the reservation.'),
        address: text('Which it is.'),
        region,
      })
      .describe('The end of a reservation.'),
    z
      .object({
        operation: z.literal('delete-machine').describe('Deletes the machine of a node; its group makes another one.'),
        node: text('Name of the node.'),
        zone: text('Where it stands.'),
      })
      .describe('The replacement of a machine.'),
    z
      .object({
        operation: z.literal('grant-role').describe('`gcloud projects add-iam-policy-binding`.'),
        role: text('As in `roles/artifactregistry.reader`.'),
        member: text('As in `serviceAccount:…`; a placeholder in angle brackets where it was not read.'),
        purpose: text('What it is for.'),
      })
      .describe('A right in the project.'),
  ])
  .describe('A call to the cloud.')
  .meta({ id: 'CloudCall' });

export const changeSchema = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('create').describe('Makes an object.'), object }).describe('A new object.'),
    z
      .object({ kind: z.literal('patch').describe('Changes an object.'), target, patch: patchSchema })
      .describe('A changed object.'),
    z
      .object({
        kind: z.literal('delete').describe('Deletes an object.'),
        target,
        gracePeriodSeconds: count('0 deletes at once; absent for the default of the kind.').optional(),
        propagationPolicy: z
          .enum(['Orphan', 'Background', 'Foreground'])
          .describe('What becomes of what it owns; absent for the default of the kind.')
          .optional(),
      })
      .describe('A deleted object.'),
    z
      .object({ kind: z.literal('scale').describe('Sets replicas.'), target, replicas: count('Wanted.') })
      .describe('Another number of replicas.'),
    z
      .object({ kind: z.literal('evict').describe('Asks a pod to go, as far as budgets allow.'), target })
      .describe('An evicted pod.'),
    z
      .object({ kind: z.literal('cloud').describe('Calls the cloud.'), call: cloudCallSchema })
      .describe('A change around the cluster.'),
    z
      .object({
        kind: z.literal('manual').describe('Something that only a person can do.'),
        instruction: text('What to do, in full sentences.'),
      })
      .describe('A step for a person: a DNS record, a registry, a program.'),
  ])
  .describe('One change.')
  .meta({ id: 'Change' });

/** A change to an object. */
export type Patch = z.infer<typeof patchSchema>;
/** A call to the cloud. */
export type CloudCall = z.infer<typeof cloudCallSchema>;
/** One change. */
export type Change = z.infer<typeof changeSchema>;
