/**
 * HorizontalPodAutoscalers: every 15 seconds the number of replicas that the metrics ask for.
 * Source: https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/; `pkg/controller/podautoscaler/horizontal.go`
 */
import { groupOf } from '../../../model/kube-object.ts';
import type { Pod } from '../../../model/kinds.ts';
import { sameJson } from '../../../snapshot/diff.ts';
import { ApiError } from '../../api/api-error.ts';
import { HORIZONTAL_POD_AUTOSCALERS } from '../../api/built-in-types.ts';
import { parseRequirements } from '../../api/label-selector.ts';
import type { ResourceType } from '../../api/resource-type.ts';
import { readScale, writeScale, type Scale } from '../../api/scale.ts';
import { timestamp } from '../../clock/virtual-clock.ts';
import type { SimulationContext } from '../../simulation-context.ts';
import { isChangeOf, selectedPods } from '../../store/object-index.ts';
import type { Controller } from '../controller.ts';
import { keyOf, namesOf } from '../object-key.ts';
import { proposalOf, type Asking, type Proposal } from './metric-proposal.ts';
import { ScalingHistory, type Autoscaler } from './scaling-limits.ts';

type Status = NonNullable<Autoscaler['status']>;
type Conditions = NonNullable<Status['conditions']>;
type Metrics = Status['currentMetrics'];

/** Source: `--horizontal-pod-autoscaler-sync-period` */
const PERIOD_MS = 15_000;
/** Source: `--horizontal-pod-autoscaler-tolerance` */
const TOLERANCE = 0.1;
const SOURCE = { component: 'horizontal-pod-autoscaler' };
const COULD_NOT = "the HPA controller was unable to get the target's current scale";

interface Memory {
  readonly history: ScalingHistory;
  /** As the target's scale gave it last. */
  selector: string;
  nextAt: number;
}

export function horizontalPodAutoscalerController(context: SimulationContext): Controller {
  const memories = new Map<string, Memory>();
  return {
    name: 'horizontal-pod-autoscaler-controller',
    needs: ['/Pod', 'autoscaling/HorizontalPodAutoscaler'],
    keysOf: (change) =>
      isChangeOf(change, HORIZONTAL_POD_AUTOSCALERS) && change.kind !== 'MODIFIED' ? [keyOf(change.object)] : [],
    reconcile: (key) => {
      const { now } = context.clock;
      const [namespace, name] = namesOf(key);
      const autoscaler = context.api.store.get(HORIZONTAL_POD_AUTOSCALERS, namespace, name);
      if (autoscaler === undefined) {
        memories.delete(key);
        return undefined;
      }
      const known = memories.get(key);
      if (known === undefined) {
        // A new one waits for a whole period, as every other time.
        memories.set(key, { history: new ScalingHistory(), selector: '', nextAt: now + PERIOD_MS });
        return PERIOD_MS;
      }
      if (known.nextAt > now) return known.nextAt - now;
      known.nextAt = now + PERIOD_MS;
      new Round(context, autoscaler, known, memories).run();
      return PERIOD_MS;
    },
  };
}

/** One look at one autoscaler. */
class Round {
  readonly #context: SimulationContext;
  readonly #autoscaler: Autoscaler;
  readonly #memory: Memory;
  readonly #memories: ReadonlyMap<string, Memory>;
  #conditions: Conditions;

  constructor(
    context: SimulationContext,
    autoscaler: Autoscaler,
    memory: Memory,
    memories: ReadonlyMap<string, Memory>,
  ) {
    this.#context = context;
    this.#autoscaler = autoscaler;
    this.#memory = memory;
    this.#memories = memories;
    this.#conditions = autoscaler.status?.conditions ?? [];
  }

