/** What the API server fills into pods and pod templates. Source: `pkg/apis/core/v1/defaults.go`. */
import { amountText } from '../../../../model/amount.ts';
import type { PodSpec } from '../../../../model/kinds.ts';
import { isRecord, type Json } from '../../../../model/unknown-json.ts';
import { containerTotal } from '../../../admission/pod-totals.ts';
import { all, canonical, derive, each, fill, fillZero, when, within, withField } from '../default-rule.ts';

/** `Always` for images without tag and digest or with the tag `latest`. */
function pullPolicyOf(image: unknown): 'Always' | 'IfNotPresent' {
  const text = String(image ?? '');
  const [name = '', digest] = text.split('@');
  const tag = name.slice(name.lastIndexOf('/') + 1).split(':')[1];
  return tag === 'latest' || (tag === undefined && digest === undefined) ? 'Always' : 'IfNotPresent';
}

const PROTOCOL = fill({ protocol: 'TCP' });
const HTTP_GET = within('httpGet', fill({ path: '/', scheme: 'HTTP' }));
const PROBE = all(
  HTTP_GET,
  within('grpc', fill({ service: '' })),
  fillZero({ timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 }),
);
const FIELD_REF = within('fieldRef', fill({ apiVersion: 'v1' }));
const DIVISOR = within('resourceFieldRef', fill({ divisor: '0' }), canonical('divisor'));
const RESOURCES = within('resources', canonical('limits', 'requests'));

const CONTAINER = all(
  fill({ resources: {}, terminationMessagePath: '/dev/termination-log', terminationMessagePolicy: 'File' }),
  derive('imagePullPolicy', ({ image }) => pullPolicyOf(image)),
  RESOURCES,
  each('ports', PROTOCOL),
  each('env', within('valueFrom', FIELD_REF, DIVISOR)),
  within('livenessProbe', PROBE),
  within('readinessProbe', PROBE),
  within('startupProbe', PROBE),
  within('lifecycle', within('postStart', HTTP_GET), within('preStop', HTTP_GET)),
);

const MODE = fill({ defaultMode: 0o644 });
const FILES = each('items', FIELD_REF, DIVISOR);

/** A claim's spec, also in volumes and claim templates. */
export const claimSpecDefaults = all(fill({ volumeMode: 'Filesystem', resources: {} }), RESOURCES);

const VOLUME = all(
  when((volume) => Object.keys(volume).every((field) => field === 'name'), fill({ emptyDir: {} })),
  within('secret', MODE),
  within('configMap', MODE),
  within('downwardAPI', MODE, FILES),
  within(
    'projected',
    MODE,
    each('sources', within('serviceAccountToken', fill({ expirationSeconds: 3600 })), within('downwardAPI', FILES)),
  ),
  within('hostPath', fill({ type: '' })),
  within('emptyDir', canonical('sizeLimit')),
  within('iscsi', fill({ iscsiInterface: 'default' })),
  within('rbd', fill({ pool: 'rbd', user: 'admin', keyring: '/etc/ceph/keyring' })),
  within('azureDisk', fill({ cachingMode: 'ReadWrite', fsType: 'ext4', readOnly: false, kind: 'Shared' })),
  within('scaleIO', fill({ storageMode: 'ThinProvisioned', fsType: 'xfs' })),
  within(
    'image',
    derive('pullPolicy', ({ reference }) => pullPolicyOf(reference)),
  ),
  within('ephemeral', within('volumeClaimTemplate', fill({ metadata: {} }), within('spec', claimSpecDefaults))),
);

/** A pod's spec, also that in a template. */
const podSpecDefaults = all(
  fill({
    restartPolicy: 'Always',
    dnsPolicy: 'ClusterFirst',
    securityContext: {},
    terminationGracePeriodSeconds: 30,
    schedulerName: 'default-scheduler',
  }),
  // The deprecated name follows the current one, whichever is given.
  derive('serviceAccountName', ({ serviceAccount }) => serviceAccount),
  (spec) => withField(spec, 'serviceAccount', spec['serviceAccountName']),
  RESOURCES,
  canonical('overhead'),
  each('containers', CONTAINER),
  each('initContainers', CONTAINER),
  each('ephemeralContainers', CONTAINER),
  each('volumes', VOLUME),
  when(
    ({ hostNetwork }) => hostNetwork === true,
    each('containers', each('ports', hostPort)),
    each('initContainers', each('ports', hostPort)),
  ),
);

/** `spec.template` of workloads. */
export const podTemplateDefaults = within(
  'template',
  fill({ metadata: {}, spec: {} }),
  within('spec', podSpecDefaults),
);

/** Templates that are no pods keep requests apart from limits, so only pods get them. */
const REQUESTS = within(
  'resources',
  derive('requests', ({ limits }) => (isRecord(limits) ? {} : undefined)),
  (own) => withField(own, 'requests', requestsOf(own)),
);

const POD_SPEC = all(
  podSpecDefaults,
  each('containers', REQUESTS),
  each('initContainers', REQUESTS),
  podLevelRequests,
  fill({ enableServiceLinks: true }),
);

// Controllers make many pods of one template: their specs are one value, and so is what becomes of it.
const known = new WeakMap<Json, Json>();

export const podDefaults = within('spec', (spec) => {
  const complete = known.get(spec) ?? POD_SPEC(spec);
  known.set(spec, complete);
  return complete;
});

/** Where a pod is limited as a whole, it requests what its containers do together, or what it is limited to. */
function podLevelRequests(spec: Json): Json {
  const { limits, requests } = (spec['resources'] ?? {}) as { limits?: Json; requests?: Json };
  if (limits === undefined || Object.keys(limits).length === 0) return spec;
  const complete: Record<string, unknown> = { ...requests };
  for (const [name, amount] of containerTotal(spec as unknown as PodSpec, 'requests'))
    if (name === 'cpu' || name === 'memory') complete[name] ??= amountText(amount);
  for (const name in limits) complete[name] ??= limits[name];
  const isSame = Object.keys(complete).length === Object.keys(requests ?? {}).length;
  return isSame ? spec : { ...spec, resources: { ...(spec['resources'] as Json), requests: complete } };
}

function hostPort(port: Json): Json {
  return fillZero({ hostPort: port['containerPort'] })(port);
}

/** A request that is not given equals its limit. */
function requestsOf({ limits, requests }: Json): unknown {
  if (!isRecord(limits) || !isRecord(requests)) return requests;
  return Object.keys(limits).every((name) => name in requests) ? requests : { ...limits, ...requests };
}
