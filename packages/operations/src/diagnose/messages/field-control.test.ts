import { describe } from 'vitest';
import { parseClaim, type ClaimMessage } from './claim.ts';
import { parseCreation } from './creation.ts';
import { parseEviction } from './eviction.ts';
import { describeField, type FieldRow } from './field.suite.ts';
import { parseLoadBalancer } from './load-balancer.ts';
import type { CloudRefusal, CreationMessage, EvictionMessage } from './message.ts';

const C = 'FailedCreate';
const creations: readonly FieldRow<Partial<CreationMessage>>[] = [
  [
    '1.14',
    C,
    'Error creating: pods "web-7c9-" is forbidden: exceeded quota: compute-quota, requested: cpu=500m, used: cpu=1500m, limited: cpu=2',
    { cause: 'quota', name: 'compute-quota', requested: { cpu: '500m' } },
  ],
  [
    '1.30',
    C,
    'Error creating: pods "web-7c9-x2x9k" is forbidden: exceeded quota: team-a, requested: limits.cpu=2,limits.memory=4Gi,requests.cpu=1, used: limits.cpu=19,limits.memory=38Gi,requests.cpu=9500m, limited: limits.cpu=20,limits.memory=40Gi,requests.cpu=10',
    { cause: 'quota', limited: { 'limits.cpu': '20', 'limits.memory': '40Gi', 'requests.cpu': '10' } },
  ],
  [
    '1.26, GKE',
    C,
    'Error creating: pods "job-x" is forbidden: exceeded quota: gke-resource-quotas, requested: pods=1, used: pods=1500, limited: pods=1500',
    { cause: 'quota', name: 'gke-resource-quotas' },
  ],
  [
    '1.20',
    C,
    'Error creating: pods "web-1" is forbidden: failed quota: mem-cpu: must specify limits.cpu,limits.memory,requests.cpu,requests.memory',
    { cause: 'quota-needs-values', name: 'mem-cpu' },
  ],
  [
    '1.26',
    C,
    'Error creating: pods "web-1" is forbidden: failed quota: mem-cpu: must specify limits.cpu for: web; requests.cpu for: web',
    { cause: 'quota-needs-values' },
  ],
  [
    '1.28',
    C,
    'Error creating: pods "web-1" is forbidden: [minimum cpu usage per Container is 100m, but request is 10m, maximum memory usage per Container is 1Gi, but limit is 2Gi]',
    { cause: 'limit-range' },
  ],
  [
    '1.14',
    C,
    'Error creating: pods "web-1" is forbidden: maximum memory usage per Container is 1Gi.  No limit is specified',
    { cause: 'limit-range' },
  ],
  [
    '1.25, PSA',
    C,
    'Error creating: pods "gw-kjf8d" is forbidden: violates PodSecurity "baseline:latest": non-default capabilities (container "falcon" must not include "SYS_PTRACE" in securityContext.capabilities.add), seccompProfile (container "falcon" must not set securityContext.seccompProfile.type to "Unconfined")',
    { cause: 'pod-security', name: 'baseline:latest' },
  ],
  [
    '1.27, PSA',
    C,
    'Error creating: pods "app-2dd4n" is forbidden: violates PodSecurity "restricted:v1.27": allowPrivilegeEscalation != false (container "runtime" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container "runtime" must set securityContext.capabilities.drop=["ALL"])',
    { cause: 'pod-security', name: 'restricted:v1.27' },
  ],
  [
    '1.18, PSP',
    C,
    'Error creating: pods "kube-proxy-" is forbidden: no providers available to validate pod request',
    { cause: 'pod-security' },
  ],
  [
    '1.22, PSP',
    C,
    'Error creating: pods "web-" is forbidden: PodSecurityPolicy: unable to admit pod: [spec.securityContext.hostNetwork: Invalid value: true: Host network is not allowed to be used]',
    { cause: 'pod-security' },
  ],
  [
    'OpenShift',
    C,
    'Error creating: pods "web-5-" is forbidden: unable to validate against any security context constraint: [provider "anyuid": Forbidden: not usable by user or serviceaccount, spec.containers[0].securityContext.runAsUser: Invalid value: 0: must be in the ranges: [1000620000, 1000629999]]',
    { cause: 'pod-security' },
  ],
  [
    'Gatekeeper',
    C,
    'Error creating: admission webhook "validation.gatekeeper.sh" denied the request: [container-must-have-limits] container <web> has no resource limits',
    { cause: 'webhook-denied', name: 'validation.gatekeeper.sh' },
  ],
  [
    'Kyverno',
    C,
    'Error creating: admission webhook "validate.kyverno.svc-fail" denied the request: \n\nresource Pod/prod/web-x was blocked due to the following policies \n\ndisallow-latest-tag:\n  validate-image-tag: \'validation error: An image tag is required.\'',
    { cause: 'webhook-denied', name: 'validate.kyverno.svc-fail' },
  ],
  [
    'GKE Autopilot',
    C,
    'Error creating: admission webhook "warden-validating.common-webhooks.networking.gke.io" denied the request: GKE Warden rejected the request because it violates one or more constraints.\nViolations details: {"[denied by autogke-no-write-mode-hostpath]":["hostPath volume docker-sock in container web is accessed in write mode; disallowed in Autopilot."]}',
    { cause: 'webhook-denied' },
  ],
  [
    '1.29',
    C,
    'Error creating: Internal error occurred: failed calling webhook "injector.falcon-system.svc": failed to call webhook: Post "https://injector.falcon-system.svc:443/mutate?timeout=30s": service "injector" not found',
    { cause: 'webhook-unreachable', name: 'injector.falcon-system.svc' },
  ],
  [
    '1.26',
    C,
    'Error creating: Internal error occurred: failed calling webhook "vingress.elbv2.k8s.aws": failed to call webhook: Post "https://aws-load-balancer-webhook-service.kube-system.svc:443/mutate-v1-pod?timeout=10s": no endpoints available for service "aws-load-balancer-webhook-service"',
    { cause: 'webhook-unreachable' },
  ],
  [
    '1.24',
    C,
    'Error creating: Internal error occurred: failed calling webhook "namespace.sidecar-injector.istio.io": failed to call webhook: Post "https://istiod.istio-system.svc:443/inject?timeout=10s": x509: certificate signed by unknown authority',
    { cause: 'webhook-unreachable' },
  ],
  [
    '1.25',
    C,
    'Error creating: pods "web-" is forbidden: error looking up service account prod/web: serviceaccount "web" not found',
    { cause: 'service-account-missing', name: 'web' },
  ],
  [
    '1.25',
    C,
    'Error creating: pods "web-" is forbidden: no PriorityClass with name high was found',
    { cause: 'priority-class-missing', name: 'high' },
  ],
  [
    '1.25',
    C,
    'Error creating: pods "web-" is forbidden: pod rejected: RuntimeClass "gvisor" not found',
    { cause: 'runtime-class-missing', name: 'gvisor' },
  ],
  [
    '1.25',
    C,
    'Error creating: pods "node-agent-" is forbidden: insufficient quota to match these scopes: [{PriorityClass In [system-node-critical system-cluster-critical]}]',
    { cause: 'quota' },
  ],
  [
    '1.30',
    C,
    'Error creating: Pod "web-x" is invalid: [spec.volumes[1].name: Duplicate value: "data", spec.containers[0].volumeMounts[0].name: Not found: "cfg"]',
    { cause: 'invalid' },
  ],
  [
    '1.27, StatefulSet',
    C,
    'create Pod db-0 in StatefulSet db failed error: Pod "db-0" is invalid: spec.containers[0].resources.requests: Invalid value: "4": must be less than or equal to cpu limit of 2',
    { cause: 'invalid' },
  ],
  [
    '1.27, StatefulSet',
    C,
    'create Claim data-db-0 for Pod db-0 in StatefulSet db failed error: persistentvolumeclaims "data-db-0" is forbidden: exceeded quota: storage, requested: persistentvolumeclaims=1, used: persistentvolumeclaims=5, limited: persistentvolumeclaims=5',
    { cause: 'quota', name: 'storage' },
  ],
  [
    '1.28',
    C,
    'Error creating: pods "web-" is forbidden: unable to create new content in namespace prod because it is being terminated',
    { cause: 'forbidden' },
  ],
  [
    'ImagePolicyWebhook',
    C,
    'Error creating: pods "nginx-8586cf59-lbnjh" is forbidden: image policy webhook backend denied one or more images: Denied by default admission rule. Overridden by evaluation mode',
    { cause: 'webhook-denied' },
  ],
];

