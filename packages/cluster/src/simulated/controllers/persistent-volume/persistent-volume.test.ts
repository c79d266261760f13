import { describe, expect, it } from 'vitest';
import {
  PERSISTENT_VOLUME_CLAIMS,
  PERSISTENT_VOLUMES,
  PODS,
  STORAGE_CLASSES,
  VOLUME_ATTACHMENTS,
} from '../../api/built-in-types.ts';
import { storageCluster } from './storage-cluster.suite.ts';

describe('persistentVolumeBinder', () => {
  it('binds the smallest volume that serves', () => {
    const { clock, createVolume, createClaim, claim, volume } = storageCluster();
    createVolume('large', { capacity: { storage: '100Gi' } });
    createVolume('small', { capacity: { storage: '20Gi' } });
    createVolume('tiny', { capacity: { storage: '5Gi' } });
    createVolume('shared', { accessModes: ['ReadWriteOnce', 'ReadWriteMany'], capacity: { storage: '10Gi' } });
    clock.advance(1000);
    expect(volume('small')?.status?.phase).toBe('Available');
    const { metadata } = createClaim('data', '');
    clock.advance(1000);
    expect(claim('data')).toMatchObject({
      metadata: {
        annotations: { 'pv.kubernetes.io/bind-completed': 'yes', 'pv.kubernetes.io/bound-by-controller': 'yes' },
      },
      spec: { volumeName: 'small' },
      status: { phase: 'Bound', accessModes: ['ReadWriteOnce'], capacity: { storage: '20Gi' } },
    });
    expect(volume('small')).toMatchObject({
      metadata: { annotations: { 'pv.kubernetes.io/bound-by-controller': 'yes' } },
      spec: { claimRef: { kind: 'PersistentVolumeClaim', namespace: 'default', name: 'data', uid: metadata.uid } },
      status: { phase: 'Bound' },
    });
  });

  it('looks at class, mode and labels', () => {
    const { clock, createVolume, createClaim, claim } = storageCluster();
    createVolume('classy', { storageClassName: 'manual' });
    createVolume('block', { volumeMode: 'Block' });
    createClaim('data', '');
    createClaim('chosen', 'manual', { selector: { matchLabels: { disk: 'ssd' } } });
    clock.advance(20_000);
    expect(claim('data').status?.phase).toBe('Pending');
    expect(claim('chosen').status?.phase).toBe('Pending');
  });

  it('says when there is neither a volume nor a class', () => {
    const { clock, createClaim, told } = storageCluster();
    createClaim('data', '');
    clock.advance(1000);
    expect(told('data')).toEqual([
      'Normal FailedBinding no persistent volumes available for this claim and no storage class is set',
    ]);
  });

  it('gives a claim without a class the default that came after it, unless it wants none', () => {
    const { api, clock, createClaim, claim } = storageCluster();
    createClaim('data', undefined);
    createClaim('none', '');
    clock.advance(1000);
    expect(claim('data').spec).not.toHaveProperty('storageClassName');
    api.change(STORAGE_CLASSES, '', 'fast', (one) => ({
      ...one,
      metadata: { ...one.metadata, annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
    }));
    clock.advance(30_000);
    expect(claim('data')).toMatchObject({ spec: { storageClassName: 'fast' }, status: { phase: 'Bound' } });
    expect(claim('none')).toMatchObject({ spec: { storageClassName: '' }, status: { phase: 'Pending' } });
  });

  it('says when the class is not there, or provisions nothing', () => {
    const { clock, createClaim, told } = storageCluster();
    createClaim('data', 'gold');
    clock.advance(1000);
    expect(told('data')).toEqual(['Warning ProvisioningFailed storageclass.storage.k8s.io "gold" not found']);
  });

  it('binds a volume that was asked for by name, if it does', () => {
    const { clock, createVolume, createClaim, claim, told } = storageCluster();
    createVolume('mine');
    createVolume('small', { capacity: { storage: '1Gi' } });
    createClaim('data', '', { volumeName: 'mine' });
    createClaim('more', '', { volumeName: 'small' });
    createClaim('late', '', { volumeName: 'mine' });
    clock.advance(1000);
    expect(claim('data').status?.phase).toBe('Bound');
    expect(told('more')).toEqual([
      'Warning VolumeMismatch Cannot bind to requested volume "small": requested PV is too small',
    ]);
    expect(told('late')).toContain('Warning FailedBinding volume "mine" already bound to a different claim.');
  });

  it('keeps a volume for the claim that it names', () => {
    const { clock, createVolume, createClaim, claim } = storageCluster();
    createVolume('kept', { claimRef: { namespace: 'default', name: 'wanted' } });
    createClaim('other', '');
    createClaim('wanted', '');
    clock.advance(1000);
    expect(claim('other').status?.phase).toBe('Pending');
    expect(claim('wanted').spec?.volumeName).toBe('kept');
  });

  it('releases a retained volume when its claim goes, and calls a claim lost whose volume went', () => {
    const { api, clock, createVolume, createClaim, claim, volume, told } = storageCluster();
    createVolume('one');
    createClaim('data', '');
    clock.advance(1000);
    api.delete(PERSISTENT_VOLUME_CLAIMS, 'default', 'data');
    clock.advance(1000);
    expect(volume('one')?.status?.phase).toBe('Released');
    createVolume('two');
    createClaim('more', '');
    clock.advance(20_000);
    expect(claim('more').spec?.volumeName).toBe('two');
    api.store.remove(PERSISTENT_VOLUMES, '', 'two');
    clock.advance(20_000);
    expect(claim('more').status?.phase).toBe('Lost');
    expect(told('more')).toContain(
      'Warning ClaimLost Bound claim has lost its PersistentVolume. Data on the volume is lost!',
    );
  });

  it('cannot delete what nobody provisioned', () => {
    const { api, clock, createVolume, createClaim, volume } = storageCluster();
    createVolume('one', { persistentVolumeReclaimPolicy: 'Delete' });
    createClaim('data', '');
    clock.advance(1000);
    api.delete(PERSISTENT_VOLUME_CLAIMS, 'default', 'data');
    clock.advance(1000);
    expect(volume('one')?.status).toMatchObject({
      phase: 'Failed',
      message: 'error getting deleter volume plugin for volume "one": no deletable volume plugin matched',
    });
  });
});

describe('volumeProvisioner', () => {
  it('makes a volume in a zone, and deletes it with its claim', () => {
    const { api, clock, createClaim, claim, volume, told } = storageCluster();
    const { metadata } = createClaim('data', 'fast');
    const name = `pvc-${metadata.uid ?? ''}`;
    clock.advance(3000);
    expect(claim('data')).toMatchObject({ spec: { volumeName: name }, status: { phase: 'Bound' } });
    expect(volume(name)).toMatchObject({
      metadata: { annotations: { 'pv.kubernetes.io/provisioned-by': 'pd.csi.storage.gke.io' } },
      spec: {
        capacity: { storage: '10Gi' },
        csi: { driver: 'pd.csi.storage.gke.io', volumeHandle: name },
        persistentVolumeReclaimPolicy: 'Delete',
        storageClassName: 'fast',
      },
      status: { phase: 'Bound' },
    });
    expect(volume(name)?.spec?.nodeAffinity?.required?.nodeSelectorTerms[0]?.matchExpressions).toMatchObject([
      { key: 'topology.kubernetes.io/zone', operator: 'In' },
    ]);
    expect(told('data')).toEqual([
      "Normal ExternalProvisioning Waiting for a volume to be created either by the external provisioner 'pd.csi.storage.gke.io' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.",
      'Normal Provisioning External provisioner is provisioning volume for claim "default/data"',
      `Normal ProvisioningSucceeded Successfully provisioned volume ${name}`,
    ]);
    api.delete(PERSISTENT_VOLUME_CLAIMS, 'default', 'data');
    clock.advance(5000);
    expect(volume(name)).toBeUndefined();
  });

  it('waits for the first consumer, and makes the volume near it', () => {
    const { clock, createClaim, createPod, claim, volume, pod, told } = storageCluster();
    createClaim('data', 'local');
    clock.advance(20_000);
    expect(claim('data').status?.phase).toBe('Pending');
    expect(told('data')).toEqual([
      'Normal WaitForFirstConsumer waiting for first consumer to be created before binding',
    ]);
    createPod('db', 'data');
    clock.advance(30_000);
    const node = pod('db')?.spec?.nodeName ?? '';
    expect(claim('data')).toMatchObject({
      metadata: { annotations: { 'volume.kubernetes.io/selected-node': node } },
      status: { phase: 'Bound' },
    });
    expect(
      volume(claim('data').spec?.volumeName ?? '')?.spec?.nodeAffinity?.required?.nodeSelectorTerms[0]
        ?.matchExpressions,
    ).toEqual([{ key: 'topology.kubernetes.io/zone', operator: 'In', values: [node.slice(-1)] }]);
    expect(pod('db')?.status?.phase).toBe('Running');
  });

  it('says why a driver makes no volume, and goes on trying', () => {
    const why = "rpc error: code = ResourceExhausted desc = Quota 'SSD_TOTAL_GB' exceeded.  Limit: 500.0 in region r.";
    const { clock, createClaim, claim, told } = storageCluster({ volume: () => ({ provisionError: why }) });
    createClaim('data', 'fast');
    clock.advance(60_000);
    expect(claim('data').status?.phase).toBe('Pending');
    expect(told('data')).toContain(
      `Warning ProvisioningFailed failed to provision volume with StorageClass "fast": ${why}`,
    );
  });
});

describe('claimProtectionController', () => {
  it('keeps a claim that a pod uses until the pod is gone', () => {
    const { api, clock, createClaim, createPod, claim } = storageCluster();
    createClaim('data', 'local');
    createPod('db', 'data');
    clock.advance(30_000);
    api.delete(PERSISTENT_VOLUME_CLAIMS, 'default', 'data');
    clock.advance(60_000);
    expect(claim('data').metadata.deletionTimestamp).toBeDefined();
    api.delete(PODS, 'default', 'db');
    clock.advance(60_000);
    expect(() => claim('data')).toThrow('persistentvolumeclaims "data" not found');
  });
});

describe('volumeResizer', () => {
  it('grows the volume, then its file system while a pod runs', () => {
    const { api, clock, createClaim, createPod, claim, told } = storageCluster();
    createClaim('data', 'local');
    createPod('db', 'data');
    clock.advance(30_000);
    api.change(PERSISTENT_VOLUME_CLAIMS, 'default', 'data', (one) => ({
      ...one,
      spec: { ...one.spec, resources: { requests: { storage: '20Gi' } } },
    }));
    clock.advance(100);
    expect(claim('data').status?.conditions).toMatchObject([{ type: 'Resizing', status: 'True' }]);
    clock.advance(2100);
    expect(claim('data').status).toMatchObject({
      capacity: { storage: '10Gi' },
      conditions: [{ type: 'FileSystemResizePending', status: 'True' }],
    });
    clock.advance(5000);
    expect(claim('data').status?.capacity).toEqual({ storage: '20Gi' });
    expect(claim('data').status).not.toHaveProperty('conditions');
    expect(told('data')).toContain('Normal FileSystemResizeRequired Require file system resize of volume on node');
  });
});

describe('ephemeralVolumeController', () => {
  it('makes a claim that belongs to the pod', () => {
    const { api, clock, claim } = storageCluster();
    const template = {
      metadata: { labels: { kind: 'scratch' } },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, storageClassName: 'local' },
    };
    const pod = api.create(PODS, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'job', namespace: 'default' },
      spec: {
        containers: [{ name: 'app', image: 'job' }],
        volumes: [{ name: 'tmp', ephemeral: { volumeClaimTemplate: template } }],
      },
    });
    clock.advance(1000);
    expect(claim('job-tmp')).toMatchObject({
      metadata: {
        labels: { kind: 'scratch' },
        ownerReferences: [{ kind: 'Pod', name: 'job', uid: pod.metadata.uid, controller: true }],
      },
    });
  });
});

