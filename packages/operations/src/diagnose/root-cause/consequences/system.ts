/** What follows when something that the cluster itself runs on fails: its network plugin, its metrics. */
import { refKey, refOf, type ClusterSnapshot, type KubeObject, type Pod } from '@aia/cluster';
import type { Finding } from '../../finding.ts';
import { UNANSWERED } from '../dependencies.ts';
import { text, texts } from '../finding-index.ts';
import { ownWords } from '../last-words.ts';
import { POD_FAILURES, WORKLOAD_SYMPTOMS, type ConsequenceRule } from './consequence-rule.ts';

export const SYSTEM_CONSEQUENCES: readonly ConsequenceRule[] = [
  {
    from: POD_FAILURES,
    relation: 'without its network plugin a node gives no pod a network',
    effects: (finding, findings, snapshot) => {
      const plugin = onNodeNetwork(finding, PLUGINS, snapshot);
      if (plugin?.spec?.nodeName === undefined) return [];
      return findings
        .onNode(plugin.spec.nodeName, snapshot, 'pod-sandbox-failed')
        .filter(
          (other) =>
            ['network', 'other'].includes(text(other, 'cause')) &&
            text(other, 'workload') !== text(finding, 'workload'),
        );
    },
  },
  {
    from: POD_FAILURES,
    relation: 'without what carries its traffic no pod of a node reaches the others',
    effects: (finding, findings, snapshot) => {
      const carrier = onNodeNetwork(finding, CARRIERS, snapshot);
      if (carrier?.spec?.nodeName === undefined) return [];
      return findings
        .onNode(carrier.spec.nodeName, snapshot, ...SPEAKING)
        .filter((other) => text(other, 'workload') !== text(finding, 'workload') && isCutOff(other, snapshot));
    },
  },
  {
    from: [...WORKLOAD_SYMPTOMS, ...POD_FAILURES],
    relation: 'the controller that sets the readiness gate does not run',
    effects: (finding, findings, snapshot) => {
      const gates = gatesOf(finding, snapshot);
      return gates.length === 0
        ? []
        : findings
            .ofCode('pod-readiness-gate-pending')
            .filter((other) => texts(other, 'gates').some((gate) => gates.some((prefix) => gate.startsWith(prefix))));
    },
  },
  {
    from: WORKLOAD_SYMPTOMS,
    relation: 'it serves the metrics API',
    effects: (finding, findings, snapshot) =>
      findings.ofCode('metrics-server-absent').filter((other) => serves(finding, other, snapshot)),
  },
  {
    from: ['metrics-server-absent'],
    relation: 'an autoscaler that gets no metrics does not scale',
    effects: (_, findings) => findings.ofCode('hpa-metrics-unavailable'),
  },
];

/** Programs that set up the network of pods, by their names in the projects' own manifests. */
const PLUGINS =
  /^(?:aws-node|antrea-agent|azure-cni|canal|calico-node|cilium|kindnet|kube-flannel|kube-router|multus|netd|ovnkube-node|weave-net)(?:-|$)/;

/** Programs that carry the traffic of a node's pods: the plugins, and what makes Services reachable. */
const CARRIERS = new RegExp(`${PLUGINS.source}|^kube-proxy(?:-|$)`);

/** Findings about containers that may say whom they did not reach. */
const SPEAKING = ['container-crash-loop', 'container-terminated-with-error', 'container-not-ready'];
/** A call that nobody answered, where a refusal would be an answer. */
const NO_ANSWER = /timed? ?out|timeout|unreachable|no route to host|ETIMEDOUT|EHOSTUNREACH|deadline exceeded/i;

/** The pod of a finding, where it is on the node's own network and has one of these names. */
function onNodeNetwork({ resource }: Finding, names: RegExp, snapshot: ClusterSnapshot): Pod | undefined {
  if (resource.kind !== 'Pod') return undefined;
  const pod = snapshot.get('Pod', resource.namespace, resource.name);
  return pod?.spec?.hostNetwork === true && names.test(resource.name) ? pod : undefined;
}

/** Whether a program says that a call got no answer. */
function isCutOff(finding: Finding, snapshot: ClusterSnapshot): boolean {
  return ownWords(finding, snapshot).some(({ line }) => NO_ANSWER.test(line) || UNANSWERED.test(line));
}

/** Prefixes of the readiness gates that controllers set, by the controllers' names in the projects' own charts. */
const GATES: Readonly<Record<string, string>> = {
  'alb-ingress-controller': 'target-health.alb.ingress.k8s.aws/',
  'aws-load-balancer-controller': 'target-health.elbv2.k8s.aws/',
  'kruise-controller-manager': 'InPlaceUpdateReady',
};

/** The gates that what a finding is about sets, by its name or the label of its chart. */
function gatesOf({ resource }: Finding, snapshot: ClusterSnapshot): readonly string[] {
  const label = snapshot.resolve(resource)?.metadata.labels?.['app.kubernetes.io/name'];
  return Object.entries(GATES).flatMap(([controller, prefix]) =>
    label === controller || resource.name.startsWith(controller) ? [prefix] : [],
  );
}

type ApiService = KubeObject & {
  readonly spec?: { readonly service?: { readonly namespace?: string; readonly name?: string } };
};

/** Whether the workload of a finding stands behind the Service of an API. */
function serves(finding: Finding, api: Finding, snapshot: ClusterSnapshot): boolean {
  const { namespace, name } = (snapshot.resolve(api.resource) as ApiService | undefined)?.spec?.service ?? {};
  if (namespace !== finding.resource.namespace || name === undefined) return false;
  const { selector = {} } = snapshot.get('Service', namespace, name)?.spec ?? {};
  if (Object.keys(selector).length === 0) return false;
  const pods = snapshot.withLabels('Pod', namespace, selector);
  return pods.some((pod) => refKey(refOf(snapshot.rootOwnerOf(pod))) === refKey(finding.resource));
}
