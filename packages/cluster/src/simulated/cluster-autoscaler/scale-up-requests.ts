/** Machines that were asked for: whether they come, are refused, or do not come in time. Source: `cluster-autoscaler/clusterstate` */
import type { Pod } from '../../model/kinds.ts';
import type { Machine } from '../cloud/instance-groups.ts';
import type { InstanceGroup } from '../cloud/machines.ts';
import { PROVISION_MS } from './autoscaler-options.ts';
import { failureMessage, type Resize } from './autoscaler-events.ts';
import type { GroupError } from './back-off.ts';
import type { AdoptedRecord } from './adoption.ts';
import type { AutoscalerParts } from './autoscaler-parts.ts';

/** So many nodes more of a group. */
export interface Increase {
  readonly group: InstanceGroup;
  readonly count: number;
}

interface Request {
  readonly group: InstanceGroup;
  readonly requestedAt: number;
  readonly pods: readonly Pod[];
  readonly eventId: string;
}

interface Failure {
  readonly group: InstanceGroup;
  readonly error: GroupError;
}

/** What codes of Compute Engine mean to the autoscaler. Source: `cluster-autoscaler/cloudprovider/gce`, `GetErrorInfo` */
const CODES: readonly (readonly [RegExp, GroupError['errorClass'], string])[] = [
  [/RESOURCE_POOL_EXHAUSTED/, 'OutOfResource', 'RESOURCE_POOL_EXHAUSTED'],
  [/QUOTA/, 'OutOfResource', 'QUOTA_EXCEEDED'],
  [/IP_SPACE_EXHAUSTED/, 'Other', 'IP_SPACE_EXHAUSTED'],
  [/PERMISSIONS_ERROR/, 'Other', 'PERMISSIONS_ERROR'],
];

export function groupErrorOf(code: string, errorMessage: string): GroupError {
  const [, errorClass, errorCode] = CODES.find(([pattern]) => pattern.test(code)) ?? [/./, 'Other', 'OTHER'];
  return { errorClass: errorClass as GroupError['errorClass'], errorCode: errorCode as string, errorMessage };
}

export class ScaleUpRequests {
  readonly #parts: AutoscalerParts;
  readonly #record: AdoptedRecord;
  /** By group. */
  readonly #requests = new Map<string, Request>();
  /** When nodes were asked for last. */
  lastAt = Number.NEGATIVE_INFINITY;

  constructor(parts: AutoscalerParts, record: AdoptedRecord) {
    this.#parts = parts;
    this.#record = record;
  }

  /** Whether machines of a group are to come. */
  isGrowing(key: string): boolean {
    return this.#requests.has(key);
  }

  get isAnyGrowing(): boolean {
    return this.#requests.size > 0;
  }

  /** Sets the sizes of groups for pods that wait. */
  request(wanted: readonly Increase[], pods: readonly Pod[]): void {
    const increases = wanted.filter(({ group }) => !this.#isAsRecorded(group, pods));
    if (increases.length === 0) return;
    for (const { group } of increases) this.#record.scaled(group.key);
    const { context, events, visibility } = this.#parts;
    const { clock, groups } = context;
    const resizes = increases.map(({ group, count }): Resize => {
      const from = groups.targetOf(group.key);
      return { url: group.url, from, to: from + count, max: maxOf(group) };
    });
    const eventId = visibility.decided(
      'scale-up',
      increases.map(({ group }) => group.name),
      pods,
    );
    for (const [i, { group, count }] of increases.entries()) {
      const { url, from, to, max } = resizes[i] as Resize;
      events.status(
        'Normal',
        'ScaledUpGroup',
        `Scale-up: setting group ${url} size to ${to} instead of ${from} (max: ${max})`,
      );
      for (let n = 0; n < count; n++) groups.request(group);
      events.status(
        'Normal',
        'ScaledUpGroup',
        `Scale-up: group ${url} size set to ${to} instead of ${from} (max: ${max})`,
      );
      const known = this.#requests.get(group.key)?.pods ?? [];
      this.#requests.set(group.key, { group, requestedAt: clock.now, pods: [...known, ...pods], eventId });
    }
    events.triggered(pods, resizes);
    this.lastAt = clock.now;
  }

  /** What failed on record and still would fails at once, so that a twin without action shows nothing new. */
  #isAsRecorded(group: InstanceGroup, pods: readonly Pod[]): boolean {
    const { context, backOff } = this.#parts;
    const error = this.#record.errorOf(group.key);
    if (error === undefined) return false;
    const refusal = context.groups.refusalOf(group);
    if (refusal === undefined || groupErrorOf(refusal.code, '').errorCode !== error.errorCode) return false;
    backOff.fail(group.key, error, context.clock.now);
    this.#tellPods(pods, [{ group, error }]);
    return true;
  }

