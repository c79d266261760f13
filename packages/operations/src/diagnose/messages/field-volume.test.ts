import { describe } from 'vitest';
import { parseContainerConfig, parseMount } from './configuration.ts';
import { describeField, type FieldRow } from './field.suite.ts';
import type { ConfigurationMessage } from './message.ts';

const SETUP = 'MountVolume.SetUp failed for volume';
const mounts: readonly FieldRow<Partial<ConfigurationMessage>>[] = [
  [
    '1.14',
    'FailedMount',
    `${SETUP} "config" : configmap "app-config" not found`,
    { cause: 'config-map-missing', name: 'app-config', volume: 'config' },
  ],
  [
    '1.14',
    'FailedMount',
    `${SETUP} "default-token-abcde" : couldn't propagate object cache: timed out waiting for the condition`,
    { cause: 'timeout', volume: 'default-token-abcde' },
  ],
  ['1.18', 'FailedMount', `${SETUP} "tls" : secrets "web-tls" not found`, { cause: 'secret-missing', name: 'web-tls' }],
  [
    '1.19',
    'FailedMount',
    `${SETUP} "default-token-x7x2k" : failed to sync secret cache: timed out waiting for the condition`,
    { cause: 'timeout' },
  ],
  [
    '1.22',
    'FailedMount',
    `${SETUP} "kube-api-access-b9tt8" : object "prod"/"kube-root-ca.crt" not registered`,
    { cause: 'not-synced', volume: 'kube-api-access-b9tt8' },
  ],
  [
    '1.22',
    'FailedMount',
    `${SETUP} "kube-api-access-b9tt8" : [object "prod"/"kube-root-ca.crt" not registered, object "prod"/"openshift-service-ca.crt" not registered]`,
    { cause: 'not-synced' },
  ],
  [
    '1.25',
    'FailedMount',
    `${SETUP} "secrets" : references non-existent secret key: config.yaml`,
    { cause: 'secret-key-missing', key: 'config.yaml' },
  ],
  [
    '1.25',
    'FailedMount',
    `${SETUP} "cfg" : configmap references non-existent config key: nginx.conf`,
    { cause: 'config-map-key-missing', key: 'nginx.conf' },
  ],
  [
    '1.28',
    'FailedMount',
    `${SETUP} "all" : [configmap "a" not found, secret "b" not found]`,
    { cause: 'config-map-missing', name: 'a' },
  ],
  [
    '1.25',
    'FailedMount',
    `${SETUP} "docker-sock" : hostPath type check failed: /var/run/docker.sock is not a socket file`,
    { cause: 'host-path' },
  ],
  [
    '1.25',
    'FailedMount',
    `${SETUP} "data" : hostPath type check failed: /mnt/data is not a directory`,
    { cause: 'host-path' },
  ],
  [
    'CSI',
    'FailedMount',
    `${SETUP} "client-secret" : kubernetes.io/csi: mounter.SetUpAt failed to get CSI client: driver name secrets-store.csi.k8s.io not found in the list of registered CSI drivers`,
    { cause: 'device' },
  ],
  [
    'CSI, secrets store',
    'FailedMount',
    `${SETUP} "secrets-store-inline" : rpc error: code = Unknown desc = failed to mount secrets store objects for pod prod/web, err: error connecting to provider "vault": provider not found: provider "vault"`,
    { cause: 'secret-store' },
  ],
  [
    'CSI, Azure vault',
    'FailedMount',
    `${SETUP} "kv" : rpc error: code = Unknown desc = failed to mount secrets store objects for pod prod/web, err: rpc error: code = Unknown desc = failed to mount objects, error: failed to get objectType:secret, objectName:db, objectVersion:: keyvault.BaseClient#GetSecret: Failure responding to request: StatusCode=403`,
    { cause: 'secret-store' },
  ],
  [
    'CSI, secrets store',
    'FailedMount',
    `${SETUP} "kv" : rpc error: code = Unknown desc = failed to get secretproviderclass prod/azure-kv, error: SecretProviderClass.secrets-store.csi.x-k8s.io "azure-kv" not found`,
    { cause: 'secret-store' },
  ],
  [
    'NFS',
    'FailedMount',
    `${SETUP} "pvc-1" : mount failed: exit status 32\nMounting command: mount\nMounting arguments: -t nfs 10.0.0.5:/export /var/lib/kubelet/pods/1/volumes/kubernetes.io~nfs/pvc-1\nOutput: mount.nfs: access denied by server while mounting 10.0.0.5:/export`,
    { cause: 'device', volume: 'pvc-1' },
  ],
  [
    'NFS, 1.18',
    'FailedMount',
    `${SETUP} "pvc-1" : mount failed: exit status 32 Mounting command: systemd-run Mounting arguments: --description=Kubernetes transient mount --scope -- mount -t nfs 10.0.0.5:/nfs Output: Running scope as unit run-124486.scope. mount.nfs: mounting 10.0.0.5:/nfs failed, reason given by server: No such file or directory`,
    { cause: 'device' },
  ],
  [
    'EFS',
    'FailedMount',
    `${SETUP} "efs-pv" : rpc error: code = DeadlineExceeded desc = context deadline exceeded`,
    { cause: 'timeout' },
  ],
  [
    'EFS',
    'FailedMount',
    `${SETUP} "efs-pv" : rpc error: code = Internal desc = Could not mount "fs-01:/" at "/var/lib/kubelet/pods/1/mount": mount failed: exit status 1`,
    { cause: 'device' },
  ],
  [
    'EBS',
    'FailedMount',
    'MountVolume.MountDevice failed for volume "pvc-2" : rpc error: code = Internal desc = could not format "/dev/nvme1n1" and mount it at "/var/lib/kubelet/plugins/globalmount": mount failed: exit status 255',
    { cause: 'device', volume: 'pvc-2' },
  ],
  [
    'CSI',
    'FailedMount',
    'MountVolume.MountDevice failed for volume "pvc-3" : rpc error: code = Aborted desc = An operation with the given Volume ID pvc-3 already exists',
    { cause: 'device' },
  ],
  [
    'Azure disk',
    'FailedMount',
    'MountVolume.WaitForAttach failed for volume "pvc-4" : Code="AttachDiskWhileBeingDetached" Message="Cannot attach data disk because the disk is currently being detached"',
    { cause: 'attach-conflict' },
  ],
  [
    '1.14',
    'FailedMount',
    'Unable to mount volumes for pod "app_prod(35032cc6-1df9-4a3c-a911-ad3ac40d718a)": timeout expired waiting for volumes to attach or mount for pod "prod"/"app". list of unmounted volumes=[persistent-storage]. list of unattached volumes=[persistent-storage default-token-qz8h2]',
    { cause: 'timeout', volumes: ['persistent-storage'] },
  ],
  [
    '1.22, AKS',
    'FailedMount',
    'Unable to attach or mount volumes: unmounted volumes=[data], unattached volumes=[data config]: timed out waiting for the condition',
    { cause: 'timeout', volumes: ['data'] },
  ],
  [
    '1.28',
    'FailedMount',
    'Unable to attach or mount volumes: unmounted volumes=[data kube-api-access-xvpkn], unattached volumes=[], failed to process volumes=[]: timed out waiting for the condition',
    { cause: 'timeout', volumes: ['data', 'kube-api-access-xvpkn'] },
  ],
  [
    '1.29',
    'FailedMount',
    'Unable to attach or mount volumes: unmounted volumes=[data], unattached volumes=[data], failed to process volumes=[data]: error processing PVC prod/data: failed to fetch PVC from API server: persistentvolumeclaims "data" not found',
    { cause: 'claim', volumes: ['data'] },
  ],
  [
    '1.24',
    'FailedMount',
    'Unable to attach or mount volumes: unmounted volumes=[data], unattached volumes=[data]: error processing PVC prod/data: PVC is not bound',
    { cause: 'claim' },
  ],
  [
    '1.14',
    'FailedAttachVolume',
    `Multi-Attach error for volume "pvc-5" Volume is already exclusively attached to one node and can't be attached to another`,
    { cause: 'attach-conflict', volume: 'pvc-5' },
  ],
  [
    '1.20',
    'FailedAttachVolume',
    'Multi-Attach error for volume "pvc-5" Volume is already used by 2 pod(s) in different namespaces',
    { cause: 'attach-conflict' },
  ],
  [
    'EBS, 1.14',
    'FailedAttachVolume',
    'AttachVolume.Attach failed for volume "pvc-6" : attachment timeout for volume vol-0ddf92e13636fa667',
    { cause: 'timeout' },
  ],
  [
    'EBS',
    'FailedAttachVolume',
    'AttachVolume.Attach failed for volume "pvc-6" : rpc error: code = DeadlineExceeded desc = context deadline exceeded',
    { cause: 'timeout' },
  ],
  [
    'EBS',
    'FailedAttachVolume',
    'AttachVolume.Attach failed for volume "pvc-6" : rpc error: code = Internal desc = Could not attach volume "vol-0a" to node "i-0b": attachment of disk "vol-0a" failed, expected device to be attached but was attaching',
    { cause: 'device' },
  ],
  [
    'EBS',
    'FailedAttachVolume',
    'AttachVolume.Attach failed for volume "pvc-6" : rpc error: code = Internal desc = Could not attach volume "vol-0a" to node "i-0b": could not attach volume "vol-0a" to node "i-0b": VolumeInUse: vol-0a is already attached to an instance',
    { cause: 'attach-conflict' },
  ],
  [
    'EBS',
    'FailedAttachVolume',
    'AttachVolume.Attach failed for volume "pvc-6" : rpc error: code = NotFound desc = Instance "i-0b" not found',
    { cause: 'not-found' },
  ],
  [
    'EBS',
    'FailedAttachVolume',
    'AttachVolume.Attach failed for volume "pvc-6" : rpc error: code = Internal desc = Could not attach volume "vol-0a" to node "i-0b": UnauthorizedOperation: You are not authorized to perform this operation.',
    { cause: 'permission' },
  ],
  [
    'Azure disk',
    'FailedAttachVolume',
    'AttachVolume.Attach failed for volume "pvc-7" : rpc error: code = Internal desc = Attach volume /subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/disks/pvc-7 to instance aks-1 failed with disk(pvc-7) already attached to node(aks-2), could not be attached to node(aks-1)',
    { cause: 'attach-conflict' },
  ],
  [
    'Azure disk',
    'FailedAttachVolume',
    'AttachVolume.Attach failed for volume "pvc-7" : rpc error: code = Unknown desc = Attach volume failed with Retriable: false, RetryAfter: 0s, HTTPStatusCode: 409, RawError: Code="OperationNotAllowed" Message="The maximum number of data disks allowed to be attached to a VM of this size is 4."',
    { cause: 'attach-limit' },
  ],
  [
    'CSI',
    'FailedAttachVolume',
    'AttachVolume.Attach failed for volume "pvc-8" : timed out waiting for external-attacher of file.csi.azure.com CSI driver to attach volume rg#account#share#',
    { cause: 'timeout' },
  ],
  [
    'CSI',
    'FailedAttachVolume',
    'AttachVolume.Attach failed for volume "pvc-8" : volumeattachments.storage.k8s.io "csi-1" is forbidden: User "system:node:n1" cannot get resource',
    { cause: 'permission' },
  ],
  [
    'PD',
    'FailedAttachVolume',
    'AttachVolume.Attach failed for volume "pvc-9" : rpc error: code = Unavailable desc = ControllerPublish not permitted on node "projects/demo/zones/us-central1-a/instances/n" due to backoff condition',
    { cause: 'device' },
  ],
  [
    '1.14',
    'FailedAttachVolume',
    'AttachVolume.Attach failed for volume "pv-1" : failed to get azure instance id for node "worker-1"',
    { cause: 'device' },
  ],
  [
    '1.22',
    'FailedMapVolume',
    'MapVolume.SetUpDevice failed for volume "pvc-10" : kubernetes.io/csi: blockMapper.SetUpDevice failed to get CSI client: driver name rbd.csi.ceph.com not found in the list of registered CSI drivers',
    { cause: 'device', volume: 'pvc-10' },
  ],
];

