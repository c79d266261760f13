/** Faults of placement, storage and capacity. */
import { addClaim, addService, templateOf } from '../background.ts';
import { entity, type Fault, type Site } from '../fault.ts';
import { MINUTE, SECOND, type App, type Json, type Template, type World } from '../world.ts';

/** What the scheduler says, node by node, in the words of the version. */
export function refusal(world: World, why: (at: number) => string): () => string {
  return () => {
    const counts = new Map<string, number>();
    const open = world.nodes.filter(({ lostMs, unschedulable }) => lostMs === undefined && !unschedulable);
    const note = (reason: string) => counts.set(reason, (counts.get(reason) ?? 0) + 1);
    for (const { lostMs, unschedulable } of world.nodes) {
      if (lostMs !== undefined) note(taintText(world, 'node.kubernetes.io/unreachable: '));
      else if (unschedulable) note('node(s) were unschedulable');
    }
    open.forEach((_, at) => note(why(at)));
    const reasons = [...counts].map(([reason, count]) => `${count} ${reason}`).sort();
    const all = world.nodes.length;
    const capacity = reasons.some((reason) => reason.includes('Insufficient'));
    const after = capacity
      ? 'No preemption victims found for incoming pod'
      : 'Preemption is not helpful for scheduling';
    return `0/${all} nodes are available: ${reasons.join(', ')}. preemption: 0/${all} nodes are available: ${all} ${after}.`;
  };
}

function taintText({ minor }: World, taint: string): string {
  return minor >= 36 ? 'node(s) had untolerated taint(s)' : `node(s) had untolerated taint {${taint}}`;
}

/** New pods of a revision that no node takes. */
function unplaced(site: Site, app: App, change: (template: Template) => void, message: () => string): void {
  const { world } = site;
  const sinceMs = site.onset();
  for (const run of world.rollOut(app, change, sinceMs, () => ({ is: 'unschedulable', message })))
    scheduled(world, app, run.uid, sinceMs, message);
}

/** The scheduler's events about a pod. */
export function scheduled(world: World, app: App, uid: string, sinceMs: number, message: () => string): void {
  const run = app.runs.find((one) => one.uid === uid);
  if (run === undefined) return;
  const times = {
    firstMs: sinceMs - 3 * SECOND,
    lastMs: 2 * MINUTE,
    count: Math.max(2, Math.round(sinceMs / (5 * MINUTE))),
  };
  world.event(world.podRef(app, run), {
    reason: 'FailedScheduling',
    component: 'default-scheduler',
    message,
    ...times,
  });
}

export const nodeSelectorUnmatched: Fault = (site) => {
  const { world } = site;
  const app = site.app();
  const words =
    world.minor < 21 ? "node(s) didn't match node selector" : "node(s) didn't match Pod's node affinity/selector";
  unplaced(
    site,
    app,
    ({ spec }) => (spec['nodeSelector'] = { 'acme.example/disk': 'nvme' }),
    refusal(world, () => words),
  );
  return [{ entities: [entity(app)], classes: ['node-affinity-unmatched'] }];
};

/** Nodes kept for somebody, on all of which the pods' selector insists. */
export const taintUntolerated: Fault = (site) => {
  const { world } = site;
  const app = site.app();
  const zone = world.nodes[0]?.zone ?? '';
  for (let i = 0; i < 2; i++) {
    const node = world.node(`ip-10-1-9-${i + 20}.compute.internal`, zone);
    node.taints = [{ key: 'dedicated', value: 'batch', effect: 'NoSchedule' }];
    for (const daemon of world.apps.filter(({ kind }) => kind === 'DaemonSet'))
      world.run(daemon, { is: 'ready' }, 900 * MINUTE, node.name);
  }
  const names = world.nodes.slice(-2).map(({ name }) => name);
  const affinity = {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: names }] }],
      },
    },
  };
  const open = world.nodes.length - 2;
  unplaced(
    site,
    app,
    ({ spec }) => (spec['affinity'] = affinity),
    refusal(world, (at) =>
      at < open ? "node(s) didn't match Pod's node affinity/selector" : taintText(world, 'dedicated: batch'),
    ),
  );
  return [
    {
      entities: [entity(app), 'Node *'],
      classes: ['untolerated-taint', 'node-taint-untolerated', 'node-affinity-unmatched'],
    },
  ];
};

export const podTooLarge: Fault = (site) => {
  const { world } = site;
  const app = site.app();
  unplaced(
    site,
    app,
    ({ container }) => (container['resources'] = { requests: { cpu: '12', memory: '1Gi' } }),
    refusal(world, () => 'Insufficient cpu'),
  );
  return [{ entities: [entity(app)], classes: ['pod-larger-than-any-node'] }];
};

export const gpuNotOffered: Fault = (site) => {
  const { world } = site;
  const app = site.app();
  unplaced(
    site,
    app,
    ({ container }) =>
      (container['resources'] = {
        requests: { cpu: '100m', 'nvidia.com/gpu': '1' },
        limits: { 'nvidia.com/gpu': '1' },
      }),
    refusal(world, () => 'Insufficient nvidia.com/gpu'),
  );
  return [{ entities: [entity(app)], classes: ['resource-not-offered'] }];
};

