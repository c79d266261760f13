/**
 * Load balancers that are not made: events of the service controller, ingress-gce and the NEG controller on Services and
 * Ingresses, 1.14–1.36. A text without the cloud's words is read by the rows here.
 */
import { parseCloudRefusal } from './cloud-refusal.ts';
import { plainText } from './event-text.ts';
import type { CloudCause, CloudRefusal } from './message.ts';
import { firstMatch, type Row } from './row.ts';

const row = (versions: string, cause: CloudCause, pattern: RegExp): Row<CloudCause> => ({ versions, cause, pattern });

const ROWS: readonly Row<CloudCause>[] = [
  row('all', 'not-ready', /There are no available nodes for LoadBalancer|cannot EnsureLoadBalancer\(\) with no hosts/),
  row(
    'all',
    'invalid-request',
    /mixed protocols? is not supported for LoadBalancer|no ports specified for GCE load balancer/i,
  ),
  row('all', 'invalid-request', /invalid load balancer source ranges?|is not a valid (?:CIDR|port)/i),
  row(
    'ingress-gce',
    'not-found',
    /[Cc]ould not find (?:TLS certificate|service|port|backend)|secret "[^"]{1,320}" (?:does not exist|not found)/,
  ),
  row('EC2', 'not-found', /could not find any suitable subnets|AllocationIdNotFound|InvalidAllocationID\.NotFound/),
  row('EC2', 'address-conflict', /ResourceInUse: The allocation IDs/),
  row('EC2', 'invalid-request', /InvalidConfigurationRequest|multiple tagged security groups found/),
  row(
    'AWS',
    'not-found',
    /couldn't auto-discover subnets|unable to resolve at least one subnet|no certificate found for host/,
  ),
  row(
    'AWS',
    'not-found',
    /(?:services?|Service|Secret|ingressClass|IngressClass)(?:\.\S{1,40})? "[^"]{1,320}" not found/,
  ),
  row('AWS', 'invalid-request', /conflicting (?:load balancer|scheme|IPAddressType|subnets?|attribute)/i),
  row('MetalLB', 'ip-space', /no available IPs/),
  row(
    'MetalLB',
    'address-conflict',
    /is not allowed in config|can't change sharing key|address also in use by|not compatible with requested/,
  ),
  row('MetalLB', 'invalid-request', /unknown pool "|invalid (?:spec\.)?loadBalancerIP/),
  row('Azure', 'not-found', /user supplied IP Address \S{1,60} was not found/),
  row('ingress-gce', 'invalid-request', /Translation failed: |is type "?ClusterIP"?, expected/),
  row('ingress-gce', 'address-conflict', /IP configuration error: |static IP .{0,300}does not exist/),
];

/** Reasons whose Warning events are about a load balancer. */
const REASONS: ReadonlySet<string> = new Set([
  'SyncLoadBalancerFailed',
  'CreatingLoadBalancerFailed',
  'UpdateLoadBalancerFailed',
  'LoadBalancerUpdateFailed',
  'DeleteLoadBalancerFailed',
  'DeletingLoadBalancerFailed',
  'CleanupLoadBalancerFailed',
  'UnAvailableLoadBalancer',
  'SyncExternalLoadBalancerFailed',
  'SyncInternalLoadBalancerFailed',
  'SyncInstanceGroupsFailed',
  'SyncNetworkEndpointGroupFailed',
  'ProcessServiceFailed',
  'ConflictingConfiguration',
  'CanNotMigrateTargetPoolToRBS',
  'MixedStaticIP',
  // MetalLB, and the load balancer controller of AWS on Services and Ingresses.
  'AllocationFailed',
  'LoadBalancerFailed',
  'loadBalancerFailed',
  'FailedBuildModel',
  'FailedDeployModel',
  'FailedUpdateStatus',
  'FailedAddFinalizer',
  'FailedCleanupFinalizer',
]);

/** Whether a Warning of this reason says that something about a load balancer failed. */
export function isLoadBalancerFailure(reason: string): boolean {
  return REASONS.has(reason) || INGRESS_REASONS.has(reason);
}

/** Ingress reasons that Normal events use as well; their failures begin so. */
const FAILURE = /^(?:Error syncing to GCP|Translation failed|Error during sync|error |failed )/i;
const INGRESS_REASONS: ReadonlySet<string> = new Set(['Sync', 'Translate']);

/**
 * Reads why a load balancer was not made; `other` for a reason of failure with unknown words, `undefined` for other reasons
 * and for progress such as `Scheduled for sync`.
 */
export function parseLoadBalancer(reason: string, message: string): CloudRefusal | undefined {
  const text = plainText(message);
  const concerns = REASONS.has(reason) || (INGRESS_REASONS.has(reason) && FAILURE.test(text));
  if (!concerns) return undefined;
  const own = firstMatch(ROWS, text);
  const cloud = parseCloudRefusal(text);
  if (cloud !== undefined && (own === undefined || cloud.cause === 'quota' || cloud.cause === 'permission'))
    return cloud;
  return { cause: own?.row.cause ?? 'other', text };
}
