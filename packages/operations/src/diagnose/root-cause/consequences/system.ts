/** What follows when something that the cluster itself runs on fails: its network plugin, its metrics. */
import { refKey, refOf, type ClusterSnapshot, type KubeObject, type Pod } from '@aia/cluster';
import type { Finding } from '../../finding.ts';
import { text } from '../finding-index.ts';
import { POD_FAILURES, WORKLOAD_SYMPTOMS, type ConsequenceRule } from './consequence-rule.ts';

export const SYSTEM_CONSEQUENCES: readonly ConsequenceRule[] = [
  {
    from: POD_FAILURES,
    relation: 'without its network plugin a node gives no pod a network',
    effects: (finding, findings, snapshot) => {
      const plugin = networkPlugin(finding, snapshot);
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

/** The pod of a finding, where it is a network plugin's: on the node's own network, by a known name. */
function networkPlugin({ resource }: Finding, snapshot: ClusterSnapshot): Pod | undefined {
  if (resource.kind !== 'Pod') return undefined;
  const pod = snapshot.get('Pod', resource.namespace, resource.name);
  return pod?.spec?.hostNetwork === true && PLUGINS.test(resource.name) ? pod : undefined;
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
