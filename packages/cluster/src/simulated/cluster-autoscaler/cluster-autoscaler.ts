/**
 * The cluster autoscaler: adds machines for pods that wait, and gives back those that are not needed. It looks at most every ten seconds, and
 * only while there is something to do.
 * Source: https://cloud.google.com/kubernetes-engine/docs/concepts/cluster-autoscaler; https://github.com/kubernetes/autoscaler
 */
import type { Timer } from '../clock/virtual-clock.ts';
import type { InstanceGroup } from '../cloud/machines.ts';
import type { SimulationContext } from '../simulation-context.ts';
import { AdoptedRecord } from './adoption.ts';
import { AutoProvisioning } from './auto-provisioning.ts';
import type { AutoscalerContext } from './autoscaler-context.ts';
import { AutoscalerEvents } from './autoscaler-events.ts';
import { LONGEST_SILENCE_MS, SCAN_MS } from './autoscaler-options.ts';
import type { AutoscalerParts } from './autoscaler-parts.ts';
import { AutoscalerStatusWriter, type GroupReport, type NodeCounts } from './autoscaler-status.ts';
import { AutoscalerWorlds } from './autoscaler-world.ts';
import { BackOff } from './back-off.ts';
import { ClusterWatch, isReadyNode } from './cluster-watch.ts';
import { recordedAutoscaling, type RecordedAutoscaling } from './recorded-autoscaling.ts';
import { ScaleDown } from './scale-down.ts';
import { ScaleUp } from './scale-up.ts';
import { maxOf, ScaleUpRequests } from './scale-up-requests.ts';
import { VisibilityLog } from './visibility-log.ts';

class ClusterAutoscaler {
  readonly #parts: AutoscalerParts;
  readonly #record: AdoptedRecord;
  readonly #status: AutoscalerStatusWriter;
  readonly #requests: ScaleUpRequests;
  readonly #provisioning: AutoProvisioning;
  readonly #scaleUp: ScaleUp;
  readonly #scaleDown: ScaleDown;
  readonly #startAt: number;
  #timer: Timer | undefined;
  /** What the last attempt for waiting pods was about: nothing new comes of the same. */
  #tried = '';
  /** From one telling of waiting pods to the next. */
  #silenceMs = SCAN_MS;
  #tellAt = 0;

  constructor(context: AutoscalerContext, unread: ReadonlySet<string>, recorded: RecordedAutoscaling | undefined) {
    this.#startAt = context.clock.now;
    this.#status = new AutoscalerStatusWriter(context);
    this.#parts = {
      context,
      worlds: new AutoscalerWorlds(context, unread),
      watch: new ClusterWatch(context.api.store, () => this.#wake(0)),
      backOff: new BackOff(),
      events: new AutoscalerEvents(
        context.events,
        () => this.#status.uid,
        (uid, reason) => this.#record.isSilent(uid, reason),
      ),
      visibility: new VisibilityLog(context.cloud, context.clock, context.random),
    };
    this.#record = new AdoptedRecord(recorded, context, this.#parts.backOff);
    this.#requests = new ScaleUpRequests(this.#parts, this.#record);
    this.#provisioning = new AutoProvisioning(context.cloud, context.groups, context.random);
    this.#scaleUp = new ScaleUp(this.#parts, this.#requests, this.#record, this.#provisioning);
    this.#scaleDown = new ScaleDown(this.#parts, this.#requests, this.#record);
    context.cloud.listen(() => this.#wake(0));
    this.#wake(0);
  }

  /** Has a look at the next full ten seconds after a moment; of several the earliest counts. */
  #wake(at: number): void {
    const { clock } = this.#parts.context;
    const passed = Math.max(at, clock.now) - this.#startAt;
    const dueAt = this.#startAt + (Math.floor(passed / SCAN_MS) + 1) * SCAN_MS;
    if (this.#timer !== undefined && this.#timer.dueAt <= dueAt) return;
    this.#timer?.cancel();
    this.#timer = clock.after(dueAt - clock.now, () => {
      this.#timer = undefined;
      this.#look();
    });
  }

  #look(): void {
    const { context } = this.#parts;
    const isOn = context.groups.groups.some(({ pool }) => pool.autoscaling !== undefined);
    if (!isOn && !this.#provisioning.isOn) return;
    this.#requests.settle();
    if (this.#parts.watch.waiting.size > 0) this.#tryScaleUp();
    const scaleDownAt = this.#scaleDown.look();
    this.#provisioning.deleteEmpty();
    this.#status.write(this.#reports());
    const ends = [scaleDownAt, this.#scaleUpAt()].filter((at) => at !== undefined);
    if (ends.length > 0) this.#wake(Math.min(...ends) - SCAN_MS);
  }

  #tryScaleUp(): void {
    const { watch, backOff, context } = this.#parts;
    const { now } = context.clock;
    const tried = JSON.stringify([
      watch.roomVersion,
      context.cloud.version,
      context.groups.groups.map(({ key }) => backOff.errorOf(key, now) === undefined),
    ]);
    const isNew = tried !== this.#tried;
    if (!isNew && now < this.#tellAt) return;
    this.#silenceMs = isNew ? SCAN_MS : Math.min(LONGEST_SILENCE_MS, 2 * this.#silenceMs);
    this.#tellAt = now + this.#silenceMs;
    this.#scaleUp.attempt();
    this.#tried = tried;
  }

  #scaleUpAt(): number | undefined {
    const { watch, backOff, context } = this.#parts;
    if (this.#requests.isAnyGrowing) return context.clock.now + SCAN_MS;
    if (watch.waiting.size === 0) return undefined;
    return Math.min(this.#tellAt, backOff.nextEnd(context.clock.now) ?? Infinity);
  }

  #reports(): readonly GroupReport[] {
    const { groups } = this.#parts.context;
    return groups.groups.filter(({ pool }) => pool.autoscaling !== undefined).map((group) => this.#report(group));
  }

  #report(group: InstanceGroup): GroupReport {
    const { context, backOff } = this.#parts;
    return {
      url: group.url,
      counts: this.#countsOf(group.key),
      target: context.groups.targetOf(group.key),
      minSize: group.pool.autoscaling?.minNodes ?? 0,
      maxSize: maxOf(group),
      isGrowing: this.#requests.isGrowing(group.key),
      error: backOff.errorOf(group.key, context.clock.now),
      candidates: this.#scaleDown.candidatesIn(group.key),
    };
  }

  #countsOf(key: string): NodeCounts {
    const { context, watch } = this.#parts;
    let [total, ready, unregistered] = [0, 0, 0];
    for (const { name, refusal } of context.groups.machinesOf(key)) {
      const node = watch.nodes.get(name);
      if (node === undefined) unregistered += refusal === undefined ? 1 : 0;
      else {
        total++;
        if (isReadyNode(node)) ready++;
      }
    }
    return { total, ready, unready: total - ready, unregistered };
  }
}

/** Starts the autoscaler of a cluster in a cloud; without it, or where its nodes or pods were not read, there is none. */
export function startClusterAutoscaler(context: SimulationContext): void {
  const { cloud, instanceGroups: groups, unread = new Set<string>() } = context;
  if (cloud === undefined || groups === undefined || unread.has('/Node') || unread.has('/Pod')) return;
  const options = context.autoscaler ?? {};
  const random = context.random.fork('cluster-autoscaler');
  const recorded = context.record === undefined ? undefined : recordedAutoscaling(context.record);
  new ClusterAutoscaler({ ...context, cloud, groups, options, random }, unread, recorded);
}