const evictions: readonly FieldRow<Partial<EvictionMessage>>[] = [
  [
    '1.30, AKS',
    'Evicted',
    'The node was low on resource: memory. Threshold quantity: 750Mi, available: 225800Ki. Container nginx was using 4395616Ki, request is 0, has larger consumption of memory. ',
    { cause: 'node-pressure', resource: 'memory', containers: [{ name: 'nginx', used: '4395616Ki', request: '0' }] },
  ],
  [
    '1.29',
    'Evicted',
    'The node was low on resource: ephemeral-storage. Threshold quantity: 46993491787, available: 45494108Ki. Container kibana was using 108Ki, request is 0, has larger consumption of ephemeral-storage. ',
    { cause: 'node-pressure', resource: 'ephemeral-storage' },
  ],
  [
    '1.28',
    'Evicted',
    'The node was low on resource: memory. Threshold quantity: 12Gi, available: 12536420Ki. Container p1 was using 788244Ki, request is 128M, has larger consumption of memory. ',
    { containers: [{ name: 'p1', used: '788244Ki', request: '128M' }] },
  ],
  [
    '1.20',
    'Evicted',
    'The node was low on resource: ephemeral-storage. Container web was using 1204Ki, which exceeds its request of 0. Container proxy was using 20Ki, which exceeds its request of 0. ',
    {
      cause: 'node-pressure',
      containers: [
        { name: 'web', used: '1204Ki', request: '0' },
        { name: 'proxy', used: '20Ki', request: '0' },
      ],
    },
  ],
  [
    '1.15',
    'Evicted',
    'The node was low on resource: [DiskPressure].',
    { cause: 'node-pressure', resource: 'ephemeral-storage' },
  ],
  [
    '1.27',
    'Evicted',
    'The node was low on resource: inodes. Threshold quantity: 5%, available: 4%.',
    { cause: 'node-pressure', resource: 'inodes' },
  ],
  [
    '1.24',
    'Evicted',
    'The node had condition: [DiskPressure]. ',
    { cause: 'node-pressure', resource: 'ephemeral-storage' },
  ],
  [
    '1.24',
    'Evicted',
    'Pod The node had condition: [MemoryPressure]. '.slice(4),
    { cause: 'node-pressure', resource: 'memory' },
  ],
  [
    '1.26',
    'Evicted',
    'Pod ephemeral local storage usage exceeds the total limit of containers 1Gi. ',
    { cause: 'storage-limit' },
  ],
  [
    '1.26',
    'Evicted',
    'Container web exceeded its local ephemeral storage limit "500Mi". ',
    { cause: 'storage-limit', containers: [{ name: 'web' }] },
  ],
  ['1.26', 'Evicted', 'Usage of EmptyDir volume "cache" exceeds the limit "256Mi". ', { cause: 'storage-limit' }],
  ['1.25', 'TaintManagerEviction', 'Marking for deletion Pod prod/web-1', { cause: 'taint' }],
  [
    '1.24, GKE spot',
    'NodeShutdown',
    'Pod was terminated in response to imminent node shutdown.',
    { cause: 'node-shutdown' },
  ],
  ['1.28', 'NodeShutdown', 'Pod was rejected as the node is shutting down.', { cause: 'node-shutdown' }],
  [
    '1.21',
    'OutOfcpu',
    "Pod Node didn't have enough resource: cpu, requested: 500, used: 1930, capacity: 1930".slice(4),
    { cause: 'admission', resource: 'cpu' },
  ],
  [
    '1.30',
    'OutOfpods',
    "Pod was rejected: Node didn't have enough resource: pods, requested: 1, used: 110, capacity: 110",
    { cause: 'admission', resource: 'pods' },
  ],
  [
    '1.28',
    'UnexpectedAdmissionError',
    'Pod was rejected: Allocate failed due to no healthy devices present; cannot allocate unhealthy devices nvidia.com/gpu, which is unexpected',
    { cause: 'admission' },
  ],
  [
    '1.28',
    'NodeAffinity',
    "Pod was rejected: Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector",
    { cause: 'admission' },
  ],
  ['1.14', 'Preempting', 'Preempted in order to admit critical pod', { cause: 'preempted' }],
  [
    '1.30',
    'Preempted',
    'Preempted by pod 6d3e3e1a-5d5c-4d3c-8d0f-0a5f5e0f5e5d on node gke-c-pool-1a2b',
    { cause: 'preempted' },
  ],
];