export const antiAffinity: Fault = (site) => {
  const { world } = site;
  const app = site.app();
  const replicas = world.nodes.length + 2;
  const term = { labelSelector: { matchLabels: app.labels }, topologyKey: 'kubernetes.io/hostname' };
  app.template.spec['affinity'] = { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } };
  app.replicas = replicas;
  app.runs = [];
  for (const { name } of world.nodes) world.run(app, { is: 'ready' }, 3000 * MINUTE, name);
  const sinceMs = site.onset();
  const message = refusal(world, () => "node(s) didn't match pod anti-affinity rules");
  for (let i = 0; i < 2; i++)
    scheduled(world, app, world.run(app, { is: 'unschedulable', message }, sinceMs).uid, sinceMs, message);
  return [{ entities: [entity(app)], classes: ['pod-affinity-unmatched'] }];
};

/** Nodes full of what another team requests, and no autoscaler. */
export const capacityExhausted: Fault = (site) => {
  const { world } = site;
  const app = site.app();
  const holder = site.app(({ namespace }) => namespace !== app.namespace);
  holder.template.container['resources'] = { requests: { cpu: '2600m', memory: '2Gi' }, limits: { memory: '2Gi' } };
  holder.runs = [];
  holder.replicas = world.nodes.length;
  for (const { name } of world.nodes) world.run(holder, { is: 'ready' }, 2000 * MINUTE, name);
  unplaced(
    site,
    app,
    ({ container }) => (container['resources'] = { requests: { cpu: '1500m', memory: '512Mi' } }),
    refusal(world, () => 'Insufficient cpu'),
  );
  return [{ entities: ['Node *'], classes: ['capacity-exhausted', 'requests-exceed-capacity'] }];
};

/** Cordoned nodes, so that the rest is too full. */
export const nodesCordoned: Fault = (site) => {
  const { world } = site;
  const app = site.app();
  const sinceMs = site.onset();
  for (const node of world.nodes) node.unschedulable = true;
  const message = refusal(world, () => '');
  for (const run of app.runs.slice(0, 1)) {
    run.ageMs = sinceMs;
    run.node = undefined;
    run.state = { is: 'unschedulable', message };
    scheduled(world, app, run.uid, sinceMs, message);
  }
  return [{ entities: ['Node *', entity(app)], classes: ['nodes-cordoned', 'node-cordoned'] }];
};

function stateful(site: Site): App {
  const { world } = site;
  const { namespace } = site.app();
  const template = templateOf(world, 'index', namespace);
  template.spec['volumes'] = [{ name: 'data', persistentVolumeClaim: { claimName: 'data-index-0' } }];
  const app = world.app({
    kind: 'StatefulSet',
    namespace,
    name: 'index',
    replicas: 1,
    template,
    createdMs: site.onset(),
    revision: 1,
  });
  app.runs = [];
  addService(world, app);
  return app;
}

/** A claim whose storage class nobody made. */
export const storageClassMissing: Fault = (site) => {
  const { world } = site;
  const app = stateful(site);
  const { namespace, createdMs } = app;
  const claim = world.add(
    'v1',
    'PersistentVolumeClaim',
    'data-index-0',
    namespace,
    {
      spec: {
        accessModes: ['ReadWriteOnce'],
        storageClassName: 'fast-ssd',
        resources: { requests: { storage: '50Gi' } },
      },
      status: { phase: 'Pending' },
    },
    createdMs,
  );
  world.event(claim, {
    reason: 'ProvisioningFailed',
    component: 'persistentvolume-controller',
    message: 'storageclass.storage.k8s.io "fast-ssd" not found',
    count: 60,
    firstMs: createdMs - SECOND,
    lastMs: 10 * SECOND,
  });
  const message = () =>
    `0/${world.nodes.length} nodes are available: pod has unbound immediate PersistentVolumeClaims. preemption: 0/${world.nodes.length} nodes are available: ${world.nodes.length} Preemption is not helpful for scheduling.`;
  scheduled(world, app, world.run(app, { is: 'unschedulable', message }, createdMs - SECOND).uid, createdMs, message);
  return [
    {
      entities: ['StorageClass fast-ssd', `PersistentVolumeClaim ${namespace}/data-index-0`],
      classes: ['storage-class-missing', 'claim-pending', 'claim-unusable', 'stateful-set-storage-class-missing'],
    },
  ];
};

/** One missing StorageClass under claims of two namespaces. */
export const sharedStorageClassMissing: Fault = (site) => {
  storageClassMissing(site);
  storageClassMissing(site);
  return [{ entities: ['StorageClass fast-ssd'], classes: ['storage-class-missing'] }];
};

