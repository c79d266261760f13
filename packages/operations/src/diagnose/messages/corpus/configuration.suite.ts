/** Mounts and container configuration: each text with who writes it since when, and what must be read from it. */
import type { ConfigurationCause, ConfigurationMessage } from '../message.ts';
import type { Row } from './corpus-row.ts';

const of = (
  versions: string,
  cause: ConfigurationCause,
  text: string,
  more: Partial<ConfigurationMessage> = {},
): Row<ConfigurationMessage> => [versions, text, { cause, ...more }];

export const mounts: readonly Row<ConfigurationMessage>[] = [
  of(
    '1.14–1.36',
    'config-map-missing',
    'MountVolume.SetUp failed for volume "config" : configmap "alertmanager-mlops-config" not found',
    { volume: 'config', name: 'alertmanager-mlops-config' },
  ),
  of('1.14–1.36', 'secret-missing', 'MountVolume.SetUp failed for volume "tls" : secret "web-tls" not found', {
    volume: 'tls',
    name: 'web-tls',
  }),
  of(
    '1.14–1.36',
    'config-map-key-missing',
    'MountVolume.SetUp failed for volume "config" : configmap references non-existent config key: app.yaml',
    { volume: 'config', key: 'app.yaml' },
  ),
  of(
    '1.14–1.36',
    'secret-key-missing',
    'MountVolume.SetUp failed for volume "s" : references non-existent secret key: tls.key',
    { volume: 's', key: 'tls.key' },
  ),
  of(
    '1.18–1.36',
    'timeout',
    'MountVolume.SetUp failed for volume "kube-api-access-x" : failed to sync configmap cache: timed out waiting for the condition',
    { volume: 'kube-api-access-x' },
  ),
  of(
    '1.21–1.36',
    'not-synced',
    'MountVolume.SetUp failed for volume "config" : object "default"/"web" not registered',
    {
      volume: 'config',
    },
  ),
  of(
    '1.14–1.36',
    'host-path',
    'MountVolume.SetUp failed for volume "host" : hostPath type check failed: /data is not a directory',
    { volume: 'host' },
  ),
  of(
    '1.14–1.36',
    'device',
    'MountVolume.SetUp failed for volume "nfs" : mount failed: exit status 32 Mounting command: mount',
    { volume: 'nfs' },
  ),
  of(
    '1.14–1.36',
    'device',
    'MountVolume.MountDevice failed for volume "pvc-1" : rpc error: code = Internal desc = Error when getting device path',
    { volume: 'pvc-1' },
  ),
  of('1.14–1.36', 'device', 'MountVolume.WaitForAttach failed for volume "pvc-1" : volume attachment is gone', {
    volume: 'pvc-1',
  }),
  of(
    '1.14–1.36',
    'timeout',
    'MountVolume.WaitForAttach failed for volume "pvc-1" : timed out waiting for the condition',
    { volume: 'pvc-1' },
  ),
  of(
    '1.18–1.36',
    'device',
    'MountVolume.MountDevice failed for volume "pvc-1" : kubernetes.io/csi: attacher.MountDevice failed to create newCsiDriverClient: driver name pd.csi.storage.gke.io not found in the list of registered CSI drivers',
    { volume: 'pvc-1' },
  ),
  of(
    '1.14–1.15',
    'timeout',
    'Unable to mount volumes for pod "web_default(1-2)": timeout expired waiting for volumes to attach or mount for pod "default"/"web". list of unmounted volumes=[config]. list of unattached volumes=[config token]',
    { volumes: ['config'] },
  ),
  of(
    '1.16–1.26',
    'timeout',
    'Unable to attach or mount volumes: unmounted volumes=[config data], unattached volumes=[config data token]: timed out waiting for the condition',
    { volumes: ['config', 'data'] },
  ),
  of(
    '1.27–1.36',
    'timeout',
    'Unable to attach or mount volumes: unmounted volumes=[config], unattached volumes=[], failed to process volumes=[]: context deadline exceeded',
    { volumes: ['config'] },
  ),
  of(
    '1.27–1.36',
    'claim',
    'Unable to attach or mount volumes: unmounted volumes=[data], unattached volumes=[], failed to process volumes=[data]: error processing PVC default/data: PVC is not bound',
    { volumes: ['data'] },
  ),
  of(
    '1.14–1.36',
    'attach-conflict',
    `Multi-Attach error for volume "pvc-1" Volume is already exclusively attached to one node and can't be attached to another`,
    { volume: 'pvc-1' },
  ),
  of(
    '1.14–1.36',
    'attach-conflict',
    'Multi-Attach error for volume "pvc-1" Volume is already used by pod(s) web-0, web-1',
    { volume: 'pvc-1' },
  ),
  of(
    '1.34–1.36',
    'attach-limit',
    'Node has reached its volume attachment limit, rejecting pod. unmounted volumes=[data], unattached volumes=[], failed to process volumes=[]',
    { volumes: ['data'] },
  ),
  of(
    '1.14–1.36',
    'other',
    'AttachVolume.Attach failed for volume "pvc-1" : PersistentVolume "pvc-1" is marked for deletion',
    { volume: 'pvc-1' },
  ),
  of(
    '1.14–1.36',
    'timeout',
    'AttachVolume.Attach failed for volume "pvc-1" : timed out waiting for external-attacher of pd.csi.storage.gke.io CSI driver to attach volume',
    { volume: 'pvc-1' },
  ),
  of(
    'GCE',
    'attach-conflict',
    `AttachVolume.Attach failed for volume "pvc-1" : googleapi: Error 400: RESOURCE_IN_USE_BY_ANOTHER_RESOURCE - The disk resource is already being used by 'x'`,
    { volume: 'pvc-1' },
  ),
  of(
    'GCE',
    'attach-limit',
    'AttachVolume.Attach failed for volume "pvc-1" : rpc error: code = Internal desc = exceeds maximum number of disks',
    { volume: 'pvc-1' },
  ),
  of(
    'EC2',
    'attach-limit',
    'AttachVolume.Attach failed for volume "pvc-1" : rpc error: code = Internal desc = AttachmentLimitExceeded',
    { volume: 'pvc-1' },
  ),
  ['all', 'Successfully assigned default/web to node-1', undefined],
];

