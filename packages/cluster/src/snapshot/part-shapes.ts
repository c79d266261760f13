/** Shapes of a snapshot's parts other than objects, for reading encoded snapshots. */
import { boolean, fields, list, map, number, string, type Shape } from './shape.ts';

const numbers = list(number);
const texts = list(string);

/** One of a closed list of words. */
function oneOf(...words: readonly string[]): Shape {
  const name = words.join(' or ');
  const ok = (value: unknown): boolean => words.some((word) => word === value);
  return {
    name,
    ok,
    repair: (value, path, report) => {
      if (!ok(value))
        report({
          path,
          expected: name,
          found: typeof value === 'string' ? JSON.stringify(value.slice(0, 40)) : typeof value,
        });
      return ok(value);
    },
  };
}

const quota = fields({}, { metric: string, region: string, limit: number, usage: number });
const disk = fields(
  { createdAt: number, lastDetachedAt: number },
  {
    name: string,
    zone: string,
    region: string,
    type: string,
    sizeGb: number,
    users: texts,
    description: string,
    labels: map(string),
  },
);
const address = fields(
  { description: string, purpose: string, createdAt: number },
  { name: string, address: string, region: string, status: string, addressType: string, users: texts },
);
const forwardingRule = fields(
  { createdAt: number },
  { name: string, region: string, ipAddress: string, protocol: string, scheme: string, description: string },
);
const nodePool = fields(
  {
    autoscaling: fields({}, { minNodes: number, maxNodes: number }),
    accelerators: list(fields({}, { type: string, count: number })),
    localSsds: number,
    maxSurge: number,
    maxPodsPerNode: number,
    podRange: fields({ nodeMask: number, share: number }, { cidr: string }),
  },
  {
    name: string,
    machineType: string,
    diskType: string,
    diskSizeGb: number,
    spot: boolean,
    zones: texts,
    initialNodes: number,
    privateNodes: boolean,
  },
);
const managedCluster = fields(
  { provisioningLimits: list(fields({}, { resource: string, maximum: number })) },
  {
    name: string,
    location: string,
    version: string,
    autopilot: boolean,
    autoscalingProfile: string,
    nodePools: list(nodePool),
  },
);
const nodeGroup = fields(
  { backoff: fields({}, { errorCode: string, errorMessage: string }) },
  {
    name: string,
    health: string,
    ready: number,
    target: number,
    minSize: number,
    maxSize: number,
    scaleUp: string,
    scaleDown: string,
  },
);
const autoscaler = fields(
  { updatedAt: number },
  {
    format: oneOf('yaml', 'text'),
    status: string,
    health: string,
    scaleUp: string,
    scaleDown: string,
    nodeGroups: list(nodeGroup),
  },
);
const visibility = fields(
  {},
  {
    at: number,
    type: oneOf('scale-up', 'scale-down', 'result', 'no-scale-up', 'no-scale-down', 'status', 'other'),
    eventId: string,
    messageId: string,
    parameters: texts,
    pods: texts,
    groups: texts,
  },
);

/** Times and values of equal number, times ascending: what every reader of a series relies on. */
const pairs = fields({}, { times: numbers, values: numbers });
const series: Shape = {
  name: 'series of ascending times with as many values',
  ok: (value) => pairs.ok(value) && aligned(value as { times: number[]; values: number[] }),
  repair: (value, path, report) => {
    if (series.ok(value)) return true;
    report({ path, expected: series.name, found: 'something else' });
    return false;
  },
};

function aligned({
  times,
  values,
}: {
  readonly times: readonly number[];
  readonly values: readonly number[];
}): boolean {
  if (times.length !== values.length) return false;
  for (let i = 1; i < times.length; i++) if (!((times[i - 1] as number) < (times[i] as number))) return false;
  return true;
}

/** Quotas over time: a series with its names. */
const named = fields({}, { metric: string, region: string });
const quotaHistory: Shape = {
  name: 'quota history',
  ok: (value) => named.ok(value) && series.ok(value),
  repair: (value, path, report) => {
    if (quotaHistory.ok(value)) return true;
    report({ path, expected: quotaHistory.name, found: 'something else' });
    return false;
  },
};

export const CLOUD = fields(
  {
    project: string,
    quotas: list(quota),
    quotaHistory: list(quotaHistory),
    disks: list(disk),
    addresses: list(address),
    forwardingRules: list(forwardingRule),
    cluster: managedCluster,
    autoscaler,
    visibility: list(visibility),
  },
  { provider: oneOf('gcp', 'unknown') },
);

export const USAGE = fields(
  {},
  {
    sources: texts,
    containers: list(fields({ cpu: series, memory: series }, { namespace: string, pod: string, container: string })),
  },
);

const reference = fields({ uid: string }, { group: string, kind: string, namespace: string, name: string });
const certificateSources: Readonly<Record<string, Shape>> = {
  endpoint: fields({}, { kind: string, host: string, port: number }),
  secret: fields({}, { kind: string, ref: reference }),
  'ca-bundle': fields({}, { kind: string, ref: reference, path: string }),
  file: fields({}, { kind: string, path: string }),
};
const certificateSource: Shape = {
  name: 'endpoint, secret, ca-bundle or file',
  ok: (value) => {
    const { kind } = (value ?? {}) as { kind?: unknown };
    return (
      typeof kind === 'string' &&
      Object.hasOwn(certificateSources, kind) &&
      certificateSources[kind]?.ok(value) === true
    );
  },
  repair: (value, path, report) => {
    if (certificateSource.ok(value)) return true;
    report({ path, expected: certificateSource.name, found: 'something else' });
    return false;
  },
};

const chainCertificate = fields({}, { subject: string, issuer: string, notAfterAt: number });

export const CERTIFICATE = fields(
  {
    chainError: string,
    fingerprint: string,
    isAuthority: boolean,
    chain: list(chainCertificate),
    keyMatches: boolean,
    signedBy: texts,
  },
  {
    source: certificateSource,
    subject: string,
    issuer: string,
    serialNumber: string,
    names: texts,
    notBeforeAt: number,
    notAfterAt: number,
    expectedHosts: texts,
  },
);
export const UNREADABLE_CERTIFICATE = fields({}, { source: certificateSource, found: string });

export const ENDPOINT = fields(
  {
    address: string,
    status: number,
    latencyMs: number,
    redirectedTo: string,
    fault: oneOf('name-unresolved', 'refused', 'timeout', 'reset', 'tls', 'protocol', 'other'),
    faultText: string,
  },
  {
    url: string,
    host: string,
    port: number,
    exposedBy: reference,
    resolves: boolean,
    at: number,
    requests: number,
    failures: number,
  },
);
export const LOG = fields({}, { namespace: string, pod: string, container: string, previous: boolean, lines: texts });
export const MISSING = fields({}, { input: string, reason: string, consequence: string });
export const PROBLEM = fields(
  {},
  { source: string, place: string, message: string, severity: oneOf('error', 'warning') },
);