describe('attachDetachController', () => {
  it('attaches the volume of a pod to its node, and detaches it after', () => {
    const { api, clock, createClaim, createPod, told, pod } = storageCluster();
    createClaim('data', 'local');
    createPod('db', 'data');
    clock.advance(30_000);
    const attachments = () => [...api.store.list(VOLUME_ATTACHMENTS)];
    const { nodeName = '' } = pod('db')?.spec ?? {};
    expect(attachments()).toMatchObject([
      { spec: { attacher: 'pd.csi.storage.gke.io', nodeName }, status: { attached: true } },
    ]);
    expect(told('db').join('\n')).toMatch(
      /Normal SuccessfulAttachVolume AttachVolume\.Attach succeeded for volume "pvc-[-0-9a-f]+" /,
    );
    api.delete(PODS, 'default', 'db');
    clock.advance(60_000);
    expect(attachments()).toEqual([]);
  });

  it('does not attach a volume for one node to a second', () => {
    const { api, clock, createClaim, createPod, told, pod, volume, claim } = storageCluster();
    createClaim('data', 'fast');
    clock.advance(5000);
    createPod('first', 'data', 'node-a');
    clock.advance(30_000);
    createPod('second', 'data', 'node-b');
    clock.advance(30_000);
    const name = volume(claim('data').spec?.volumeName ?? '')?.metadata.name ?? '';
    expect(told('second')).toContain(
      `Warning FailedAttachVolume Multi-Attach error for volume "${name}" Volume is already used by pod(s) first`,
    );
    expect(pod('second')?.status?.phase).toBe('Pending');
    api.delete(PODS, 'default', 'first');
    clock.advance(200_000);
    expect(pod('second')?.status?.phase).toBe('Running');
  });
});
