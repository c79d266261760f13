/** Refusals of clouds: each text with who writes it since when, and what must be read from it. */
import type { CloudCause, CloudRefusal } from '../message.ts';
import type { Row } from './corpus-row.ts';

const cpus = { cause: 'quota', metric: 'CPUS', limit: 57, region: 'us-central1' } as const;
const of = (versions: string, cause: CloudCause, text: string, more: Partial<CloudRefusal> = {}): Row<CloudRefusal> => [
  versions,
  text,
  { cause, ...more },
];

export const rows: readonly Row<CloudRefusal>[] = [
  of('GCE', 'quota', "Quota 'CPUS' exceeded.  Limit: 57.0 in region us-central1.", cpus),
  of('GCE', 'quota', "Quota 'CPUS' exceeded. Limit: 57.0 in region us-central1., quotaExceeded", cpus),
  of(
    'GCE',
    'quota',
    "googleapi: Error 403: Quota 'CPUS' exceeded.  Limit: 57.0 in region us-central1., quotaExceeded",
    cpus,
  ),
  of('GCE', 'quota', "Quota 'CPUS_ALL_REGIONS' exceeded.  Limit: 12.0 globally.", {
    metric: 'CPUS_ALL_REGIONS',
    limit: 12,
    region: 'global',
  }),
  of('GCE', 'quota', "Quota 'FORWARDING_RULES' exceeded. Limit: 15.0, quotaExceeded", {
    metric: 'FORWARDING_RULES',
    limit: 15,
  }),
  of('GCE', 'quota', "Quota 'SSD_TOTAL_GB' exceeded.  Limit: 500.5 in region europe-west12.", {
    metric: 'SSD_TOTAL_GB',
    limit: 500.5,
    region: 'europe-west12',
  }),
  of('GCE', 'quota', "Quota 'LOCAL_SSD_TOTAL_GB' exceeded. Limit: 0.0 in zone us-central1-a.", {
    metric: 'LOCAL_SSD_TOTAL_GB',
    limit: 0,
    zone: 'us-central1-a',
  }),
  of('GCE', 'quota', "Instance 'gke-a-1' creation failed: Quota 'N2_CPUS' exceeded.  Limit: 24.0 in region us-east1.", {
    metric: 'N2_CPUS',
    limit: 24,
    region: 'us-east1',
  }),
  of(
    'GCE',
    'quota',
    "[GCE_QUOTA_EXCEEDED]: Instance 'gke-a-1' creation failed: Quota 'CPUS' exceeded.  Limit: 57.0 in region us-central1.",
    cpus,
  ),
  of(
    'GCE 2023',
    'quota',
    "Quota 'CPUS' exceeded.  Limit: 57.0 in region us-central1.\n\tmetric name = compute.googleapis.com/cpus\n\tlimit name = CPUS-per-project-region\n\tdimensions = region: us-central1",
    cpus,
  ),
  of('GCE', 'quota', "Quota limit 'NVIDIA_T4_GPUS' has been exceeded. Limit: 1.0 in region us-west1.", {
    metric: 'NVIDIA_T4_GPUS',
    limit: 1,
    region: 'us-west1',
  }),
  of(
    'GCE legacy',
    'quota',
    "googleapi: Error 403: QUOTA_EXCEEDED - Quota 'IN_USE_ADDRESSES' exceeded. Limit: 8.0 in region us-central1",
    { metric: 'IN_USE_ADDRESSES', limit: 8, region: 'us-central1' },
  ),
  of(
    'GKE',
    'quota',
    `Insufficient regional quota to satisfy request: resource "SSD_TOTAL_GB": request requires '300.0' and is short '50.0'. project has a quota of '250.0' with '250.0' available.`,
    { metric: 'SSD_TOTAL_GB', limit: 250 },
  ),
  of('GKE', 'quota', 'Insufficient project quota to satisfy request: resource "CPUS_ALL_REGIONS": request requires', {
    metric: 'CPUS_ALL_REGIONS',
    region: 'global',
  }),
  of('GKE', 'quota', 'Insufficient quota to satisfy the request: waiting on IG: instance x is still CREATING'),
  of('autoscaler', 'quota', 'QUOTA_EXCEEDED'),
  of('autoscaler', 'quota', 'OutOfResource.QUOTA_EXCEEDED'),
  of('GCE', 'quota', 'REGION_QUOTA_EXCEEDED'),
  of('GKE', 'quota', 'GCE quota exceeded'),
  of(
    'GCE',
    'throttled',
    "googleapi: Error 403: Quota exceeded for quota metric 'Queries' and limit 'Queries per minute' of service 'compute.googleapis.com', rateLimitExceeded",
  ),
  of(
    'GCE',
    'stock-out',
    "ZONE_RESOURCE_POOL_EXHAUSTED: The zone 'projects/demo/zones/us-central1-a' does not have enough resources available to fulfill the request. Try a different zone, or try again later.",
    { zone: 'us-central1-a' },
  ),
  of('GCE', 'stock-out', 'ZONE_RESOURCE_POOL_EXHAUSTED_WITH_DETAILS'),
  of(
    'GCE',
    'stock-out',
    "The zone 'projects/demo/zones/europe-west4-b' does not have enough resources available to fulfill the request.",
    { zone: 'europe-west4-b' },
  ),
  of('autoscaler', 'stock-out', 'OutOfResource.INSUFFICIENT_CAPACITY'),
  of('GKE', 'stock-out', 'GCE out of resources'),
  of(
    'EC2',
    'stock-out',
    'InsufficientInstanceCapacity: We currently do not have sufficient m5.large capacity in the Availability Zone you requested',
  ),
  of(
    'Azure',
    'stock-out',
    'ZonalAllocationFailed: Allocation failed. We do not have sufficient capacity for the requested VM size in this zone.',
  ),
  of(
    'GCE',
    'ip-space',
    "IP_SPACE_EXHAUSTED: Instance 'x' creation failed: IP space of 'projects/demo/regions/us-central1/subnetworks/default' is exhausted.",
    { region: 'us-central1' },
  ),
  of('GKE', 'ip-space', 'IP space exhausted'),
  of('EC2', 'ip-space', 'InsufficientFreeAddressesInSubnet'),
  of('GCE', 'organisation-policy', 'VM_EXTERNAL_IP_ACCESS_POLICY_CONSTRAINT'),
  of(
    'GCE',
    'organisation-policy',
    'googleapi: Error 412: Constraint constraints/compute.vmExternalIpAccess violated for project demo., conditionNotMet',
  ),
  of(
    'GCE',
    'permission',
    "googleapi: Error 403: Required 'compute.instances.create' permission for 'projects/demo/zones/us-central1-a/instances/x', forbidden",
    { zone: 'us-central1-a' },
  ),
  of('autoscaler', 'permission', 'PERMISSIONS_ERROR'),
  of('GCE', 'permission', 'googleapi: Error 403: Access Not Configured, accessNotConfigured'),
  of('GCE', 'service-account', "The user does not have access to service account 'x@demo.iam.gserviceaccount.com'."),
  of('GKE', 'service-account', 'Service Account was deleted'),
  of('autoscaler', 'reservation', 'INVALID_RESERVATION'),
  of('autoscaler', 'reservation', 'RESERVATION_CAPACITY_EXCEEDED'),
  of('autoscaler', 'reservation', 'AUTOMATIC_RESERVATIONS_NO_CAPACITY'),
  of('autoscaler', 'placement', 'UNSUPPORTED_TPU_CONFIGURATION'),
  of('GCE', 'address-conflict', 'IP_IN_USE_BY_ANOTHER_RESOURCE'),
  of('GCE', 'address-conflict', 'requested ip "10.0.0.1" is neither static nor assigned to the LB'),
  of('GCE', 'address-conflict', 'requested IP "34.1.2.3" belongs to the Standard network tier; expected Premium'),
  of(
    'GCE',
    'not-found',
    "googleapi: Error 404: The resource 'projects/demo/regions/us-central1/subnetworks/x' was not found, notFound",
    { region: 'us-central1' },
  ),
  of('GCE', 'invalid-request', "googleapi: Error 400: Invalid value for field 'resource.ports[0]': '0'. , invalid"),
  of('GCE', 'other', 'googleapi: Error 503: Backend Error, backendError'),
  of('all', 'timeout', 'Post "https://compute.googleapis.com": context deadline exceeded'),
  of('GKE', 'timeout', 'Some nodes in node group ["x"] failed to appear in time'),
  of(
    'CSI',
    'quota',
    `rpc error: code = ResourceExhausted desc = CreateVolume failed to create single zonal disk "pvc-1": failed to insert zonal disk: unknown Insert disk operation error: operation operation-1 failed (QUOTA_EXCEEDED): Quota 'SSD_TOTAL_GB' exceeded.  Limit: 250.0 in region us-central1.`,
    { metric: 'SSD_TOTAL_GB', limit: 250 },
  ),
  of(
    'EC2',
    'quota',
    'VcpuLimitExceeded: You have requested more vCPU capacity than your current vCPU limit of 32 allows for the instance bucket',
    { limit: 32 },
  ),
  of(
    'Azure',
    'quota',
    'Operation could not be completed as it results in exceeding approved standardDSv3Family Cores quota. Additional details - Deployment Model: Resource Manager, Location: eastus, Current Limit: 10, Current Usage: 8',
    { metric: 'standardDSv3Family Cores', limit: 10, region: 'eastus' },
  ),
  [
    'namespace quota is no cloud quota',
    'pods "x" is forbidden: exceeded quota: team, requested: cpu=1, used: cpu=1, limited: cpu=1',
    undefined,
  ],
  ['all', 'Ensured load balancer', undefined],
  ['all', '', undefined],
];

/** Codes are parts of longer ones, and a request fails as an HTTP status before its detail is read. */