  /** Sees what became of the machines. */
  settle(): void {
    const failures: Failure[] = [];
    const failedPods = new Set<Pod>();
    for (const [key, request] of this.#requests) {
      const machines = this.#parts.context.groups.machinesOf(key);
      const refused = machines.filter(({ refusal }) => refusal !== undefined);
      if (refused.length > 0) {
        failures.push(...this.#refused(request, refused));
        for (const pod of request.pods) failedPods.add(pod);
      }
      const isComing = machines.some(({ state, refusal }) => state === 'creating' && refusal === undefined);
      if (!isComing) {
        this.#requests.delete(key);
        if (refused.length === 0) this.#succeeded(request);
      } else if (this.#parts.context.clock.now - request.requestedAt > PROVISION_MS) this.#timedOut(request, machines);
    }
    this.#tellPods([...failedPods], failures);
  }

  #succeeded({ group, eventId }: Request): void {
    this.#parts.backOff.succeed(group.key);
    this.#parts.visibility.ended(eventId);
  }

  /** Gives up machines that the cloud refuses, by error. */
  #refused({ group, eventId }: Request, machines: readonly Machine[]): readonly Failure[] {
    const { context, events, backOff, visibility } = this.#parts;
    const byCode = new Map<string, { readonly error: GroupError; readonly messages: string[] }>();
    for (const { refusal } of machines) {
      const error = groupErrorOf(refusal?.code ?? '', refusal?.message ?? '');
      const known = byCode.get(error.errorCode);
      if (known === undefined) byCode.set(error.errorCode, { error, messages: [error.errorMessage] });
      else known.messages.push(error.errorMessage);
    }
    for (const { error, messages } of byCode.values()) {
      events.status('Warning', 'ScaleUpFailed', failureMessage(messages.length, group.url, error, messages));
      backOff.fail(group.key, error, context.clock.now);
      visibility.failed(eventId, error, group.name);
    }
    for (const { name } of machines) context.groups.delete(name);
    return [...byCode.values()].map(({ error }) => ({ group, error }));
  }

  #timedOut({ group, requestedAt, pods, eventId }: Request, machines: readonly Machine[]): void {
    const { context, events, backOff, visibility, watch } = this.#parts;
    const passed = goDuration(context.clock.now - requestedAt);
    events.status(
      'Warning',
      'ScaleUpTimedOut',
      `Nodes added to group ${group.url} failed to register within ${passed}`,
    );
    const errorMessage = `Scale-up timed out for node group ${group.url} after ${passed}`;
    const error: GroupError = { errorClass: 'Other', errorCode: 'timeout', errorMessage };
    backOff.fail(group.key, error, context.clock.now);
    visibility.failed(eventId, error, group.name);
    this.#requests.delete(group.key);
    for (const pod of pods)
      if (watch.waiting.has(pod.metadata.uid ?? '')) events.appearedLate(pod, [group.zone], group.name);
    for (const { name, state } of machines) if (state === 'creating') this.#deleteUnregistered(name);
  }

  #deleteUnregistered(name: string): void {
    const { context, events } = this.#parts;
    events.status('Normal', 'DeleteUnregistered', `Removed unregistered node ${name}`);
    context.groups.delete(name);
  }

  #tellPods(pods: readonly Pod[], failures: readonly Failure[]): void {
    if (failures.length === 0) return;
    const { events, watch } = this.#parts;
    const zones = [...new Set(failures.map(({ group }) => group.zone))].sort();
    for (const pod of pods) {
      const waiting = watch.waiting.get(pod.metadata.uid ?? '');
      if (waiting !== undefined)
        events.failed(
          waiting,
          zones,
          failures.map(({ error }) => error),
        );
    }
  }
}

/** As `max` stands in events: the pool's bound over its zones. */
export function maxOf({ pool }: InstanceGroup): number {
  return pool.autoscaling?.maxNodes ?? pool.initialNodes;
}

/** `15m10s`, as Go prints durations. */
export function goDuration(ms: number): string {
  const seconds = ms / 1000;
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  const rest = `${Number((seconds % 60).toFixed(3))}s`;
  return `${hours > 0 ? `${hours}h` : ''}${hours > 0 || minutes > 0 ? `${minutes}m` : ''}${rest}`;
}
