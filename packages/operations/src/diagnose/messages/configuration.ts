/**
 * Volumes that cannot be mounted or attached (events FailedMount, FailedAttachVolume, FailedMapVolume) and containers whose
 * configuration cannot be built (CreateContainerConfigError), Kubernetes 1.14–1.36.
 * Sources: `pkg/kubelet`, `pkg/volume`, `pkg/controller/volume/attachdetach` of Kubernetes.
 */
import { plainText } from './event-text.ts';
import type { ConfigurationCause, ConfigurationMessage } from './message.ts';
import { firstMatch, groupsOf, type Row } from './row.ts';

const row = (versions: string, cause: ConfigurationCause, pattern: RegExp): Row<ConfigurationCause> => ({
  versions,
  cause,
  pattern,
});

/** What both kinds of text say about the object that is referred to. */
const REFERENCE_ROWS: readonly Row<ConfigurationCause>[] = [
  row('all', 'config-map-missing', /\bconfigmaps? "(?<name>[^"]{1,320})" not found/i),
  row('all', 'secret-missing', /\bsecrets? "(?<name>[^"]{1,320})" not found/i),
  row('all', 'config-map-key-missing', /configmap references non-existent config key: (?<key>[\w./-]{1,320})/),
  row('all', 'secret-key-missing', /references non-existent secret key: (?<key>[\w./-]{1,320})/),
  row('1.18–', 'timeout', /failed to sync (?:configmap|secret) cache: timed out/),
  row('1.14–1.17', 'timeout', /couldn't propagate object cache: timed out/),
];

const CONTAINER_ROWS: readonly Row<ConfigurationCause>[] = [
  row(
    'all',
    'config-map-key-missing',
    /couldn't find key (?<key>[\w.-]{1,320}) in ConfigMap [\w.-]{1,320}\/(?<name>[\w.-]{1,320})/,
  ),
  row(
    'all',
    'secret-key-missing',
    /couldn't find key (?<key>[\w.-]{1,320}) in Secret [\w.-]{1,320}\/(?<name>[\w.-]{1,320})/,
  ),
  ...REFERENCE_ROWS,
  row('all', 'run-as-root-refused', /container has runAsNonRoot and image (?:will run as root|has non-numeric user)/),
  row('1.14–1.17', 'run-as-root-refused', /container's runAsUser breaks non-root policy/),
  row(
    'all',
    'sub-path',
    /failed to (?:prepare|create) subPath (?:for volumeMount|directory for volumeMount) "(?<volume>[^"]{1,320})"/,
  ),
  row('all', 'volume-missing', /cannot find volume "(?<volume>[^"]{1,320})" to mount into container/),
  row('all', 'not-synced', /services have not yet been read at least once, cannot construct envvars/),
];

/** Reads a waiting message of CreateContainerConfigError, or a Failed event's `Error: …` of the same meaning. */
export function parseContainerConfig(message: string): ConfigurationMessage | undefined {
  const text = plainText(message);
  const found = firstMatch(CONTAINER_ROWS, text);
  return found === undefined
    ? undefined
    : { cause: found.row.cause, ...groupsOf(found.match, 'volume', 'name', 'key'), text };
}

const ATTACH_ROWS: readonly Row<ConfigurationCause>[] = [
  row('all', 'attach-conflict', /^Multi-Attach error for volume "(?<volume>[^"]{1,320})"/),
  row('1.34–', 'attach-limit', /^Node has reached its volume attachment limit/),
];

