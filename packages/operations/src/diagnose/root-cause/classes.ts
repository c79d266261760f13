/** What each class of root cause means; a class that is a finding's code is explained by its rule. */

/** A class for a person. */
export interface CauseClass {
  readonly title: string;
  /** What holds, how it is told from others, in full sentences. */
  readonly explanation: string;
}

const words = (title: string, explanation: string): CauseClass => ({ title, explanation });

/** By class; classes of refusals that only the cloud's words tell apart share a prefix, see {@link causeClass}. */
export const CAUSE_CLASSES: Readonly<Record<string, CauseClass>> = Object.freeze({
  'autoscaling-off': words(
    'The pool does not grow by itself',
    'Pods wait for a node of a pool whose autoscaling is off, as its own settings say.',
  ),
  'capacity-exhausted': words(
    'The nodes are full',
    'The scheduler finds too little on every node, nothing refused a further one, and none was seen to be asked for.',
  ),
  'claim-unusable': words(
    'A claim cannot be used',
    'A pod waits for a PersistentVolumeClaim that does not exist or is not bound; the events of the claim say why where there are any.',
  ),
  'config-map-key-missing': words(
    'A ConfigMap lacks a key',
    'A pod template names a key that the ConfigMap does not have, and not as optional.',
  ),
  'config-map-missing': words(
    'A ConfigMap does not exist',
    'A pod template names a ConfigMap that is not there, and not as optional: stated by the kubelet, or by its absence where ConfigMaps of the namespace were read.',
  ),
  'container-cannot-be-configured': words(
    'A container cannot be configured',
    'The kubelet refuses to create the container for a reason other than a missing object: it must not run as root and its image does, or a subPath cannot be prepared.',
  ),
  'container-cannot-start': words(
    'A container cannot be started',
    'The container runtime refuses to start the container: permissions, architecture, mounts, limits, hooks.',
  ),
  'dependency-unavailable': words(
    'What it calls does not answer',
    'A failing workload is configured to call a Service behind which nothing answers. A hint: nothing read shows that this call is what fails. Where the workload says so itself, it is a consequence of the other cause.',
  ),
  'executable-missing': words(
    'The image lacks its entrypoint',
    'The container runtime does not find the executable that the image or the command names.',
  ),
  'host-port-taken': words(
    'The host port is taken',
    'Each node that could take the pod has another pod on the same host port.',
  ),
  'host-unreachable': words(
    'A host outside the cluster does not answer',
    'Programs end and say in their last words that they could not call a host which is not part of the cluster. What several workloads miss is one cause.',
  ),
  'image-unavailable': words(
    'An image cannot be pulled',
    'The registry has no such image or refuses access to it, or the node cannot take it. One cause for each workload and image; where the registry itself is at fault, see registry-unreachable and registry-rate-limited.',
  ),
  'ip-space-exhausted': words(
    'The subnet has no addresses left',
    'The refused scale-up says that the range of the subnet has no room for a further node or its pods.',
  ),
  'limit-range-violated': words(
    'A LimitRange refuses the pods',
    'Requests or limits lie outside what the LimitRange of the namespace allows, so the API server refuses the pods.',
  ),
  'liveness-probe-kills': words(
    'The liveness probe kills the container',
    'The kubelet says before each restart that the liveness probe failed: the probe is wrong or too impatient, or the program hangs.',
  ),
  'load-balancer-controller-absent': words(
    'Nothing provides load balancers',
    'Services of type LoadBalancer that no controller has taken up, in a cluster that belongs to no cloud and runs no stand-in.',
  ),
  'load-balancer-quota-exhausted': words(
    'Load balancers exceed a quota',
    'The cloud refuses further addresses or rules; all Services that wait for the same quota have this cause.',
  ),
  'memory-grows': words(
    'Memory grows until it is killed',
    'The container is OOM-killed after long runs in which its memory climbs steadily: a higher limit only puts the kill off.',
  ),
  'memory-limit-too-low': words(
    'The memory limit is too low',
    'The kernel kills the container at its limit, and nothing shows memory that grows without bound.',
  ),
  'namespace-quota-exhausted': words(
    'The quota of the namespace is used up',
    'The API server refuses pods because of a ResourceQuota; none is ever pending.',
  ),
  'namespace-quota-needs-values': words(
    'The quota demands requests or limits',
    'A ResourceQuota on a resource makes stating it compulsory, and the containers do not.',
  ),
  'no-nodes': words('The cluster has no node', 'The scheduler knows of no node at all.'),
  'network-policy-blocks': words(
    'A NetworkPolicy keeps calls away',
    'Programs say that calls to a Service get no answer, or names none; pods behind it are ready, and by their rules the NetworkPolicies of either side let the calls not through.',
  ),
  'node-affinity-unmatched': words(
    'No node matches selector or affinity',
    'The node selector or required node affinity of the pods matches none of the nodes that could take them.',
  ),
  'node-full': words(
    'The one node is full',
    'The pod belongs on one node, as DaemonSet pods do, and others have taken what it needs there.',
  ),
  'node-name-unmatched': words('The named node does not exist', 'The pod asks for one node by name.'),
  'node-out-of-memory': words(
    'The node ran out of memory',
    'A container without a memory limit was OOM-killed, so the memory of the node itself was used up.',
  ),
  'nodes-cordoned': words(
    'The nodes that would fit are cordoned',
    'Pods wait although they would fit on nodes that somebody cordoned.',
  ),
  'nodes-lost': words('Lost nodes are missing', 'Pods wait that would fit if the nodes that are not ready came back.'),
  'pod-addresses-exhausted': words(
    'No Pod address is left on a node',
    'The network plugin has no address left to give on this node.',
  ),
  'pod-affinity-unmatched': words(
    'Pod affinity or anti-affinity cannot be met',
    'Rules of the pods or of those that run leave no node.',
  ),
  'pod-larger-than-any-node': words(
    'Pods ask for more than any node has',
    'No kind of node takes the pod even when empty.',
  ),
  'pod-network-unavailable': words(
    'The network plugin sets up no pods',
    'The kubelet of a node says that the network of its pods cannot be set up, and no failing pod of the plugin was seen there.',
  ),
  'pod-security-violated': words(
    'Pod Security admission refuses the pods',
    'The pod template violates the Pod Security level of the namespace.',
  ),
  'priority-class-missing': words(
    'A PriorityClass does not exist',
    'The pod template names a PriorityClass that is not there.',
  ),
  'preempted-by-priority': words(
    'Pods of higher priority took the room',
    'The scheduler preempted pods for those of a workload with a higher priority, as its events say, and what was preempted finds no other place. Whether the waiting pods would fit without that workload is tried with the scheduling filters.',
  ),
  'program-fails': words(
    'The program ends by itself',
    'The process ends with an error and nothing outside the container explains it: its log and its last change are the place to look.',
  ),
  'program-not-ready': words(
    'The program does not become ready',
    'The process runs and its readiness probe fails: the probe is wrong, or the program waits for something.',
  ),
  'quota-exhausted': words(
    'A cloud quota is used up',
    'Pods wait for a node that the cloud refuses, or that no quota table has room for.',
  ),
  'registry-access-refused': words(
    'A registry refuses the nodes',
    "The registry refuses access to several images that are pulled without a pull secret, by the nodes' own credentials: the role of the nodes, or a secret that all of them lack.",
  ),
  'registry-rate-limited': words(
    'The registry limits pulls',
    'The registry says that too many images were pulled; one cause for all that need it.',
  ),
  'registry-unreachable': words(
    'The registry cannot be reached',
    'Nodes get no answer from the registry; one cause for all images of it, in all namespaces.',
  ),
  'requests-exceed-capacity': words(
    'Requests far above usage fill the nodes',
    'Pods wait that would fit if running pods requested what they use.',
  ),
  'requests-exceed-quota': words(
    'Requests far above usage meet a full quota',
    'Pods wait that would fit if running pods requested what they use, and a quota keeps the cluster from growing around them.',
  ),
  'resource-not-offered': words(
    'No node offers the resource',
    'The pods ask for an extended resource, as for a GPU, that no node lists as allocatable.',
  ),
  'scheduling-gated': words('Scheduling gates hold the pods back', 'Whoever set the gates has not removed them.'),
  'secret-key-missing': words(
    'A Secret lacks a key',
    'A pod template names a key that the Secret does not have, and not as optional.',
  ),
  'secret-missing': words(
    'A Secret does not exist',
    'A pod template names a Secret that is not there, and not as optional.',
  ),
  'service-account-missing': words(
    'A ServiceAccount does not exist',
    'The pod template names a ServiceAccount that is not there, so the API server refuses the pods.',
  ),
  'service-name-unknown': words(
    'A Service that is called does not exist',
    'Programs end and say in their last words that a name inside the cluster is not known, and the namespace has no Service of that name.',
  ),
  'service-unreachable': words(
    'A Service does not answer, and nothing is seen to be wrong behind it',
    'Programs end and say in their last words that a call to the Service failed, while pods behind it are ready: a NetworkPolicy, a mesh, a wrong port, or a program that does not listen.',
  ),
  'spread-unsatisfiable': words('Topology spread cannot be met', 'The spread constraints of the pods leave no node.'),
  'stock-out': words(
    'The cloud has no machines left',
    'The refusal says that the zone has no resources, or it says quota while every quota has room.',
  ),
  'storage-class-missing': words(
    'A StorageClass does not exist',
    'Claims name a StorageClass that is not there; one cause for all of them.',
  ),
  'untolerated-taint': words(
    'The pods do not tolerate a taint',
    'The nodes that could take the pods have a taint that the pods do not tolerate.',
  ),
  'usage-above-request': words(
    'A container used more than it asked for when its node ran short',
    'The kubelet evicted the pod and names the container and what it used; the node is not short any more, or its pressure would be the cause.',
  ),
  'volume-held': words(
    'A volume is in use by another pod',
    'A disk that one node at a time can have is attached to another, where a pod still uses the claim; or a claim that is for one pod at a time has one.',
  ),
  'volume-limit-reached': words('The nodes have no volume slot left', 'Each node can attach only so many volumes.'),
  'volume-quota-exhausted': words('A cloud quota refuses disks', 'The refusal of the cloud on the claim says quota.'),
  'volume-unavailable': words('No usable volume', 'No volume that the pods can use is available.'),
  'volume-zone-conflict': words(
    'The volume is in another zone',
    'A zonal volume can only be used in its own zone, and no node there takes the pods.',
  ),
  'webhook-blocks-itself': words(
    'A webhook keeps its own pods from being created',
    'The webhook must answer for the creation of the pods that serve it, so it cannot come back by itself.',
  ),
  'webhook-denies': words('A webhook denies the pods', 'An admission webhook refuses the request, as its policy says.'),
  'webhook-unreachable': words(
    'A webhook does not answer',
    'An admission webhook that must answer cannot be reached, so nothing that it covers can be created.',
  ),
});

/** Classes that are followed by the kind of refusal. */
const PREFIXES: Readonly<Record<string, CauseClass>> = {
  'load-balancer-': words(
    'Load balancers are refused',
    'The cloud says why it creates no load balancer for Services that wait: permission, address, subnet, policy, its own limits.',
  ),
  'scale-up-refused-': words(
    'A further node is refused',
    'The autoscaler or the cloud says why a node that pods need does not come.',
  ),
};

/** Title and explanation of a class; `undefined` where it is a finding's code or not known. */
export function causeClass(name: string): CauseClass | undefined {
  if (Object.hasOwn(CAUSE_CLASSES, name)) return CAUSE_CLASSES[name];
  return Object.entries(PREFIXES).find(([prefix]) => name.startsWith(prefix))?.[1];
}
