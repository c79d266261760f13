/**
 * The machines of a cluster's node pools: requested, become Nodes, and go. Quotas hold what they take from the request until they are gone.
 * Source: https://cloud.google.com/compute/docs/instance-groups; `k8s.io/cloud-provider/controllers/nodelifecycle`
 */
import { quotaNeedOfNode, type QuotaNeed } from '../../cloud/quota-need.ts';
import type { Node } from '../../model/kinds.ts';
import { ApiError } from '../api/api-error.ts';
import type { ApiServer } from '../api/api-server.ts';
import { NODES } from '../api/built-in-types.ts';
import type { Random } from '../clock/random.ts';
import type { VirtualClock } from '../clock/virtual-clock.ts';
import type { EventRecorder } from '../events/event-recorder.ts';
import type { NodeAgents } from '../kubelet/node-agents.ts';
import { isChangeOf } from '../store/object-index.ts';
import type { Change } from '../store/object-store.ts';
import { drawMachineName, groupKeyOf, instanceGroupsOf, nodeOptionsOf, type InstanceGroup } from './machines.ts';
import { takeMachine, type MachineRefusal } from './machine-refusal.ts';
import { PodRanges } from './pod-ranges.ts';
import type { SimulatedCloud } from './simulated-cloud.ts';

/** A machine of a group. */
export interface Machine {
  readonly name: string;
  /** `‹pool›/‹zone›`. */
  readonly group: string;
  readonly state: 'creating' | 'running' | 'deleting';
  readonly requestedAt: number;
  /** Why it does not come; its group keeps trying until it is deleted. */
  readonly refusal?: MachineRefusal;
}

/** What the groups need of their cluster. */
export interface InstanceGroupsContext {
  readonly api: ApiServer;
  readonly clock: VirtualClock;
  readonly events: EventRecorder;
  readonly random: Random;
  readonly kubelets: NodeAgents;
}

/** From the request to delete a machine until it is gone: an orderly shutdown, and the disk. */
const DELETION_MS = 60_000;
/** Between two looks of the cloud's controller at nodes that are not ready. Source: `--node-monitor-period` */
const MONITOR_MS = 5000;
const SOURCE = { component: 'cloud-node-lifecycle-controller' };

export class InstanceGroups {
  readonly #cloud: SimulatedCloud;
  readonly #context: InstanceGroupsContext;
  readonly #random: Random;
  readonly #ranges: PodRanges;
  readonly #machines = new Map<string, Machine>();
  /** What each takes of quotas: its pool may ask for other machines meanwhile. */
  readonly #taken = new Map<string, readonly QuotaNeed[]>();
  /** Refusals that go on, by group. */
  readonly #holds = new Map<string, () => MachineRefusal | undefined>();
  /** Machines that are gone and whose Nodes are not, with their groups. */
  readonly #lost = new Map<string, string>();
  readonly #byGroup = new Map<string, Map<string, Machine>>();

  constructor(cloud: SimulatedCloud, context: InstanceGroupsContext) {
    this.#cloud = cloud;
    this.#context = context;
    this.#random = context.random.fork('instance-groups');
    this.#ranges = new PodRanges(cloud);
    context.api.store.listen((change) => {
      if (isChangeOf(change, NODES)) this.#nodeChanged(change);
    });
  }

