/** Clusters in which nothing gives load balancers an address: no cloud under the nodes, and no controller that stands in for one. */
import type { Node, Pod } from '@aia/cluster';
import { fieldEvidence, inOrder, type Examination } from '../../examination.ts';
import type { Finding } from '../../finding.ts';
import { isUnclaimed } from '../../services/load-balancers.ts';
import { text } from '../finding-index.ts';
import { effectsOn, STRENGTH, type CauseContext, type Hypothesis } from '../hypothesis.ts';

/** Schemes of `spec.providerID` behind which no cloud makes load balancers. */
const LOCAL = /^(?:kind|k3s|k3d|minikube|docker|metal3|byoh):\/\//;
/** Images of controllers that give Services of type LoadBalancer an address outside of clouds. */
const STAND_INS =
  /metallb|kube-vip|purelb|klipper-lb|openelb|loxilb|cloud-provider-kind|cilium|calico|cloud-controller|ccm\b/;

/** One cause for all Services that no controller has taken up. */
export function explainByAbsentController(roots: ReadonlySet<string>) {
  return ({ findings, examination }: CauseContext): readonly Hypothesis[] => {
    const ignored = findings
      .ofCode('load-balancer-pending')
      .filter((finding) => roots.has(finding.id) && isIgnored(finding, examination));
    const [node] = inOrder(examination.snapshot.list('Node'));
    if (ignored.length === 0 || node === undefined || !isWithoutController(examination)) return [];
    const services = ignored.length === 1 ? 'One Service waits' : `${ignored.length} Services wait`;
    return [
      {
        class: 'load-balancer-controller-absent',
        resource: { group: '', kind: 'Cluster', namespace: '', name: 'load balancers' },
        title: 'Nothing in this cluster gives load balancers an address',
        statement: `${services} for an address that no controller will give: the nodes belong to no cloud, and no controller such as MetalLB was seen to stand in for one.`,
        effects: effectsOn(ignored, 'without a controller nobody acts on type LoadBalancer'),
        evidence: [
          fieldEvidence(node, 'spec.providerID', node.spec?.providerID || '(none)'),
          ...ignored.flatMap(({ evidence }) => evidence).slice(0, 4),
        ],
        weighings: [
          { observation: 'nodes without a cloud, and no controller among the pods', ratio: STRENGTH.measured },
        ],
        remediation: {
          class: 'repair-network',
          text: 'Install a controller that gives addresses (MetalLB, kube-vip; on kind cloud-provider-kind, on minikube "minikube tunnel"), or use NodePort or an Ingress.',
        },
      },
    ];
  };
}

function isIgnored(finding: Finding, examination: Examination): boolean {
  const { namespace, name } = finding.resource;
  const service = examination.snapshot.get('Service', namespace, name);
  return text(finding, 'cause') === '' && service !== undefined && isUnclaimed(service, examination);
}

/** Judged only where pods of all namespaces were read: the controller may be one of them. */
function isWithoutController({ snapshot, namespaces }: Examination): boolean {
  if (snapshot.source.kind === 'live' && namespaces !== undefined) return false;
  const pods = snapshot.list('Pod');
  return pods.length > 0 && snapshot.list('Node').every(isLocal) && !pods.some(isStandIn);
}

function isLocal({ spec }: Node): boolean {
  const provider = spec?.providerID ?? '';
  return provider === '' || LOCAL.test(provider);
}

function isStandIn({ spec }: Pod): boolean {
  return (spec?.containers ?? []).some(({ image }) => STAND_INS.test(image ?? ''));
}