/** What stands behind `‹operation› failed for volume "‹v›" :`. */
const VOLUME_ROWS: readonly Row<ConfigurationCause>[] = [
  row('secrets store', 'secret-store', /failed to mount secrets store objects|failed to get secretproviderclass /),
  ...REFERENCE_ROWS,
  row('1.21–', 'not-synced', /object "[^"]{1,320}"\/"[^"]{1,320}" not registered/),
  row('all', 'sub-path', /subPath/),
  row('all', 'host-path', /hostPath type check failed: /),
  row(
    'all',
    'claim',
    /error processing PVC \S{1,640}: |PVC is not bound|persistentvolumeclaims? "[^"]{1,320}" (?:not found|is being deleted)/,
  ),
  row(
    'GCE',
    'attach-conflict',
    /RESOURCE_IN_USE_BY_ANOTHER_RESOURCE|is already being used by|already attached to (?:another )?(?:node|instance)/i,
  ),
  row('EC2', 'attach-conflict', /VolumeInUse|is already attached to an instance/),
  row('Azure', 'attach-conflict', /AttachDiskWhileBeingDetached|disk is currently being detached/),
  row(
    'all',
    'attach-limit',
    /maximum number of (?:data )?(?:volumes|disks|attachments)|exceeds? (?:the )?max(?:imum)? volume (?:limit|count)/i,
  ),
  row('EC2', 'attach-limit', /AttachmentLimitExceeded|attachment limit exceeded/i),
  row(
    'all',
    'timeout',
    /timed out waiting|context deadline exceeded|DeadlineExceeded|timeout expired|attachment timeout/,
  ),
  row(
    'all',
    'permission',
    /UnauthorizedOperation|AuthorizationFailed|PermissionDenied| is forbidden: |Required '[^']{1,160}' permission/,
  ),
  row('all', 'not-found', /code = NotFound|InvalidVolume\.NotFound|\bnotFound\b/),
  row('all', 'device', /driver name \S{1,320} not found in the list of registered CSI drivers/),
  row(
    'all',
    'device',
    /mount failed: (?:exit status \d{1,3}|signal: killed)|wrong fs type|Could not attach volume|not permitted on node .{0,300} due to backoff|failed to get azure instance id|already mounted or mount point busy|failed to find device/i,
  ),
];

const OPERATION = /^(?<operation>[\w.]{1,80}) failed for volume "(?<volume>[^"]{1,320})" ?:? ?/;
/** Operations that work on a device: an error of theirs that no row knows is one of the device. */
const DEVICE_OPERATION = /MountDevice|WaitForAttach|MapPodDevice|SetUpDevice|MapVolume/;

/** The kubelet's summary of all volumes of a pod; the first wording until 1.15, the second from then on. */
const SUMMARY_ROWS = [
  {
    versions: '1.14–1.15',
    pattern:
      /^Unable to mount volumes for pod "[^"]{1,600}": .{0,600}?list of unmounted volumes=\[(?<volumes>[^\]]{1,4000})\]/,
  },
  { versions: '1.15–', pattern: /^Unable to attach or mount volumes: unmounted volumes=\[(?<volumes>[^\]]{1,4000})\]/ },
] as const;

/** Reads FailedMount, FailedAttachVolume and FailedMapVolume. `volumes` are those that the kubelet still waits for. */
export function parseMount(message: string): ConfigurationMessage | undefined {
  const text = plainText(message);
  const attach = firstMatch(ATTACH_ROWS, text);
  if (attach !== undefined)
    return { cause: attach.row.cause, ...groupsOf(attach.match, 'volume'), ...waitingVolumes(text), text };
  return readOperation(text) ?? readSummary(text);
}

function readOperation(text: string): ConfigurationMessage | undefined {
  const head = OPERATION.exec(text);
  if (head === null) return undefined;
  const { volume, operation = '' } = groupsOf(head, 'volume', 'operation');
  const found = firstMatch(VOLUME_ROWS, text.slice(head[0].length));
  const fallback: ConfigurationCause = DEVICE_OPERATION.test(operation) ? 'device' : 'other';
  const parts = found === undefined ? {} : groupsOf(found.match, 'name', 'key');
  return { cause: found?.row.cause ?? fallback, ...(volume === undefined ? {} : { volume }), ...parts, text };
}

function readSummary(text: string): ConfigurationMessage | undefined {
  const found = firstMatch(SUMMARY_ROWS, text);
  if (found === undefined) return undefined;
  const said = firstMatch(VOLUME_ROWS, text);
  const parts = said === undefined ? {} : groupsOf(said.match, 'name', 'key');
  const volumes = (found.match.groups?.['volumes'] ?? '').split(' ').filter((volume) => volume !== '');
  return { cause: said?.row.cause ?? 'other', ...parts, volumes, text };
}

function waitingVolumes(text: string): { readonly volumes?: readonly string[] } {
  const list = /unmounted volumes=\[([^\]]{1,4000})\]/.exec(text)?.[1];
  return list === undefined ? {} : { volumes: list.split(' ').filter((volume) => volume !== '') };
}