const L = 'SyncLoadBalancerFailed';
const SYNC = 'Error syncing load balancer: failed to ensure load balancer:';
const balancers: readonly FieldRow<Partial<CloudRefusal>>[] = [
  [
    'GCE',
    L,
    `${SYNC} failed to create forwarding rule for load balancer (a1b2(prod/web)): googleapi: Error 403: Quota 'IN_USE_ADDRESSES' exceeded.  Limit: 8.0 in region us-central1., quotaExceeded`,
    { cause: 'quota', metric: 'IN_USE_ADDRESSES', region: 'us-central1' },
  ],
  [
    'GCE',
    L,
    `${SYNC} failed to create target pool for load balancer (a1b2(prod/web)): googleapi: Error 403: Quota 'TARGET_POOLS' exceeded.  Limit: 50.0 globally., quotaExceeded`,
    { cause: 'quota', metric: 'TARGET_POOLS', region: 'global' },
  ],
  [
    'GCE',
    L,
    `${SYNC} requested IP "34.1.2.3" belongs to the Standard network tier; expected Premium`,
    { cause: 'address-conflict' },
  ],
  [
    'GCE',
    L,
    `${SYNC} failed to ensure static IP: requested ip "10.0.0.9" is neither static nor assigned to the LB`,
    { cause: 'address-conflict' },
  ],
  [
    'GCE',
    L,
    `${SYNC} googleapi: Error 400: Invalid value for field 'resource.IPAddress': '34.1.2.3'. Specified IP address is in-use and would result in a conflict., invalid`,
    { cause: 'address-conflict' },
  ],
  [
    'GCE',
    L,
    `${SYNC} googleapi: Error 403: Required 'compute.firewalls.create' permission for 'projects/demo/global/firewalls/k8s-fw', forbidden`,
    { cause: 'permission' },
  ],
  [
    'GCE',
    L,
    `${SYNC} googleapi: Error 400: Invalid value for field 'resource.ports': ''. Too many ports specified. Maximum is 5., invalid`,
    { cause: 'invalid-request' },
  ],
  ['EKS', L, `${SYNC} could not find any suitable subnets for creating the ELB`, { cause: 'not-found' }],
  [
    'EKS',
    L,
    `${SYNC} TooManyLoadBalancers: Exceeded quota of account 111122223333\n\tstatus code: 400, request id: 5b`,
    { cause: 'quota' },
  ],
  [
    'EKS',
    L,
    `${SYNC} AccessDenied: User: arn:aws:sts::111122223333:assumed-role/cluster/1 is not authorized to perform: ec2:DescribeAccountAttributes\n\tstatus code: 403`,
    { cause: 'permission' },
  ],
  [
    'EKS',
    L,
    `${SYNC} error creating load balancer: "ResourceInUse: The allocation IDs are not available for use\n\tstatus code: 400, request id: 5"`,
    { cause: 'address-conflict' },
  ],
  [
    'EKS',
    L,
    `${SYNC} InvalidConfigurationRequest: ELB cannot be attached to multiple subnets in the same AZ.`,
    { cause: 'invalid-request' },
  ],
  [
    'EKS',
    L,
    `${SYNC} error creating load balancer: "AllocationIdNotFound: The allocation IDs 'eipalloc-1' do not exist (Service: AmazonEC2; Status Code: 400; Error Code: InvalidAllocationID.NotFound)"`,
    { cause: 'not-found' },
  ],
  [
    'EKS',
    L,
    `${SYNC} multiple tagged security groups found for instance i-0; ensure only the k8s security group is tagged`,
    { cause: 'invalid-request' },
  ],
  [
    'AKS',
    L,
    `${SYNC} Retriable: false, RetryAfter: 0s, HTTPStatusCode: 403, RawError: {"error":{"code":"AuthorizationFailed","message":"The client '33e4' with object id '33e4' does not have authorization to perform action 'Microsoft.Network/virtualNetworks/subnets/read'"}}`,
    { cause: 'permission' },
  ],
  [
    'AKS',
    L,
    `${SYNC} Retriable: false, RetryAfter: 0s, HTTPStatusCode: 400, RawError: {"error":{"code":"PublicIPCountLimitReached","message":"Cannot create more than 10 public IP addresses for this subscription in this region."}}`,
    { cause: 'quota' },
  ],
  [
    'AKS',
    L,
    `${SYNC} RESPONSE 400: 400 Bad Request ERROR CODE: SubnetIsFull Subnet /subscriptions/s/subnets/default-0 with address prefix 10.202.17.192/27 does not have enough capacity for 1 IP addresses.`,
    { cause: 'ip-space' },
  ],
  [
    'AKS',
    L,
    `${SYNC} Retriable: false, RetryAfter: 0s, HTTPStatusCode: 429, RawError: {"Error":{"Details":[{"Code":"GatewayError","Message":"Error occurred in resource provider infrastructure services."}]}}`,
    { cause: 'throttled' },
  ],
  ['AKS', L, `${SYNC} timed out waiting for the condition`, { cause: 'timeout' }],
  ['AKS', L, `${SYNC} user supplied IP Address 20.1.2.3 was not found in resource group mc_g`, { cause: 'not-found' }],
  [
    'AKS, 1.14',
    L,
    `${SYNC} Code="RetryableError" Message="A retryable error occurred." Details=[{"code":"RetryableErrorDueToAnotherOperation","message":"Operation PutLoadBalancerOperation is updating resource"}]`,
    { cause: 'throttled' },
  ],
  [
    '1.13',
    'CreatingLoadBalancerFailed',
    "Error creating load balancer (will retry): failed to ensure load balancer for service prod/web: googleapi: Error 403: Quota 'FORWARDING_RULES' exceeded. Limit: 15.0 globally., quotaExceeded",
    { cause: 'quota', metric: 'FORWARDING_RULES' },
  ],
  ['1.25', 'UnAvailableLoadBalancer', 'There are no available nodes for LoadBalancer', { cause: 'not-ready' }],
  [
    'ingress-gce',
    'Sync',
    "Error syncing to GCP: error running load balancer syncing routine: loadbalancer k2-um does not exist: googleapi: Error 403: Quota 'BACKEND_SERVICES' exceeded.  Limit: 9.0 globally., quotaExceeded",
    { cause: 'quota', metric: 'BACKEND_SERVICES' },
  ],
  [
    'ingress-gce',
    'Translate',
    'Translation failed: invalid ingress spec: could not find service "prod/web"',
    { cause: 'not-found' },
  ],
  [
    'ingress-gce',
    'Translate',
    'Translation failed: invalid ingress spec: could not find port "80" in service "prod/web"',
    { cause: 'not-found' },
  ],
  [
    'ingress-gce',
    'Translate',
    'Translation failed: invalid ingress spec: service "prod/web" is type "ClusterIP", expected "NodePort" or "LoadBalancer"',
    { cause: 'invalid-request' },
  ],
  [
    'ingress-gce L4',
    'SyncExternalLoadBalancerFailed',
    "Error ensuring Resource for L4 External LoadBalancer, err: googleapi: Error 403: Quota 'EXTERNAL_NETWORK_LB_FORWARDING_RULES' exceeded.  Limit: 75.0 in region us-central1., quotaExceeded",
    { cause: 'quota', metric: 'EXTERNAL_NETWORK_LB_FORWARDING_RULES' },
  ],
];