export const containers: readonly Row<ConfigurationMessage>[] = [
  of('1.14–1.36', 'config-map-missing', 'configmap "app" not found', { name: 'app' }),
  of('1.14–1.36', 'secret-missing', 'secret "db" not found', { name: 'db' }),
  of('1.14–1.36', 'config-map-missing', 'Error: configmap "app" not found', { name: 'app' }),
  of('1.14–1.36', 'secret-missing', 'Error: secret "db" not found', { name: 'db' }),
  of('1.14–1.36', 'config-map-key-missing', "couldn't find key LOG_LEVEL in ConfigMap prod/app", {
    name: 'app',
    key: 'LOG_LEVEL',
  }),
  of('1.14–1.36', 'secret-key-missing', "couldn't find key password in Secret prod/db-credentials", {
    name: 'db-credentials',
    key: 'password',
  }),
  of('1.14–1.36', 'secret-key-missing', "Error: couldn't find key tls.crt in Secret prod/db", {
    name: 'db',
    key: 'tls.crt',
  }),
  of(
    '1.16–1.36',
    'run-as-root-refused',
    'container has runAsNonRoot and image will run as root (pod: "web_prod(1)", container: web)',
  ),
  of(
    '1.14–1.36',
    'run-as-root-refused',
    'container has runAsNonRoot and image has non-numeric user (nginx), cannot verify user is non-root (pod: "web_prod(1)", container: web)',
  ),
  of('1.14–1.15', 'run-as-root-refused', 'container has runAsNonRoot and image will run as root'),
  of('1.14–1.36', 'sub-path', 'failed to prepare subPath for volumeMount "config" of container "app"', {
    volume: 'config',
  }),
  of('1.14–1.36', 'sub-path', 'failed to create subPath directory for volumeMount "data" of container "app"', {
    volume: 'data',
  }),
  of('1.18–1.36', 'timeout', 'failed to sync secret cache: timed out waiting for the condition'),
  of('1.14–1.36', 'not-synced', 'services have not yet been read at least once, cannot construct envvars'),
  ['all', 'Error: ImagePullBackOff', undefined],
  ['all', '', undefined],
];