/** A provisioner that may not create disks. */
export const provisionerFails: Fault = (site) => {
  const { world } = site;
  const app = stateful(site);
  const { namespace, createdMs } = app;
  const claim = world.add(
    'v1',
    'PersistentVolumeClaim',
    'data-index-0',
    namespace,
    {
      spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'gp3', resources: { requests: { storage: '50Gi' } } },
      status: { phase: 'Pending' },
    },
    createdMs,
  );
  const why =
    'failed to provision volume with StorageClass "gp3": rpc error: code = Internal desc = Could not create volume "pvc-1f0c": could not create volume in EC2: operation error EC2: CreateVolume, https response error StatusCode: 403, RequestID: 9ab1, api error UnauthorizedOperation: You are not authorized to perform this operation.';
  world.event(claim, {
    reason: 'ProvisioningFailed',
    component: 'ebs.csi.aws.com_ebs-csi-controller-7d9_1',
    message: why,
    count: 20,
    firstMs: createdMs - 9 * SECOND,
    lastMs: 30 * SECOND,
  });
  const message = () => `running PreBind plugin "VolumeBinding": binding volumes: context deadline exceeded`;
  scheduled(world, app, world.run(app, { is: 'unschedulable', message }, createdMs - SECOND).uid, createdMs, message);
  return [
    {
      entities: [
        'StorageClass gp3',
        `PersistentVolumeClaim ${namespace}/data-index-0`,
        'ServiceAccount *',
        'Deployment kube-system/*',
      ],
      classes: [
        'claim-unusable',
        'claim-pending',
        'volume-provisioning-failed',
        'claim-provisioning-failed',
        'storage-provisioner-denied',
      ],
    },
  ];
};

/** A database that must move while its disk is in a zone without room: all nodes of that zone are cordoned. */
export const volumeZone: Fault = (site) => {
  const { world } = site;
  const app = site.database();
  const [run] = app.runs;
  const claim = world.find('PersistentVolumeClaim', app.namespace, 'data-db-0')['spec'] as Json;
  const volume = world.find('PersistentVolume', undefined, String(claim['volumeName']))['spec'] as {
    nodeAffinity: { required: { nodeSelectorTerms: { matchExpressions: { values: string[] }[] }[] } };
  };
  const match = volume.nodeAffinity.required.nodeSelectorTerms[0]?.matchExpressions[0];
  if (run === undefined || match === undefined) throw new RangeError('a database without a disk');
  match.values = ['eu-west-1c'];
  const sinceMs = site.onset();
  const message = refusal(world, () =>
    world.minor >= 33
      ? "node(s) didn't match PersistentVolume's node affinity"
      : 'node(s) had volume node affinity conflict',
  );
  Object.assign(run, { node: undefined, ageMs: sinceMs, state: { is: 'unschedulable', message } });
  scheduled(world, app, run.uid, sinceMs, message);
  return [
    {
      entities: [entity(app), `PersistentVolumeClaim ${app.namespace}/data-db-0`, 'PersistentVolume *'],
      classes: ['volume-zone-conflict'],
    },
  ];
};

/** A rolling update whose new pod waits for the disk that the old pod has on another node. */
export const volumeHeld: Fault = (site) => {
  const { world } = site;
  const app = site.app();
  const [a, b] = world.nodes.filter(({ taints }) => taints.length === 0);
  if (a === undefined || b === undefined) throw new RangeError('two nodes are needed');
  addClaim(world, app.namespace, 'uploads', a.zone);
  app.template.spec['volumes'] = [{ name: 'uploads', persistentVolumeClaim: { claimName: 'uploads' } }];
  app.replicas = 1;
  app.runs = app.runs.slice(0, 1);
  for (const run of app.runs) run.node = a.name;
  const sinceMs = site.onset();
  const volume = String((world.find('PersistentVolumeClaim', app.namespace, 'uploads')['spec'] as Json)['volumeName']);
  const holder = app.runs[0]?.name ?? '';
  for (const run of world.rollOut(
    app,
    ({ container }) => (container.image = container.image.replace(/:[^:]*$/, ':9.9.9')),
    sinceMs,
    () => ({ is: 'waiting', reason: 'ContainerCreating' }),
  )) {
    run.node = b.name;
    world.event(world.podRef(app, run), {
      reason: 'FailedAttachVolume',
      component: 'attachdetach-controller',
      message: `Multi-Attach error for volume "${volume}" Volume is already used by pod(s) ${holder}`,
      firstMs: sinceMs - 3 * SECOND,
      lastMs: 3 * MINUTE,
      count: 3,
    });
    world.event(world.podRef(app, run), {
      reason: 'FailedMount',
      message:
        'Unable to attach or mount volumes: unmounted volumes=[uploads], unattached volumes=[], failed to process volumes=[]: context deadline exceeded',
      firstMs: sinceMs - 123 * SECOND,
      lastMs: 40 * SECOND,
      count: 5,
    });
  }
  return [{ entities: [`PersistentVolumeClaim ${app.namespace}/uploads`, entity(app)], classes: ['volume-held'] }];
};
