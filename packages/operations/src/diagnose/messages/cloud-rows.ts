/**
 * What clouds and autoscalers say when they refuse capacity, an address or a disk. Read from the GCE provider, the cluster
 * autoscaler, ingress-gce, the PD CSI driver and GKE's autoscaler; the words of EC2 and Azure stand where the autoscaler
 * passes them on.
 */
import type { CloudCause } from './message.ts';
import type { Row } from './row.ts';

const row = (versions: string, cause: CloudCause, pattern: RegExp): Row<CloudCause> => ({ versions, cause, pattern });

/**
 * Sentences that name a quota. Google writes one or two spaces after `exceeded.`; white space is already single here. A limit
 * or a region counts only where it cannot be the beginning of a longer one. Global, because a text can name several.
 */
export const QUOTA_ROWS: readonly Row<CloudCause>[] = [
  row(
    'GCE',
    'quota',
    /Quota '(?<metric>[\w./-]{1,120})' exceeded\.?(?: ?Limit: ?(?<limit>\d{1,15}(?:\.\d{1,6})?(?=[ ,;]|\. )|\d{1,15}\.0$))?(?: (?:in (?:region (?<region>[a-z]{2,24}-[a-z]{2,24}\d{1,2}(?![\w-]))|zone (?<zone>[a-z]{2,24}-[a-z]{2,24}\d{1,2}-[a-z](?![\w-])))|(?<global>globally)))?/g,
  ),
  row(
    'GCE',
    'quota',
    /Quota limit '(?<metric>[\w./-]{1,120})' has been exceeded\.?(?: ?Limit: ?(?<limit>\d{1,15}(?:\.\d{1,6})?(?=[ ,;]|\. )|\d{1,15}\.0$))?(?: (?:in region (?<region>[a-z]{2,24}-[a-z]{2,24}\d{1,2}(?![\w-]))|(?<global>globally)))?/g,
  ),
  row(
    'GKE',
    'quota',
    /Insufficient (?:regional|(?<global>project)) quota to satisfy(?: the)? request: resource "(?<metric>[\w./-]{1,120})"(?:: request requires '[\d.]{1,20}' and is short '[\d.]{1,20}'\. project has a quota of '(?<limit>[\d.]{1,20})')?/g,
  ),
  row(
    'Azure',
    'quota',
    /exceeding approved (?<metric>[\w ]{1,80}) quota\.?(?:[^']{0,300}?Location: (?<region>[a-z0-9]{3,30}), Current Limit: (?<limit>\d{1,9})(?=[,. ]))?/g,
  ),
  row(
    'EC2',
    'quota',
    /You have requested more vCPU capacity than your current vCPU limit of (?<limit>\d{1,9}) allows/g,
  ),
];

/** Too many calls per minute: a quota of the API, none of capacity; the caller tries again by itself. */
const RATE: readonly Row<CloudCause>[] = [
  row('GCE', 'throttled', /RATE_LIMIT_EXCEEDED|rateLimitExceeded|Quota exceeded for quota (?:metric|group)/),
  row('EC2', 'throttled', /RequestLimitExceeded|Throttling: Rate exceeded/),
  row('Azure', 'throttled', /HTTPStatusCode: 429|RetryableError\b|TooManyRequests/),
];

const CAPACITY: readonly Row<CloudCause>[] = [
  row(
    'GCE',
    'stock-out',
    /RESOURCE_POOL_EXHAUSTED|does not have enough resources available to fulfil{1,2} the request/,
  ),
  row('autoscaler', 'stock-out', /INSUFFICIENT_CAPACITY|OutOfResource\.OUT_OF_RESOURCES|\bstockout\b/i),
  row('GKE', 'stock-out', /GCE out of resources/),
  row('EC2', 'stock-out', /InsufficientInstanceCapacity|We currently do not have sufficient \S{1,60} capacity/),
  row('Azure', 'stock-out', /(?:Zonal|Overconstrained\w{0,40})?AllocationFailed|SkuNotAvailable/),
  row('GCE', 'ip-space', /IP_SPACE_EXHAUSTED|IP space of '[^']{1,300}' is exhausted/),
  row('GKE', 'ip-space', /IP space exhausted/i),
  row('EC2', 'ip-space', /InsufficientFreeAddressesInSubnet|InsufficientCidrBlocks/),
  row('Azure', 'ip-space', /SubnetIsFull|does not have enough capacity for \d{1,9} IP addresses/),
  row(
    'GCE',
    'organisation-policy',
    /EXTERNAL_IP_ACCESS_POLICY_CONSTRAINT|[Cc]onstraint '?constraints\/[\w.]{1,120}'? (?:is )?violated/,
  ),
  row(
    'autoscaler',
    'reservation',
    /INVALID_RESERVATION|RESERVATION_(?:NOT_FOUND|NOT_READY|CAPACITY_EXCEEDED|INCOMPATIBLE)/,
  ),
  row('autoscaler', 'reservation', /AUTOMATIC_RESERVATIONS_(?:NOT_AVAILABLE|NO_CAPACITY)/),
  row(
    'GKE',
    'reservation',
    /\breservations?\b.{0,40}(?:not ready|capacity exceeded|not found|incompatible|not available|no capacity)/i,
  ),
  row('GKE', 'reservation', /Invalid Reservation/i),
  row(
    'GKE',
    'placement',
    /Unsupported Compact Placement Config|Invalid TPU (?:topology|configuration)|UNSUPPORTED_TPU_CONFIGURATION/,
  ),
  row('GKE', 'placement', /Node group "[^"]{1,320}" already exists/),
];

const ACCESS: readonly Row<CloudCause>[] = [
  row(
    'GKE',
    'service-account',
    /Service Account was deleted|service account \S{1,320} (?:was deleted|does not exist)/i,
  ),
  row('GCE', 'service-account', /The user does not have access to service account/),
  row(
    'GCE',
    'permission',
    /Required '[^']{1,160}' permission|PERMISSIONS_ERROR|PERMISSION_DENIED|insufficientPermissions/,
  ),
  row('GCE', 'permission', /The caller does not have permission|code = PermissionDenied/),
  row('EC2', 'permission', /UnauthorizedOperation|AccessDenied|is not authorized to perform/),
  row('Azure', 'permission', /AuthorizationFailed/),
];

const ADDRESS: readonly Row<CloudCause>[] = [
  row('GCE', 'address-conflict', /IP_IN_USE_BY_ANOTHER_RESOURCE|Specified IP address is in-use/),
  row(
    'GCE',
    'address-conflict',
    /requested (?:ip|IP) "[^"]{1,80}" (?:is neither static nor assigned to the LB|belongs to the \w{1,20} network tier)/,
  ),
  row('ingress-gce', 'address-conflict', /IP configuration error: "[^"]{1,80}"/),
  row(
    'GCE',
    'address-conflict',
    /[Ee]xternal IP address '[^']{1,80}' (?:is|was) already (?:being )?used|is already being used by another resource/,
  ),
];

