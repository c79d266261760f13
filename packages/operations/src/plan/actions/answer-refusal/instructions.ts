/** What a person does about each reason for which the cloud refuses a load balancer or a node. */

const AGAIN = 'Nothing else has to be done in the cluster: its controllers try again by themselves.';

/** By class of cause; full sentences with commands. Sources: https://cloud.google.com/kubernetes-engine/docs/troubleshooting/load-balancing and https://cloud.google.com/kubernetes-engine/docs/troubleshooting/cluster-autoscaler-scale-up */
export const INSTRUCTIONS: Readonly<Record<string, string>> = {
  'load-balancer-address-conflict': `See who has the address: gcloud compute addresses list --filter="address=ADDRESS"; gcloud compute forwarding-rules list --filter="IPAddress=ADDRESS". Where another Service or project uses it, decide whose it is; reserve another one in the region and network tier of the cluster (gcloud compute addresses create NAME --region=REGION) and name it in spec.loadBalancerIP, or in annotation networking.gke.io/load-balancer-ip-addresses; or take the field out, where any address will do. ${AGAIN}`,
  'load-balancer-not-found': `Make what the refusal names (a subnetwork, an address, a certificate), or correct the annotation of the Service that names it: kubectl describe service NAME -n NAMESPACE has the refusal and the annotations. ${AGAIN}`,
  'load-balancer-permission': `Find out which account is refused: the audit log names it as the principal of the call. Grant it the narrowest role that holds the permission; with the network of a host project these are roles/container.hostServiceAgentUser and, for firewalls, roles/compute.securityAdmin there. ${AGAIN}`,
  'load-balancer-ip-space': `See what the subnetwork has left: gcloud compute networks subnets describe SUBNET --region=REGION. Enlarge its range (gcloud compute networks subnets expand-ip-range SUBNET --region=REGION --prefix-length=LENGTH), which cannot be undone, or release addresses in it that nobody uses. ${AGAIN}`,
  'load-balancer-invalid-request':
    'Correct the ports, the protocol or the annotation that the refusal names: kubectl describe service NAME -n NAMESPACE. One load balancer of GKE carries one protocol, unless mixed protocols are asked for; internal ones take an address of their own subnetwork alone.',
  'load-balancer-organisation-policy': `Decide with who keeps the policies of the organisation: make the Service internal (annotation networking.gke.io/load-balancer-type: Internal), where it is called from inside alone, or have an exception made (gcloud org-policies describe compute.restrictLoadBalancerCreationForTypes --project=PROJECT). ${AGAIN}`,
  'load-balancer-not-ready':
    'Bring nodes back to Ready first; load balancers have nobody to send traffic to without them. Nodes with label node.kubernetes.io/exclude-from-external-load-balancers do not count.',
  'load-balancer-throttled': `Find what calls the API of the project so often (gcloud logging read for protoPayload.methodName, or the page of quotas), and slow it down. ${AGAIN}`,
  'load-balancer-timeout': `Look at the status of the cloud in the region, and at the operations of the project (gcloud compute operations list --filter="status!=DONE"). ${AGAIN}`,
  'scale-up-refused-permission': `Find out which account is refused: the audit log names it as the principal of the call. Machines of instance groups are made by the Google APIs service agent, all else by that of GKE; grant it the narrowest role that holds the permission. ${AGAIN}`,
  'scale-up-refused-service-account':
    'Undelete the service account that the nodes run as, within 30 days (gcloud iam service-accounts undelete ID), or make a node pool with another one and move the workloads there: the account of a pool cannot be changed.',
  'scale-up-refused-reservation':
    'See what the reservation has left and whether its machine type and zone are those of the pool (gcloud compute reservations describe NAME --zone=ZONE). Enlarge it, or make a pool that does without it (--reservation-affinity=none).',
  'scale-up-refused-organisation-policy':
    'Find the constraint that the refusal names (gcloud org-policies list --project=PROJECT). Meet it with another pool, as one of private nodes or shielded ones, or have an exception made.',
  'scale-up-refused-cluster-limit':
    'Raise the limits of node auto-provisioning (gcloud container clusters update NAME --enable-autoprovisioning --max-cpu=CPU --max-memory=GB), or let requests go down.',
  'scale-up-refused-invalid-request':
    'Correct what the refusal names in the configuration of the node pool (gcloud container node-pools describe NAME --cluster=CLUSTER): machine type, disk, image or labels.',
  'scale-up-refused-timeout':
    'Look why a machine does not become a node: its serial console (gcloud compute instances get-serial-port-output NAME --zone=ZONE), firewalls towards the control plane, the rights of its service account, its start script.',
  'scale-up-refused-throttled': `Find what calls the API of the project so often, and slow it down. ${AGAIN}`,
  'scale-up-refused-other':
    'Read the refusal in the events of the autoscaler (kubectl get events -n kube-system) and in the errors of the instance group (gcloud compute instance-groups managed list-errors NAME --zone=ZONE), and do what it says.',
};
