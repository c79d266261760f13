/** Commands that show what a root cause rests on. They read and change nothing. */
import { refKey, type ResourceRef } from '@aia/cluster';
import type { AssessedFinding, AssessedRootCause, Assessment } from '@aia/contract';

/** Look-ups beyond this many cost more time than they save. */
const MOST = 3;

/**
 * Commands for each root cause, in its order, most telling first; none for things that no command shows. On a live cluster they
 * name its context.
 */
export function lookUps({ rootCauses, findings, cluster }: Assessment): readonly (readonly string[])[] {
  const byId = new Map(findings.map((finding) => [finding.id, finding]));
  const context = cluster.source.kind === 'live' ? contextFlag(cluster.source.name) : '';
  return rootCauses.map((cause) => {
    const explained = cause.explains.map((id) => byId.get(id)).filter((finding) => finding !== undefined);
    const own = resourceLookUps(cause);
    const pods = podLookUps(explained);
    // Of a lost node the pods tell less than the node itself.
    const first = cause.resource.kind === 'Node' ? [...own, ...pods] : [...pods, ...own];
    const commands = [...first, ...classLookUps(cause, explained)];
    return [...new Set(commands)].slice(0, MOST).map((command) => command.replace(/^kubectl /, `kubectl ${context}`));
  });
}

/** Names as Kubernetes allows them; anything else is no name to put into a shell. */
const NAME = /^[A-Za-z0-9]([A-Za-z0-9._:-]{0,252}[A-Za-z0-9])?$/;

function contextFlag(name: string): string {
  if (NAME.test(name)) return `--context ${name} `;
  return /^[\x21-\x26\x28-\x7e]+$/.test(name) ? `--context '${name}' ` : '';
}

const PREVIOUS_LOG: ReadonlySet<string> = new Set([
  'container-crash-loop',
  'container-oom-killed',
  'container-terminated-with-error',
  'container-restarts-often',
]);

/** The first failing pod, and the log of the container that ended. */
function podLookUps(explained: readonly AssessedFinding[]): readonly string[] {
  const ended = explained.find(({ code, resource }) => PREVIOUS_LOG.has(code) && resource.kind === 'Pod');
  const pod = ended ?? explained.find(({ resource }) => resource.kind === 'Pod');
  if (pod === undefined || !namesOf(pod.resource)) return [];
  const { namespace, name } = pod.resource;
  const container = ended?.id.split(':').at(-1) ?? '';
  const log = NAME.test(container) ? [`kubectl logs -n ${namespace} ${name} -c ${container} --previous`] : [];
  return [`kubectl describe pod -n ${namespace} ${name}`, ...(ended === undefined ? [] : log)];
}

/** What shows the resource that a cause is about. */
function resourceLookUps({ resource, evidence, class: kindOfCause }: AssessedRootCause): readonly string[] {
  const { group, kind, namespace, name } = resource;
  if (group.endsWith('googleapis.com')) return kind === 'Quota' ? quotaLookUps(name) : [];
  if (kind === 'ClusterAutoscaler') return ['kubectl describe configmap -n kube-system cluster-autoscaler-status'];
  // What does not exist cannot be described; its neighbours show a misspelt name.
  if (/^(?:config-map|secret)-missing$/.test(kindOfCause))
    return NAME.test(namespace) ? [`kubectl get ${kind.toLowerCase()}s -n ${namespace}`] : [];
  if (PSEUDO_KINDS.has(kind) || !TYPE.test(`${kind}.${group}`) || !namesOf(resource)) return [];
  const type = /^(?:|apps|batch)$/.test(group) ? kind.toLowerCase() : `${kind.toLowerCase()}.${group}`;
  if (namespace === '' && evidence.some((one) => one.kind === 'absence' && refKey(one.resource) === refKey(resource)))
    return [`kubectl get ${type}`];
  return [`kubectl describe ${type} ${namespace === '' ? '' : `-n ${namespace} `}${name}`];
}

/** A kind and its group, which a custom resource in a dump may give any form. */
const TYPE = /^[A-Za-z][A-Za-z0-9]{0,62}\.[a-z0-9.-]{0,253}$/;

/** Kinds that findings speak of and Kubernetes does not have. */
const PSEUDO_KINDS: ReadonlySet<string> = new Set(['Cluster', 'Endpoint', 'Certificate', 'Registry']);

function quotaLookUps(name: string): readonly string[] {
  const region = name.split('/')[0] ?? '';
  if (!/^[a-z]+-[a-z]+[0-9]+$/.test(region)) return [];
  return [
    `gcloud compute regions describe ${region} --flatten=quotas --format='table(quotas.metric,quotas.usage,quotas.limit)'`,
  ];
}

/** What a remedy asks to compare. */
function classLookUps(
  { remediation, resource }: AssessedRootCause,
  explained: readonly AssessedFinding[],
): readonly string[] {
  const service = explained.find(({ code, resource: one }) => code === 'load-balancer-pending' && namesOf(one));
  const waiting =
    service === undefined
      ? []
      : [
          'kubectl get services -A',
          `kubectl describe service -n ${service.resource.namespace} ${service.resource.name}`,
        ];
  if (remediation.class === 'resize-requests') return [...waiting, 'kubectl top pods -A --sort-by=cpu'];
  if (remediation.class === 'roll-back' && resource.kind === 'Deployment' && namesOf(resource))
    return [...waiting, `kubectl rollout history deployment -n ${resource.namespace} ${resource.name}`];
  return waiting;
}

/** Whether both names can stand in a command. */
function namesOf({ namespace, name }: ResourceRef): boolean {
  return NAME.test(name) && (namespace === '' || NAME.test(namespace));
}
