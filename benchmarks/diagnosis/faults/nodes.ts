/** Faults of nodes, and of what runs on each. */
import { condition, entity, restartsIn, type Fault } from '../fault.ts';
import { MINUTE, SECOND, type App, type NodeModel, type Ref, type Run, type State, type World } from '../world.ts';

function nodeRef({ name }: NodeModel): Ref {
  return { apiVersion: 'v1', kind: 'Node', name, uid: name };
}

/** What runs well on a node; what fails already may as well stand on another. */
function soundOn({ name }: NodeModel, app: App): readonly Run[] {
  return app.runs.filter((run) => run.node === name && run.state.is === 'ready');
}

/** The node with most pods of teams. */
function busiest(world: World): NodeModel {
  const count = (node: NodeModel) =>
    world.apps.filter(({ namespace }) => namespace !== 'kube-system').flatMap((app) => soundOn(node, app)).length;
  return world.nodes.toSorted((a, b) => count(b) - count(a))[0] as NodeModel;
}

/** A node that falls silent: its pods are evicted after five minutes and come up elsewhere; claims and single pods wait. */
export const nodeLost: Fault = (site) => {
  const { world } = site;
  const node = busiest(world);
  const sinceMs = site.onset();
  node.lostMs = sinceMs;
  world.event(nodeRef(node), {
    type: 'Normal',
    reason: 'NodeNotReady',
    component: 'node-controller',
    message: `Node ${node.name} status is now: NodeNotReady`,
    firstMs: sinceMs,
  });
  for (const app of world.apps) {
    for (const run of soundOn(node, app)) {
      run.state = { is: 'lost', sinceMs };
      world.event(world.podRef(app, run), {
        reason: 'NodeNotReady',
        component: 'node-controller',
        message: 'Node is not ready',
        firstMs: sinceMs,
      });
      if (app.kind === 'Deployment') world.run(app, { is: 'ready' }, sinceMs - 5 * MINUTE - 20 * SECOND);
    }
  }
  return [{ entities: [`Node ${node.name}`], classes: ['node-not-ready', 'nodes-lost'] }];
};

/** A full disk: the kubelet evicts, and taints the node. */
export const diskPressure: Fault = (site) => {
  const { world } = site;
  const node = busiest(world);
  const sinceMs = site.onset();
  node.conditions = [condition('DiskPressure', 'True', 'KubeletHasDiskPressure', 'kubelet has disk pressure', sinceMs)];
  node.taints = [{ key: 'node.kubernetes.io/disk-pressure', effect: 'NoSchedule' }];
  world.event(nodeRef(node), {
    reason: 'EvictionThresholdMet',
    message: 'Attempting to reclaim ephemeral-storage',
    count: 12,
    firstMs: sinceMs,
    lastMs: 30 * SECOND,
  });
  const message =
    'The node was low on resource: ephemeral-storage. Threshold quantity: 8053063680, available: 6917204Ki. ';
  for (const app of world.apps.filter(({ kind, namespace }) => kind === 'Deployment' && namespace !== 'kube-system')) {
    for (const run of soundOn(node, app)) {
      run.state = { is: 'evicted', message, sinceMs: sinceMs - MINUTE };
      world.event(world.podRef(app, run), { reason: 'Evicted', message, firstMs: sinceMs - MINUTE });
      world.run(app, { is: 'ready' }, sinceMs - 2 * MINUTE);
    }
  }
  return [{ entities: [`Node ${node.name}`], classes: ['node-pressure'] }];
};

/** A network plugin that crashes on one node: pods there get no sandbox. */
export const networkPluginDown: Fault = (site) => {
  const { world } = site;
  const plugin = site.system('aws-node');
  const app = site.app();
  const [run] = plugin.runs;
  const node = world.nodes.find(({ name }) => name === run?.node);
  if (run === undefined || node === undefined) throw new RangeError('a plugin without a node');
  const sinceMs = site.onset();
  run.state = { is: 'crashing', end: { exitCode: 1, reason: 'Error', livedMs: 5000 }, restarts: restartsIn(sinceMs) };
  world.event(world.podRef(plugin, run), {
    reason: 'BackOff',
    message: `Back-off restarting failed container aws-node in pod ${run.name}_kube-system(${run.uid})`,
    count: 80,
    firstMs: sinceMs,
    lastMs: 8 * SECOND,
    fieldPath: 'spec.containers{aws-node}',
  });
  world.logs.push({ run, app: plugin, lines: ['Starting IPAM daemon', 'failed to reach the EC2 metadata service'] });
  const creating = (): State => ({ is: 'waiting', reason: 'ContainerCreating' });
  for (const one of world.rollOut(
    app,
    ({ container }) => (container.image = container.image.replace(/:[^:]*$/, ':7.0.0')),
    sinceMs - 2 * MINUTE,
    creating,
  )) {
    one.node = node.name;
    world.event(world.podRef(app, one), {
      reason: 'FailedCreatePodSandBox',
      message: `Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "4be1f0": plugin type="aws-cni" name="aws-cni" failed (add): add cmd: Error received from AddNetwork gRPC call: rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial tcp 127.0.0.1:50051: connect: connection refused"`,
      count: 40,
      firstMs: sinceMs - 2 * MINUTE,
      lastMs: 10 * SECOND,
    });
  }
  return [
    {
      entities: [entity(plugin), `Node ${node.name}`],
      classes: ['program-fails', 'network-plugin-unavailable', 'network-plugin-down', 'pod-network-unavailable'],
    },
  ];
};

/** A node whose range of Pod addresses is used up. */
export const addressesExhausted: Fault = (site) => {
  const { world } = site;
  const app = site.app();
  const node = world.pick(world.nodes.filter(({ taints, lostMs }) => taints.length === 0 && lostMs === undefined));
  const sinceMs = site.onset();
  for (const run of world.rollOut(
    app,
    ({ container }) => (container.image = container.image.replace(/:[^:]*$/, ':7.1.0')),
    sinceMs,
    () => ({ is: 'waiting', reason: 'ContainerCreating' }),
  )) {
    run.node = node.name;
    world.event(world.podRef(app, run), {
      reason: 'FailedCreatePodSandBox',
      message:
        'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "77aa01": plugin type="ptp" failed (add): failed to allocate for range 0: no IP addresses available in range set: 10.8.1.1-10.8.1.62',
      count: 30,
      firstMs: sinceMs,
      lastMs: 10 * SECOND,
    });
  }
  return [{ entities: [`Node ${node.name}`], classes: ['pod-addresses-exhausted'] }];
};

/** A kubelet that says itself that its runtime is down. */
export const runtimeDown: Fault = (site) => {
  const { world } = site;
  const node = busiest(world);
  const sinceMs = site.onset();
  const why =
    'container runtime is down, PLEG is not healthy: pleg was last seen active 9m12.4s ago; threshold is 3m0s';
  node.conditions = [condition('Ready', 'False', 'KubeletNotReady', `[${why}]`, sinceMs)];
  node.taints = ['NoSchedule', 'NoExecute'].map((effect) => ({ key: 'node.kubernetes.io/not-ready', effect }));
  for (const app of world.apps.filter(({ kind }) => kind !== 'DaemonSet')) {
    for (const run of soundOn(node, app)) {
      run.state = { is: 'lost', sinceMs };
      if (app.kind === 'Deployment') world.run(app, { is: 'ready' }, Math.max(MINUTE, sinceMs - 6 * MINUTE));
    }
  }
  return [{ entities: [`Node ${node.name}`], classes: ['node-not-ready', 'nodes-lost', 'node-problem'] }];
};
