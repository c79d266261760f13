/** What a strategy says of a cluster beside its findings: ways in, machines, monitoring, and how guarded its pods are. */
import * as z from 'zod';
import { at, count, list, share, text, texts } from './fields.ts';
import { resourceRefSchema } from './finding.ts';

const resource = resourceRefSchema;

export const loadBalancerSchema = z
  .object({
    service: resource,
    addresses: texts('Addresses and host names it has; empty while it waits.'),
    isInternal: z.boolean().describe('Whether it asks for an address inside the network only.'),
    since: at('Since when it is there.').optional(),
    waitsBecause: text('What the cloud said last; absent where it has an address or nothing was said.').optional(),
    ports: texts('As in `80/TCP`.'),
    workloads: texts('What stands behind it, as in `Deployment shop/web`.'),
    readyEndpoints: count('Ready endpoints behind it; absent where these were not read.').optional(),
    reservation: text(
      'Name of the static address it holds; absent where the address would be lost with it.',
    ).optional(),
    toReserve: text(
      'Command that makes its address static; absent where it is, or where there is none to keep.',
    ).optional(),
  })
  .describe('A Service of type LoadBalancer.')
  .meta({ id: 'LoadBalancer' });

export const exposedEndpointSchema = z
  .object({
    url: text('Where it answers, as in `https://shop.example.com:443/`.'),
    exposedBy: resource.optional(),
    address: text('Address behind the name, where known.').optional(),
    outcome: z
      .enum(['answers', 'fails', 'not-asked'])
      .describe('What asking gave; `not-asked` where nobody asked (`--probe-endpoints`).'),
    answer: text('In words: the status, the fault, the time it took.'),
    certificate: text('State of the certificate served there and its days; absent where there is none.').optional(),
  })
  .describe('A way in from outside.')
  .meta({ id: 'ExposedEndpoint' });

export const monitoringPartSchema = z
  .object({
    role: z
      .enum(['metrics', 'alerts', 'dashboards', 'cluster-state', 'node-metrics', 'probes', 'logs', 'traces', 'models'])
      .describe('What it does.'),
    name: text('As in `Deployment monitoring/grafana`.'),
    isWorking: z.boolean().describe('Whether any of its pods is ready; absent where pods were not read.').optional(),
  })
  .describe('A part of the monitoring, by its image or kind.')
  .meta({ id: 'MonitoringPart' });

const sums = (unit: string) =>
  z
    .object({
      allocatable: z.number().describe('What nodes offer.'),
      requested: z.number().describe('What pods on them request.'),
      used: z.number().describe('Measured; absent where it was not.').optional(),
    })
    .describe(`In ${unit}.`);

export const nodePoolSchema = z
  .object({
    name: text("Name of the pool; '' for nodes of none."),
    machineType: text('As in `e2-standard-4`; absent where it was not read.').optional(),
    nodes: count('Nodes.'),
    ready: count('Ready ones.'),
    bounds: text('As in `2–8`; absent where it does not scale by itself or was not read.').optional(),
    cpuMillis: sums('thousandths of a CPU'),
    memoryBytes: sums('bytes'),
  })
  .describe('Nodes of one pool.')
  .meta({ id: 'NodePoolFacts' });

export const postureSchema = z
  .object({
    check: text('Stable name, as in `privileged-containers`.'),
    text: text('What was looked at, in words.'),
    bad: count('How many do not hold; absent where it could not be told.').optional(),
    of: count('Of how many.').optional(),
    examples: texts('Some that do not hold.'),
    missing: text('Why it could not be told.').optional(),
  })
  .describe('One look at how guarded the cluster is, by the Pod Security Standards and its own access rules.')
  .meta({ id: 'Posture' });

export const inventorySchema = z
  .object({
    loadBalancers: list(loadBalancerSchema, 'All of them, those with an address first.'),
    endpoints: list(exposedEndpointSchema, 'Ways in: hosts of Ingresses and Gateways, addresses of load balancers.'),
    monitoring: list(monitoringPartSchema, 'What watches the cluster.'),
    pools: list(nodePoolSchema, 'By name.'),
    posture: list(postureSchema, 'Looks at how guarded it is.'),
    namespaces: texts('Those with workloads.'),
    workloads: count('Workloads of the judged namespaces.'),
  })
  .describe('What there is.')
  .meta({ id: 'Inventory' });

export const scheduleSchema = z
  .object({
    rule: text('How days follow from durations.'),
    startsAt: at('When work begins.'),
    endsAt: at('When the last phase is done, as expected.'),
    latestAt: at('When it is done if all takes as long as is reckoned with.'),
    phases: list(
      z
        .object({
          number: count('Of the phase.'),
          startsAt: at('When it begins.'),
          endsAt: at('When it is done, as expected.'),
          latestAt: at('Its deadline.'),
          workMs: z
            .number()
            .min(0)
            .describe('Its longest chain of actions, waits included, in milliseconds, as expected.'),
          share: share('Of the work of all phases.'),
        })
        .describe('When a phase is carried out.'),
      'In their order.',
    ),
  })
  .describe('The plan on a calendar.')
  .meta({ id: 'Schedule' });

/** What there is. */
export type Inventory = z.infer<typeof inventorySchema>;
/** A Service of type LoadBalancer. */
export type LoadBalancer = z.infer<typeof loadBalancerSchema>;
/** A way in from outside. */
export type ExposedEndpoint = z.infer<typeof exposedEndpointSchema>;
/** A part of the monitoring. */
export type MonitoringPart = z.infer<typeof monitoringPartSchema>;
/** Nodes of one pool. */
export type NodePoolFacts = z.infer<typeof nodePoolSchema>;
/** One look at how guarded the cluster is. */
export type Posture = z.infer<typeof postureSchema>;
/** The plan on a calendar. */
export type Schedule = z.infer<typeof scheduleSchema>;