const container: readonly FieldRow<Partial<ConfigurationMessage>>[] = [
  ['1.14', 'Failed', 'Error: configmaps "app-config" not found', { cause: 'config-map-missing', name: 'app-config' }],
  ['1.20', 'Failed', 'Error: secret "db-credentials" not found', { cause: 'secret-missing', name: 'db-credentials' }],
  [
    '1.27',
    'Failed',
    "Error: couldn't find key DB_URL in ConfigMap prod/app-config",
    { cause: 'config-map-key-missing', name: 'app-config', key: 'DB_URL' },
  ],
  [
    '1.27',
    'Failed',
    "Error: couldn't find key password in Secret prod/db",
    { cause: 'secret-key-missing', name: 'db', key: 'password' },
  ],
  [
    '1.25',
    'Failed',
    'Error: container has runAsNonRoot and image will run as root (pod: "web-1_prod(1b2c)", container: web)',
    { cause: 'run-as-root-refused' },
  ],
  [
    '1.25',
    'Failed',
    'Error: container has runAsNonRoot and image has non-numeric user (nonroot), cannot verify user is non-root (pod: "web-1_prod(1b2c)", container: web)',
    { cause: 'run-as-root-refused' },
  ],
  ['1.14', 'Failed', "Error: container's runAsUser breaks non-root policy", { cause: 'run-as-root-refused' }],
  [
    '1.21',
    'Failed',
    'Error: failed to prepare subPath for volumeMount "config" of container "web"',
    { cause: 'sub-path', volume: 'config' },
  ],
  [
    '1.19',
    'Failed',
    'Error: cannot find volume "data" to mount into container "web"',
    { cause: 'volume-missing', volume: 'data' },
  ],
  [
    '1.19',
    'Failed',
    'Error: services have not yet been read at least once, cannot construct envvars',
    { cause: 'not-synced' },
  ],
];

describe('volumes in the field', () => {
  describeField(mounts, (_reason, text) => parseMount(text));
});
describe('container configuration in the field', () => {
  describeField(container, (_reason, text) => parseContainerConfig(text));
});
