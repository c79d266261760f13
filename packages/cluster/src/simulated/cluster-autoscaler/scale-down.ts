/**
 * Nodes that are not needed: found, watched for a while, emptied and given back.
 * Source: https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/FAQ.md#how-does-scale-down-work; `core/scaledown`
 */
import type { Node } from '../../model/kinds.ts';
import { repack, type KeptNode } from '../../scheduling/repack.ts';
import { NODES } from '../api/built-in-types.ts';
import { groupKeyOf } from '../cloud/machines.ts';
import {
  DELAY_AFTER_ADD_MS,
  DELAY_AFTER_FAILURE_MS,
  SCAN_MS,
  profileOf,
  type ScaleDownProfile,
} from './autoscaler-options.ts';
import type { AdoptedRecord } from './adoption.ts';
import type { AutoscalerParts } from './autoscaler-parts.ts';
import { isReadyNode } from './cluster-watch.ts';
import { useText } from './recorded-autoscaling.ts';
import { CANDIDATE, TO_BE_DELETED, withoutTaint, withTaint } from './node-taints.ts';
import { NodeRemoval } from './node-removal.ts';
import type { ScaleUpRequests } from './scale-up-requests.ts';

/** Most empty nodes that go at once. Source: `--max-empty-bulk-delete` */
const MOST_EMPTY = 10;
const DISABLED = 'cluster-autoscaler.kubernetes.io/scale-down-disabled';

export class ScaleDown {
  readonly #parts: AutoscalerParts;
  readonly #requests: ScaleUpRequests;
  readonly #removal: NodeRemoval;
  readonly #record: AdoptedRecord;
  /** Nodes that are not needed, since when. */
  readonly #unneeded = new Map<string, number>();
  #seenVersion = -1;
  #failedAt = Number.NEGATIVE_INFINITY;
  #lastKept = '';

  constructor(parts: AutoscalerParts, requests: ScaleUpRequests, record: AdoptedRecord) {
    this.#parts = parts;
    this.#requests = requests;
    this.#record = record;
    for (const [node, since] of record.unneeded) this.#unneeded.set(node, since);
    this.#removal = new NodeRemoval(parts, () => (this.#failedAt = parts.context.clock.now));
  }