  /** One per pool and zone. */
  get groups(): readonly InstanceGroup[] {
    return instanceGroupsOf(this.#cloud);
  }

  machine(name: string): Machine | undefined {
    return this.#machines.get(name);
  }

  /** Machines of a group (`‹pool›/‹zone›`), those that are being made and those that are going among them. */
  machinesOf(key: string): readonly Machine[] {
    return [...(this.#byGroup.get(key)?.values() ?? [])];
  }

  /** How many machines a group shall have: those that come or are there, without those that go. */
  targetOf(key: string): number {
    let sum = 0;
    for (const { state } of this.#byGroup.get(key)?.values() ?? []) if (state !== 'deleting') sum++;
    return sum;
  }

  /** As {@link targetOf}, over the zones of a pool. */
  sizeOf(pool: string): number {
    return this.groups
      .filter((group) => group.pool.name === pool)
      .reduce((sum, { key }) => sum + this.targetOf(key), 0);
  }

  /**
   * Adds a machine to a pool that is a ready node at once, in the zone of the fewest by default.
   * @throws RangeError without such a pool or zone, or where the cloud refuses it
   */
  add(pool: string, zone?: string): Node {
    const group = this.#groupFor(pool, zone);
    const name = this.#draw(group);
    const refusal = this.#take(group, name);
    if (refusal !== undefined) throw new RangeError(`node pool "${pool}": ${refusal.message}`);
    this.#set({ name, group: group.key, state: 'running', requestedAt: this.#context.clock.now });
    return this.#register(group, name);
  }

  /** Requests a machine for a group; it becomes a node after the cloud's time, or is refused. */
  request(group: InstanceGroup): Machine {
    const { clock } = this.#context;
    const name = this.#draw(group);
    const refusal = this.#take(group, name);
    const machine: Machine = {
      ...{ name, group: group.key, state: 'creating', requestedAt: clock.now },
      ...(refusal !== undefined && { refusal }),
    };
    this.#set(machine);
    if (refusal === undefined)
      clock.after(this.#cloud.conditions.machineMs(name), () => {
        if (this.#machines.get(name) !== machine) return;
        this.#set({ ...machine, state: 'running' });
        this.#register(group, name);
      });
    return machine;
  }

  /** Has requests of a group be refused for as long as `refusal` says why: what a record tells and no listing shows. */
  hold(key: string, refusal: () => MachineRefusal | undefined): void {
    this.#holds.set(key, refusal);
  }

  /** Why a request would be refused now; nothing is taken. */
  refusalOf(group: InstanceGroup): MachineRefusal | undefined {
    const name = `${group.name.replace(/-grp$/, '')}-0000`;
    const refusal = this.#take(group, name);
    if (refusal === undefined) this.#giveBack(name, group.key);
    return refusal;
  }

  /** Deletes a machine in an orderly way; its Node goes with it. Does nothing where there is none, or it is going already. */
  delete(name: string): void {
    const machine = this.#machines.get(name);
    if (machine === undefined || machine.state === 'deleting') return;
    if (machine.state === 'creating') return this.#gone(machine);
    const { api, kubelets, clock } = this.#context;
    const going: Machine = { ...machine, state: 'deleting' };
    this.#set(going);
    if (api.store.get(NODES, '', name) !== undefined) kubelets.shutDownNode(name);
    clock.after(DELETION_MS, () => {
      if (this.#machines.get(name) !== going) return;
      this.#gone(going);
      this.#deleteNode(name);
    });
  }

  /** Takes a machine, its Node and what they took away at once. @throws RangeError without such a machine */
  remove(name: string): void {
    const machine = this.#machines.get(name);
    if (machine === undefined) throw new RangeError(`machine "${name}": is in no node pool`);
    if (this.#context.api.store.get(NODES, '', name) !== undefined)
      this.#context.kubelets.stopNode(name, { machine: true });
    this.#gone(machine);
    this.#deleteNode(name);
  }

  /**
   * A machine ends without notice, as preempted Spot machines and those of a failed host do; its Node is deleted once it is missed, and its
   * group then makes another.
   * @throws RangeError without such a machine
   */
  lose(name: string): void {
    const machine = this.#machines.get(name);
    if (machine === undefined) throw new RangeError(`machine "${name}": is in no node pool`);
    const { api, kubelets } = this.#context;
    this.#gone(machine);
    this.#lost.set(name, machine.group);
    if (api.store.get(NODES, '', name) === undefined) this.#replace(name);
    else kubelets.stopNode(name, { machine: true });
  }

  /** Machines of new clusters. @throws RangeError where limits are too small for them */
  addFirst(): void {
    for (const pool of this.#cloud.pools) for (let i = 0; i < pool.initialNodes; i++) this.add(pool.name);
  }

  #groupFor(pool: string, zone: string | undefined): InstanceGroup {
    const groups = this.groups.filter((group) => group.pool.name === pool && (zone ?? group.zone) === group.zone);
    const [first] = groups.toSorted((a, b) => this.targetOf(a.key) - this.targetOf(b.key));
    if (first === undefined)
      throw new RangeError(`node pool "${pool}": there is none${zone === undefined ? '' : ` in zone ${zone}`}`);
    return first;
  }

  #draw(group: InstanceGroup): string {
    return drawMachineName(
      group,
      this.#random,
      (name) => this.#machines.has(name) || this.#context.api.store.get(NODES, '', name) !== undefined,
    );
  }

  #take(group: InstanceGroup, name: string): MachineRefusal | undefined {
    const held = this.#holds.get(group.key)?.();
    if (held !== undefined) return held;
    const refusal = takeMachine(this.#cloud, group, name, this.#ranges.hasRoom(group.pool, this.#machines.size));
    if (refusal !== undefined) return refusal;
    this.#ranges.note(group.pool, 1);
    this.#taken.set(name, quotaNeedOfNode(group.pool));
    return undefined;
  }

  #register({ pool, zone }: InstanceGroup, name: string): Node {
    return this.#context.kubelets.addNode(nodeOptionsOf(this.#cloud, pool, zone, name));
  }

  #set(machine: Machine): void {
    this.#machines.set(machine.name, machine);
    let group = this.#byGroup.get(machine.group);
    if (group === undefined) this.#byGroup.set(machine.group, (group = new Map()));
    group.set(machine.name, machine);
  }

  #gone(machine: Machine): void {
    this.#machines.delete(machine.name);
    this.#byGroup.get(machine.group)?.delete(machine.name);
    if (machine.refusal === undefined) this.#giveBack(machine.name, machine.group);
  }

  #giveBack(name: string, group: string): void {
    const pool = this.#cloud.pools.find((one) => one.name === group.split('/', 1)[0]);
    this.#cloud.release(this.#taken.get(name) ?? (pool === undefined ? [] : quotaNeedOfNode(pool)));
    this.#taken.delete(name);
    if (pool !== undefined) this.#ranges.note(pool, -1);
  }

  #deleteNode(name: string): void {
    const { api, events } = this.#context;
    const node = api.store.get(NODES, '', name);
    if (node === undefined) return;
    const about = { kind: 'Node', name, uid: name, apiVersion: 'v1' };
    const message = `Deleting node ${name} because it does not exist in the cloud provider`;
    events.record(about, 'Normal', 'DeletingNode', message, SOURCE);
    try {
      api.delete(NODES, '', name);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }

  #replace(name: string): void {
    const key = this.#lost.get(name);
    this.#lost.delete(name);
    this.#deleteNode(name);
    const group = this.groups.find((one) => one.key === key);
    if (group !== undefined) this.request(group);
  }

  /** Nodes of pools that were there from the beginning, or that a kubelet brought; and those that are missed. */
  #nodeChanged({ kind, object, at }: Change<Node>): void {
    const { name } = object.metadata;
    const isReady = object.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True');
    if (this.#lost.has(name) && (kind === 'DELETED' || isReady !== true))
      this.#context.clock.after(MONITOR_MS, () => {
        if (this.#lost.has(name)) this.#replace(name);
      });
    if (kind !== 'ADDED' || this.#machines.has(name)) return;
    const group = groupKeyOf(object, this.#cloud);
    if (group !== undefined) this.#set({ name, group, state: 'running', requestedAt: at });
  }
}