  run(): void {
    const target = this.#target();
    if (typeof target === 'string') {
      this.#warn('FailedGetScale', target);
      this.#say('AbleToScale', 'False', 'FailedGetScale', `${COULD_NOT}: ${target}`);
      this.#write({ ...this.#before, conditions: this.#conditions });
      return;
    }
    this.#say(
      'AbleToScale',
      'True',
      'SucceededGetScale',
      "the HPA controller was able to get the target's current scale",
    );
    const current = target.scale.spec.replicas ?? 0;
    // A recorded one that would like to be smaller than it may has recommended nothing as large as it is.
    this.#memory.history.begin(this.#wasTooSmall() ? 0 : current, this.#now);
    this.#scaleFrom(current, target);
  }

  #scaleFrom(current: number, target: Target): void {
    const { minReplicas: min = 1, maxReplicas: max = 0 } = this.#autoscaler.spec ?? {};
    if (current === 0 && min !== 0) {
      const message = 'scaling is disabled since the replica count of the target is zero';
      this.#say('ScalingActive', 'False', 'ScalingDisabled', message);
      this.#finish(current, current, null, false);
    } else if (current > max)
      this.#rescale(current, max, 'Current number of replicas above Spec.MaxReplicas', target, null);
    else if (current < min)
      this.#rescale(current, min, 'Current number of replicas below Spec.MinReplicas', target, null);
    else this.#scaleByMetrics(current, min, max, target);
  }

  #scaleByMetrics(current: number, min: number, max: number, target: Target): void {
    const result = this.#computed(current, target);
    if (typeof result === 'string') {
      this.#write({ ...this.#before, currentReplicas: current, conditions: this.#conditions });
      this.#warn('FailedComputeMetricsReplicas', result);
      return;
    }
    const { behavior } = this.#autoscaler.spec ?? {};
    const wish = { current, desired: result.replicas, min, max };
    const { replicas, able, limited } = this.#memory.history.limit(wish, behavior, this.#now);
    this.#say('AbleToScale', 'True', able.reason, able.message);
    this.#say('ScalingLimited', limited.status, limited.reason, limited.message);
    const why = result.replicas > current ? `${result.name} above target` : 'All metrics below target';
    if (replicas === current) this.#finish(current, current, result.metrics, false);
    else this.#rescale(current, replicas, result.replicas === current ? '' : why, target, result.metrics);
  }

  /** The highest proposal counts; metrics that fail are no reason to shrink. */
  #computed(current: number, target: Target): { replicas: number; name: string; metrics: Metrics } | string {
    const pods = this.#pods(target);
    if (typeof pods === 'string') return pods;
    const asking = this.#asking(current, target, pods);
    const proposals = (this.#autoscaler.spec?.metrics ?? []).map((metric) => proposalOf(metric, asking));
    const failures = proposals.filter((one): one is Failure => 'error' in one);
    for (const { reason, error } of failures) this.#warn(reason, error);
    let best: Success | undefined;
    for (const one of proposals) if (!('error' in one) && one.replicas > (best?.replicas ?? -1)) best = one;
    const [failure] = failures;
    if (failure !== undefined && (best === undefined || best.replicas < current)) {
      const message = `the HPA was unable to compute the replica count: ${failure.error}`;
      this.#say('ScalingActive', 'False', failure.reason, message);
      return `invalid metrics (${failures.length} invalid out of ${proposals.length}), first error is: ${failure.summary}`;
    }
    const { replicas = 0, name = '' } = best ?? {};
    const message = `the HPA was able to successfully calculate a replica count from ${name}`;
    this.#say('ScalingActive', 'True', 'ValidMetricFound', message);
    const metrics = proposals.map((one) => ('error' in one ? { type: '' } : one.status));
    return { replicas, name, metrics };
  }

  #asking(current: number, { scale }: Target, pods: readonly Pod[]): Asking {
    const { behaviours, kubelets } = this.#context;
    const { behavior } = this.#autoscaler.spec ?? {};
    return {
      podMetrics: (namespace, name) => kubelets.podMetrics(namespace, name),
      metricsError: behaviours.metricsError?.(),
      namespace: this.#namespace,
      pods,
      current,
      statusReplicas: scale.status.replicas,
      now: this.#now,
      tolerance: { up: toleranceOf(behavior?.scaleUp), down: toleranceOf(behavior?.scaleDown) },
      metric: behaviours.metric === undefined ? undefined : (question) => behaviours.metric?.(question),
    };
  }

  /** The pods of the target, unless they belong to other autoscalers as well. */
  #pods({ scale }: Target): readonly Pod[] | string {
    const { selector = '' } = scale.status;
    if (selector === '') {
      this.#warn('SelectorRequired', 'selector is required');
      this.#say('ScalingActive', 'False', 'InvalidSelector', "the HPA target's scale is missing a selector");
      return 'selector is required';
    }
    this.#memory.selector = selector;
    const pods = this.#selected(selector);
    const names = new Set(pods.map(({ metadata }) => metadata.name));
    const others = [...this.#memories].filter(
      ([key, memory]) =>
        memory === this.#memory ||
        (memory.selector !== '' &&
          namesOf(key)[0] === this.#namespace &&
          this.#selected(memory.selector).some(({ metadata }) => names.has(metadata.name))),
    );
    if (others.length < 2 || pods.length === 0) return pods;
    const keys = others.map(([key]) => key).sort();
    const message = `pods by selector ${selector} are controlled by multiple HPAs: [${keys.join(' ')}]`;
    this.#warn('AmbiguousSelector', message);
    this.#say('ScalingActive', 'False', 'AmbiguousSelector', message);
    return message;
  }

  #selected(selector: string): readonly Pod[] {
    const requirements = parseRequirements(selector);
    const isPair = (one: (typeof requirements)[number]) => one.operator === 'In' && one.values?.length === 1;
    const pairs = requirements.filter(isPair).map(({ key, values }) => [key, values?.[0] ?? ''] as const);
    const matchExpressions = requirements
      .filter((one) => !isPair(one))
      .map((one) => ({ ...one, values: [...(one.values ?? [])] }));
    const labelSelector = { matchLabels: Object.fromEntries(pairs), matchExpressions };
    return [...selectedPods(this.#context.api.store, this.#namespace, labelSelector)];
  }

  #target(): Target | string {
    const { kind = '', name = '', apiVersion = '' } = this.#autoscaler.spec?.scaleTargetRef ?? {};
    const { api } = this.#context;
    const group = groupOf(apiVersion);
    const type = api.types.byKind(group, kind);
    if (type === undefined) return `no matches for kind ${JSON.stringify(kind)} in group ${JSON.stringify(group)}`;
    if (!type.subresources.includes('scale')) return 'the server could not find the requested resource';
    try {
      return { type, scale: readScale(api, type, this.#namespace, name) };
    } catch (error) {
      if (error instanceof ApiError) return error.status.message;
      throw error;
    }
  }

  #wasTooSmall(): boolean {
    const found = this.#autoscaler.status?.conditions?.find(({ type }) => type === 'ScalingLimited');
    return found?.status === 'True' && found.reason === 'TooFewReplicas';
  }

  #rescale(current: number, desired: number, why: string, { type, scale }: Target, metrics: Metrics | null): void {
    const { api } = this.#context;
    try {
      writeScale(api, type, this.#namespace, scale.metadata.name, (one) => ({ ...one, spec: { replicas: desired } }));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const { message } = error.status;
      this.#warn('FailedRescale', `New size: ${desired}; reason: ${why}; error: ${message}`);
      const text = `the HPA controller was unable to update the target scale: ${message}`;
      this.#say('AbleToScale', 'False', 'FailedUpdateScale', text);
      this.#write({ ...this.#before, currentReplicas: current, conditions: this.#conditions });
      return;
    }
    const text = `the HPA controller was able to update the target scale to ${desired}`;
    this.#say('AbleToScale', 'True', 'SucceededRescale', text);
    this.#tell('Normal', 'SuccessfulRescale', `New size: ${desired}; reason: ${why}`);
    this.#memory.history.scaled(current, desired, this.#autoscaler.spec?.behavior, this.#now);
    this.#finish(current, desired, metrics, true);
  }

  #finish(currentReplicas: number, desiredReplicas: number, metrics: Metrics | null, isRescaled: boolean): void {
    const { lastScaleTime } = this.#before;
    const scaledAt = isRescaled ? timestamp(this.#now) : lastScaleTime;
    this.#write({
      conditions: this.#conditions,
      currentMetrics: metrics as Metrics,
      currentReplicas,
      desiredReplicas,
      ...(scaledAt === undefined ? {} : { lastScaleTime: scaledAt }),
    } as Status);
  }

  #write(status: Status): void {
    if (sameJson(status, this.#autoscaler.status)) return;
    const { name } = this.#autoscaler.metadata;
    this.#context.api.changeStatus(HORIZONTAL_POD_AUTOSCALERS, this.#namespace, name, (one) => ({ ...one, status }));
  }

  #say(type: string, status: 'True' | 'False', reason: string, message: string): void {
    const known = this.#conditions.find((condition) => condition.type === type);
    const lastTransitionTime = known?.status === status ? known.lastTransitionTime : timestamp(this.#now);
    const condition = { type, status, reason, message, lastTransitionTime } as Conditions[number];
    this.#conditions =
      known === undefined
        ? [...this.#conditions, condition]
        : this.#conditions.map((one) => (one === known ? condition : one));
  }

  #warn(reason: string, message: string): void {
    this.#tell('Warning', reason, message);
  }

  #tell(type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.#context.events.record(this.#autoscaler, type, reason, message, SOURCE);
  }

  get #now(): number {
    return this.#context.clock.now;
  }

  get #namespace(): string {
    return this.#autoscaler.metadata.namespace ?? '';
  }

  get #before(): Status {
    return this.#autoscaler.status ?? { desiredReplicas: 0 };
  }
}

interface Target {
  readonly type: ResourceType;
  readonly scale: Scale;
}
type Failure = Extract<Proposal, { error: string }>;
type Success = Exclude<Proposal, Failure>;

/** Since 1.35 a direction can have its own. */
function toleranceOf(rules: object | undefined): number {
  const { tolerance } = (rules ?? {}) as { readonly tolerance?: string | number };
  return tolerance === undefined ? TOLERANCE : Number(tolerance);
}