/** Each names one cause for itself; a text can hold several. */
export const CAUSE_ROWS: readonly Row<CloudCause>[] = [...CAPACITY, ...ACCESS, ...ADDRESS];

/** A quota without its name; only where no sentence names one. */
export const QUOTA_CODE_ROWS: readonly Row<CloudCause>[] = [
  ...RATE,
  row('GKE', 'quota', /GCE quota exceeded/),
  row('GCE', 'quota', /\b[A-Z_]{0,40}QUOTA_EXCEEDED\b|\bquotaExceeded\b|Insufficient quota to satisfy/),
  row('autoscaler', 'quota', /\bOutOfResource\.[A-Z_]{0,40}QUOTA[A-Z_]{0,40}/),
  row(
    'EC2',
    'quota',
    /VcpuLimitExceeded|InstanceLimitExceeded|MaxSpotInstanceCountExceeded|AddressLimitExceeded|VolumeLimitExceeded/,
  ),
  row('EC2', 'quota', /TooManyLoadBalancers|TooManyTargetGroups/),
  row('Azure', 'quota', /QuotaExceeded|PublicIPCountLimitReached/),
];

/** Words of the autoscaler about its own node groups. */
export const GROUP_ROWS: readonly Row<CloudCause>[] = [
  row('1.18–', 'max-size', /max node group size reached/),
  row('1.15–1.17', 'max-size', /^max limit reached/),
  row('1.15–1.17', 'cluster-limit', /max cluster limit reached/),
  row('all', 'backoff', /in backoff after failed scale-up/),
  row('all', 'not-ready', /not ready for scale-up/),
  row('1.18–1.34', 'cluster-limit', /max cluster [\w./-]{1,100}(?:, [\w./-]{1,100}){0,20} limit reached/),
  row('all', 'cluster-limit', /max total nodes in cluster reached/i),
  row('1.35–', 'cluster-limit', /exceeded quota: "[^"]{1,320}", resources: [\w./-]{1,320}/),
  row('1.30–', 'placement', /not all pods would fit and scale-up is using all-or-nothing strategy/),
  row('1.30–', 'other', /expansion options filtered out and no longer considered|scale-up execution failed/),
];

/** Only where nothing above fits. */
export const GENERAL_ROWS: readonly Row<CloudCause>[] = [
  row('GKE', 'timeout', /failed to (?:appear|register|be created) (?:in time|within)/),
  row('GCE', 'not-found', /Error 404\b|The resource '[^']{1,500}' was not found|code = NotFound/),
  row('GCE', 'invalid-request', /Error 400\b|Invalid value for field|code = InvalidArgument/),
  row('GCE', 'permission', /Error 403\b.{0,300}(?:forbidden|accessNotConfigured)/i),
  row('all', 'timeout', /context deadline exceeded|code = DeadlineExceeded|timed out|\btimeout\b/i),
  row('GCE', 'other', /googleapi: Error \d{3}\b|code = (?:Internal|Unavailable|Aborted|ResourceExhausted)/),
  row('GKE', 'other', /\bInternal error\b|\bOther\.[A-Z_]{1,60}/),
];
