/** Changes as a person would make them: a line of kubectl or gcloud, and the file that it names. */
import { refOf, type ResourceRef } from '@aia/cluster';
import type { Change, CloudCall, Step } from '@aia/contract';
import { stringify } from 'yaml';
import { asObject } from './changed-objects.ts';

/** Where the cluster is, for gcloud. */
export interface CommandPlace {
  readonly cluster: string;
  readonly location: string;
  readonly project: string;
}

/** A change with its command; `override` where people would write another one. */
export function stepOf(change: Change, place: CommandPlace, override?: string): Step {
  const written = writtenOf(change, place);
  return { change, ...written, ...(override !== undefined && { command: override }) };
}

type Written = Omit<Step, 'change'>;

function writtenOf(change: Change, place: CommandPlace): Written {
  switch (change.kind) {
    case 'create':
      return withFile(fileOf(refOf(asObject(change.object)), ''), change.object, (file) => `kubectl create -f ${file}`);
    case 'patch':
      return patchCommand(change);
    case 'delete': {
      const grace = change.gracePeriodSeconds === undefined ? '' : ` --grace-period=${change.gracePeriodSeconds}`;
      const force = change.gracePeriodSeconds === 0 ? ' --force' : '';
      const cascade =
        change.propagationPolicy === undefined ? '' : ` --cascade=${change.propagationPolicy.toLowerCase()}`;
      return { command: `kubectl delete ${named(change.target)}${grace}${force}${cascade}` };
    }
    case 'scale':
      return { command: `kubectl scale ${named(change.target)} --replicas=${change.replicas}` };
    case 'evict':
      return {
        command: `kubectl create --raw /api/v1/namespaces/${change.target.namespace}/pods/${change.target.name}/eviction -f - <<< '{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"namespace":"${change.target.namespace}","name":"${change.target.name}"}}'`,
      };
    case 'cloud':
      return { command: cloudCommand(change.call, place) };
    case 'manual':
      return { command: `# ${change.instruction}` };
  }
}

function patchCommand({ target, patch }: Extract<Change, { kind: 'patch' }>): Written {
  const body = patch.type === 'json' ? patch.operations : patch.patch;
  return withFile(fileOf(target, '.patch'), body, (file) => {
    const type = patch.type === 'strategic' ? '' : ` --type=${patch.type}`;
    return `kubectl patch ${named(target)}${type} --patch-file=${file}`;
  });
}

function withFile(file: string, content: unknown, command: (file: string) => string): Written {
  return { command: command(file), manifest: stringify(content, { lineWidth: 0 }), file };
}

function fileOf({ kind, name }: ResourceRef, ending: string): string {
  return `${kind.toLowerCase()}-${name}${ending}.yaml`.replace(/[^a-z0-9.-]/g, '-');
}

/** `deployment/web -n shop`; kinds beside Kubernetes' own with their group. */
export function named({ group, kind, namespace, name }: ResourceRef): string {
  const isOwn = group === '' || !group.includes('.') || group.endsWith('.k8s.io');
  const resource = `${kind.toLowerCase()}${isOwn ? '' : `.${group}`}/${name}`;
  return namespace === '' ? resource : `${resource} -n ${namespace}`;
}

type Commands = {
  readonly [K in CloudCall['operation']]: (call: Extract<CloudCall, { operation: K }>, place: CommandPlace) => string;
};

function cloudCommand(call: CloudCall, place: CommandPlace): string {
  return COMMANDS[call.operation](call as never, place);
}

const inPlace = ({ cluster, location }: CommandPlace) => `--cluster=${cluster} --location=${location}`;

const COMMANDS: Commands = {
  'request-quota': ({ metric, region, to }, { project }) =>
    `gcloud alpha quotas preferences create --service=compute.googleapis.com --project=${project} --quota-id=${metric} --preferred-value=${to}${region === 'global' ? '' : ` --dimensions=region=${region}`}`,
  'resize-node-pool': ({ pool, to }, { cluster, location }) =>
    `gcloud container clusters resize ${cluster} --node-pool=${pool} --num-nodes=${to} --location=${location}`,
  'set-pool-autoscaling': ({ pool, to }, place) =>
    to === undefined
      ? `gcloud container node-pools update ${pool} ${inPlace(place)} --no-enable-autoscaling`
      : `gcloud container node-pools update ${pool} ${inPlace(place)} --enable-autoscaling --total-min-nodes=${to.minNodes} --total-max-nodes=${to.maxNodes}`,
  'set-pool-zones': ({ pool, to }, place) =>
    `gcloud container node-pools update ${pool} ${inPlace(place)} --node-locations=${to.join(',')}`,
  'set-autoscaling-profile': ({ to }, { cluster, location }) =>
    `gcloud container clusters update ${cluster} --location=${location} --autoscaling-profile=${to}`,
  'create-node-pool': ({ pool, machineType, zones, minNodes, maxNodes, initialNodes, labels, accelerator }, place) =>
    [
      `gcloud container node-pools create ${pool} ${inPlace(place)}`,
      `--machine-type=${machineType} --node-locations=${zones.join(',')} --num-nodes=${Math.ceil(initialNodes / Math.max(1, zones.length))}`,
      `--enable-autoscaling --total-min-nodes=${minNodes} --total-max-nodes=${maxNodes}`,
      ...(accelerator === undefined ? [] : [`--accelerator=type=${accelerator.type},count=${accelerator.count}`]),
      ...(labels === undefined
        ? []
        : [
            `--node-labels=${Object.entries(labels)
              .map(([name, value]) => `${name}=${value}`)
              .join(',')}`,
          ]),
    ].join(' '),
  'delete-node-pool': ({ pool }, place) => `gcloud container node-pools delete ${pool} ${inPlace(place)}`,
  'reserve-address': ({ name, address, region }, { project }) =>
    `gcloud compute addresses create ${name} --project=${project}${region === 'global' ? ' --global' : ` --region=${region}`}${address === undefined ? '' : ` --addresses=${address}`}`,
  'release-address': ({ name, region }, { project }) =>
    `gcloud compute addresses delete ${name} --project=${project}${region === 'global' ? ' --global' : ` --region=${region}`}`,
  'delete-machine': ({ node, zone }, { project }) =>
    `gcloud compute instances delete ${node} --zone=${zone} --project=${project}`,
  'grant-role': ({ role, member }, { project }) =>
    `gcloud projects add-iam-policy-binding ${project} --member=${member} --role=${role}`,
};