const claims: readonly FieldRow<Partial<ClaimMessage>>[] = [
  [
    '1.14',
    'FailedBinding',
    'no persistent volumes available for this claim and no storage class is set',
    { cause: 'no-class' },
  ],
  [
    '1.14',
    'ProvisioningFailed',
    'storageclass.storage.k8s.io "gp2" not found',
    { cause: 'class-missing', storageClass: 'gp2' },
  ],
  [
    'GCE PD',
    'ProvisioningFailed',
    'failed to provision volume with StorageClass "premium-rwo": rpc error: code = ResourceExhausted desc = CreateVolume failed to create single zonal disk "pvc-1": failed to insert zonal disk: unknown Insert disk operation error: rpc error: code = ResourceExhausted desc = operation operation-1 failed (QUOTA_EXCEEDED): Quota \'SSD_TOTAL_GB\' exceeded.  Limit: 500.0 in region us-central1.',
    { cause: 'cloud', storageClass: 'premium-rwo' },
  ],
  [
    'GCE PD',
    'ProvisioningFailed',
    'failed to provision volume with StorageClass "standard-rwo": rpc error: code = Unavailable desc = CreateVolume failed: rpc error: code = Unavailable desc = operation failed (ZONE_RESOURCE_POOL_EXHAUSTED)',
    { cause: 'cloud' },
  ],
  [
    'EBS',
    'ProvisioningFailed',
    'failed to provision volume with StorageClass "gp3": rpc error: code = Internal desc = Could not create volume "pvc-1": could not create volume in EC2: UnauthorizedOperation: You are not authorized to perform this operation.',
    { cause: 'cloud' },
  ],
  [
    'EBS',
    'ProvisioningFailed',
    'failed to provision volume with StorageClass "gp3": rpc error: code = Internal desc = Could not create volume "pvc-1": could not create volume in EC2: VolumeLimitExceeded: You have exceeded your maximum gp3 storage limit of 50 TiB in this region.',
    { cause: 'cloud' },
  ],
  [
    'Azure disk',
    'ProvisioningFailed',
    'failed to provision volume with StorageClass "managed-csi": rpc error: code = Internal desc = Retriable: false, RetryAfter: 0s, HTTPStatusCode: 403, RawError: {"error":{"code":"AuthorizationFailed","message":"The client does not have authorization"}}',
    { cause: 'cloud' },
  ],
  [
    'CSI',
    'ProvisioningFailed',
    'failed to provision volume with StorageClass "nfs": rpc error: code = DeadlineExceeded desc = context deadline exceeded',
    { cause: 'timeout' },
  ],
  [
    '1.24',
    'ProvisioningFailed',
    'Failed to provision volume with StorageClass "standard": googleapi: Error 403: Insufficient Permission: Request had insufficient authentication scopes., insufficientPermissions',
    { cause: 'cloud' },
  ],
  [
    '1.25',
    'VolumeResizeFailed',
    'resize volume "pvc-1" by resizer "ebs.csi.aws.com" failed: rpc error: code = Internal desc = Could not resize volume "vol-1": volume "vol-1" in OPTIMIZING state, cannot currently modify',
    { cause: 'resize', volume: 'pvc-1' },
  ],
  ['1.20', 'ClaimLost', 'Bound claim has lost its PersistentVolume. Data on the volume is lost!', { cause: 'lost' }],
  [
    '1.22',
    'VolumeMismatch',
    'Cannot bind to requested volume "pv-1": requested PV is too small',
    { cause: 'mismatch', volume: 'pv-1' },
  ],
  ['1.22', 'VolumeFailedDelete', 'persistentvolume pvc-1 is still attached to node worker-1', { cause: 'delete' }],
];

describe('creation in the field', () => {
  describeField(creations, (_reason, text) => parseCreation(text));
});
describe('evictions in the field', () => {
  describeField(evictions, parseEviction);
});
describe('load balancers in the field', () => {
  describeField(balancers, parseLoadBalancer);
});
describe('claims in the field', () => {
  describeField(claims, parseClaim);
});