  /** How many nodes of a group are not needed now. */
  candidatesIn(key: string): number {
    let count = 0;
    for (const name of this.#unneeded.keys()) {
      const node = this.#parts.watch.nodes.get(name);
      if (node !== undefined && groupKeyOf(node, this.#parts.context.cloud) === key) count++;
    }
    return count;
  }

  /** Looks for nodes that are not needed; returns when to look again, epoch milliseconds. */
  look(): number | undefined {
    const { context, watch } = this.#parts;
    const { now } = context.clock;
    const profile = profileOf(context.cloud.snapshot);
    this.#removal.look();
    if (this.#seenVersion !== watch.useVersion) this.#find(profile);
    this.#seenVersion = watch.useVersion;
    const due = this.#due(profile);
    if (due !== undefined && due <= now && !this.#removal.isBusy) {
      this.#remove(profile);
      this.#seenVersion = -1;
    }
    const ends = [this.#removal.nextAt, this.#due(profile)].filter((at) => at !== undefined);
    return ends.length === 0 ? undefined : Math.max(now + SCAN_MS, Math.min(...ends));
  }

  /** When the first unneeded node may go. */
  #due({ unneededMs }: ScaleDownProfile): number | undefined {
    if (this.#unneeded.size === 0 || this.#requests.isAnyGrowing) return undefined;
    const first = Math.min(...this.#unneeded.values()) + unneededMs;
    return Math.max(first, this.#requests.lastAt + DELAY_AFTER_ADD_MS, this.#failedAt + DELAY_AFTER_FAILURE_MS);
  }

  #find(profile: ScaleDownProfile): void {
    const { now } = this.#parts.context.clock;
    const names = this.#underused(profile).map(({ metadata }) => metadata.name);
    const removed = names.length === 0 ? [] : this.#repacked(names);
    const unneeded = new Set(removed);
    for (const name of [...this.#unneeded.keys()])
      if (!unneeded.has(name)) {
        this.#unneeded.delete(name);
        this.#taint(name, false);
      }
    for (const name of removed)
      if (!this.#unneeded.has(name)) {
        this.#unneeded.set(name, now);
        this.#taint(name, true);
      }
  }

  /** Nodes of pools that may shrink, with little asked of them. */
  #underused({ threshold }: ScaleDownProfile): readonly Node[] {
    const { watch, context } = this.#parts;
    const spare = this.#spare();
    return [...watch.nodes.values()].filter((node) => {
      const machine = context.groups.machine(node.metadata.name);
      if (machine?.state !== 'running' || !isReadyNode(node)) return false;
      if ((spare.get(machine.group.split('/', 1)[0] as string) ?? 0) <= 0) return false;
      if (watch.utilisationOf(node) >= threshold || node.metadata.annotations?.[DISABLED] === 'true') return false;
      if (node.spec?.taints?.some(({ key }) => key === TO_BE_DELETED) === true) return false;
      return !this.#record.isHeld(node.metadata.name, useText(watch.useOf(node.metadata.name)));
    });
  }

  /** How many nodes each pool may lose. */
  #spare(): ReadonlyMap<string, number> {
    const { cloud, groups } = this.#parts.context;
    return new Map(
      cloud.pools.flatMap(({ name, autoscaling }) =>
        autoscaling === undefined ? [] : [[name, groups.sizeOf(name) - autoscaling.minNodes] as const],
      ),
    );
  }

  /** Which of some nodes can go because their pods fit elsewhere. */
  #repacked(names: readonly string[]): readonly string[] {
    const { worlds, context } = this.#parts;
    const minimums = new Map(
      context.cloud.pools.map(({ name, autoscaling }) => [name, autoscaling?.minNodes ?? Infinity] as const),
    );
    const { removed, kept } = repack(worlds.whole(), { removable: names, poolMinimums: minimums });
    this.#log(kept);
    return removed.map(({ node }) => node);
  }

  #remove({ unneededMs }: ScaleDownProfile): void {
    const { context, watch } = this.#parts;
    const { now } = context.clock;
    const ripe = [...this.#unneeded].filter(([, since]) => since + unneededMs <= now).map(([name]) => name);
    // The last word is a simulation of this moment.
    const { removed } = repack(this.#parts.worlds.whole(), {
      removable: ripe,
      poolMinimums: new Map(
        context.cloud.pools.map(({ name, autoscaling }) => [name, autoscaling?.minNodes ?? Infinity]),
      ),
    });
    const empty = removed.filter(({ moves }) => moves.length === 0).slice(0, MOST_EMPTY);
    const [drained] = removed.filter(({ moves }) => moves.length > 0);
    for (const { node, moves } of [...empty, ...(empty.length === 0 && drained !== undefined ? [drained] : [])]) {
      const object = watch.nodes.get(node);
      if (object === undefined) continue;
      this.#unneeded.delete(node);
      this.#removal.begin(
        object,
        moves.map(({ pod }) => pod),
        watch.utilisationOf(object),
      );
    }
  }

  #taint(name: string, isUnneeded: boolean): void {
    const { api, clock } = this.#parts.context;
    const node = api.store.get(NODES, '', name);
    if (node === undefined) return;
    const changed = isUnneeded
      ? withTaint(node, CANDIDATE, 'PreferNoSchedule', clock.now)
      : withoutTaint(node, CANDIDATE);
    if (changed !== node)
      api.change(NODES, '', name, (one) => ({ ...one, spec: { ...one.spec, ...changed.spec } }) as Node);
  }

  #log(kept: readonly KeptNode[]): void {
    const { context, visibility, watch } = this.#parts;
    const said = JSON.stringify(kept);
    if (said === this.#lastKept || this.#record.isGoingOn) return;
    this.#lastKept = said;
    const nameOf = new Map(context.groups.groups.map(({ key, name }) => [key, name]));
    for (const { node, reason, blocker, pod } of kept) {
      const object = watch.nodes.get(node);
      const key = object === undefined ? undefined : groupKeyOf(object, context.cloud);
      visibility.refused({
        type: 'no-scale-down',
        messageId: `no.scale.down.node.${REASONS[blocker ?? reason] ?? 'pod.unexpected.error'}`,
        parameters: pod === undefined ? [] : [pod.name],
        groups: key === undefined ? [] : [nameOf.get(key) ?? key],
        pods: pod === undefined ? [] : [`${pod.namespace}/${pod.name}`],
      });
    }
  }
}

/** Source: https://cloud.google.com/kubernetes-engine/docs/how-to/cluster-autoscaler-visibility#noscaledown-node-level-reasons */
const REASONS: Readonly<Record<string, string>> = {
  'scale-down-disabled-annotation': 'scale.down.disabled.annotation',
  'node-group-min-size-reached': 'node.group.min.size.reached',
  'no-place-to-move-pods': 'no.place.to.move.pods',
  'not-safe-to-evict-annotation': 'pod.not.safe.to.evict.annotation',
  'not-replicated': 'pod.not.backed.by.controller',
  'unmovable-kube-system-pod': 'pod.kube.system.unmovable',
  'local-storage': 'pod.has.local.storage',
  'not-enough-pdb': 'pod.not.enough.pdb',
};
