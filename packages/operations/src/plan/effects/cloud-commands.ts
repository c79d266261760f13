/**
 * Calls to the cloud as lines of gcloud.
 * Source: https://cloud.google.com/sdk/gcloud/reference/container/node-pools, …/container/clusters/resize, …/compute/addresses, …/quotas/preferences/create
 */
import type { NodePool } from '@aia/cluster';
import type { CloudCall } from '@aia/contract';
import { shellComment, shellWord } from './shell.ts';

/** Where the cluster is, for gcloud. */
export interface CommandPlace {
  readonly cluster: string;
  readonly location: string;
  readonly project: string;
  readonly nodePools: readonly NodePool[];
}

type Flags = Readonly<Record<string, string | number | true | undefined>>;
interface Line {
  readonly verb: string;
  /** Without a flag. */
  readonly name: string;
  readonly flags: Flags;
  /** What gcloud asks about is answered: nobody sits at the terminal of a plan that was agreed to. */
  readonly asks?: true;
}
type Lines = {
  readonly [K in CloudCall['operation']]: (call: Extract<CloudCall, { operation: K }>, place: CommandPlace) => Line;
};

/** A line that makes a call; a comment where a name in it is none that gcloud could take. */
export function cloudCommand(call: CloudCall, place: CommandPlace): string {
  const { verb, name, flags, asks } = LINES[call.operation](call as never, place);
  if (name.startsWith('-')) return shellComment(`gcloud ${verb}: "${name}" is no name`);
  const words = Object.entries(flags).flatMap(([flag, value]) =>
    value === undefined ? [] : [value === true ? `--${flag}` : `--${flag}=${valueWord(String(value), place)}`],
  );
  const end = asks === true ? ['--quiet'] : [];
  return ['gcloud', verb, ...(name === '' ? [] : [shellWord(name)]), ...words, ...end].join(' ');
}

/** In members of a project, where its number is to stand: nothing that is read tells it, and gcloud does. */
export const PROJECT_NUMBER = '<project number>';

function valueWord(value: string, { project }: CommandPlace): string {
  if (!value.includes(PROJECT_NUMBER)) return shellWord(value);
  const [before = '', after = ''] = value.split(PROJECT_NUMBER).map(shellWord);
  return `${before}"$(gcloud projects describe ${shellWord(project)} --format='value(projectNumber)')"${after}`;
}

const inCluster = ({ cluster, location, project }: CommandPlace): Flags => ({ cluster, location, project });
const inRegion = (region: string): Flags => (region === 'global' ? { global: true } : { region });
const zonesOf = (pool: string, { nodePools }: CommandPlace) =>
  Math.max(1, nodePools.find(({ name }) => name === pool)?.zones.length ?? 1);

const LINES: Lines = {
  'request-quota': ({ metric, region, from, to }, { project }) => ({
    verb: 'quotas preferences create',
    name: '',
    flags: {
      ...{
        project,
        service: 'compute.googleapis.com',
        'quota-id': quotaId(metric, region),
        'preferred-value': Math.ceil(to),
      },
      dimensions: region === 'global' ? undefined : `region=${region}`,
      email: '<your e-mail>',
      justification: `${metric}: from ${from} to ${to}`,
    },
  }),
  // gcloud counts by zone.
  'resize-node-pool': ({ pool, to }, place) => ({
    verb: 'container clusters resize',
    asks: true,
    name: place.cluster,
    flags: {
      'node-pool': pool,
      'num-nodes': Math.ceil(to / zonesOf(pool, place)),
      location: place.location,
      project: place.project,
    },
  }),
  'set-pool-autoscaling': ({ pool, to }, place) => ({
    verb: 'container node-pools update',
    name: pool,
    flags: {
      ...inCluster(place),
      ...(to === undefined
        ? { 'no-enable-autoscaling': true }
        : { 'enable-autoscaling': true, 'total-min-nodes': to.minNodes, 'total-max-nodes': to.maxNodes }),
    },
  }),
  'set-pool-zones': ({ pool, to }, place) => ({
    verb: 'container node-pools update',
    name: pool,
    flags: { ...inCluster(place), 'node-locations': to.join(',') },
  }),
  'set-pool-taints': ({ pool, to }, place) => ({
    verb: 'container node-pools update',
    name: pool,
    flags: { ...inCluster(place), 'node-taints': to.join(',') },
  }),
  'set-autoscaling-profile': ({ to }, { cluster, location, project }) => ({
    verb: 'container clusters update',
    name: cluster,
    flags: { location, project, 'autoscaling-profile': to },
  }),
  'create-node-pool': (call, place) => ({
    verb: 'container node-pools create',
    name: call.pool,
    flags: newPoolFlags(call, place),
  }),
  'delete-node-pool': ({ pool }, place) => ({
    verb: 'container node-pools delete',
    asks: true,
    name: pool,
    flags: inCluster(place),
  }),
  'reserve-address': ({ name, address, region }, { project }) => ({
    verb: 'compute addresses create',
    name,
    flags: { addresses: address, ...inRegion(region), project },
  }),
  'release-address': ({ name, region }, { project }) => ({
    verb: 'compute addresses delete',
    asks: true,
    name,
    flags: { ...inRegion(region), project },
  }),
  'delete-machine': ({ node, zone }, { project }) => ({
    verb: 'compute instances delete',
    asks: true,
    name: node,
    flags: { zone, project },
  }),
  'grant-role': ({ role, member }, { project }) => ({
    verb: 'projects add-iam-policy-binding',
    name: project,
    flags: { member, role, condition: 'None' },
  }),
};

function newPoolFlags(call: Extract<CloudCall, { operation: 'create-node-pool' }>, place: CommandPlace): Flags {
  const { machineType, zones, minNodes, maxNodes, initialNodes, labels, accelerator } = call;
  const like = place.nodePools.find(({ name }) => name === call.like);
  return {
    ...inCluster(place),
    'machine-type': machineType,
    'node-locations': zones.join(','),
    'num-nodes': Math.ceil(initialNodes / Math.max(1, zones.length)),
    'enable-autoscaling': true,
    'total-min-nodes': minNodes,
    'total-max-nodes': maxNodes,
    'disk-type': like?.diskType,
    'disk-size': like === undefined || like.diskSizeGb === 0 ? undefined : like.diskSizeGb,
    spot: like?.spot === true ? true : undefined,
    'enable-private-nodes': like?.privateNodes === true ? true : undefined,
    accelerator: accelerator === undefined ? undefined : `type=${accelerator.type},count=${accelerator.count}`,
    'node-labels': joined(labels ?? like?.labels),
    'node-taints': joined(
      Object.fromEntries((like?.taints ?? []).map(({ key, value = '', effect }) => [key, `${value}:${effect}`])),
    ),
  };
}

function joined(pairs: Readonly<Record<string, string>> | undefined): string | undefined {
  const entries = Object.entries(pairs ?? {}).map(([name, value]) => `${name}=${value}`);
  return entries.length === 0 ? undefined : entries.join(',');
}

/** `N2_CPUS` of a region → `N2-CPUS-per-project-region`. Source: https://cloud.google.com/docs/quotas/implement-common-use-cases */
function quotaId(metric: string, region: string): string {
  return `${metric.replaceAll('_', '-')}-per-project${region === 'global' ? '' : '-region'}`;
}
