/** What kinds of action look at: the snapshot, what was found in it, the policy, and views that several of them share. */
import { type Container, type ClusterSnapshot, type KubeObject, type ResourceRef } from '@aia/cluster';
import type { Action, AssessedFinding, AssessedRootCause, Assessment, Goal } from '@aia/contract';
import { Examination, type Thresholds } from '../diagnose/examination.ts';
import type { Policy } from '../policy/policy.ts';
import { standingOf } from './effects/standing.ts';
import { goalsOf } from './goals.ts';
import { lesserCauses } from './lesser-causes.ts';

/** What planning starts from. */
export interface PlanningInput {
  readonly snapshot: ClusterSnapshot;
  /** Of this very snapshot. */
  readonly assessment: Assessment;
  readonly policy: Policy;
  /** Ids of actions that failed on the twin, with why; remedies that need one of them are out. */
  readonly refuted?: ReadonlyMap<string, string>;
  /** Actions that earlier phases of the same plan have; budgets of the whole plan count them, and none of them comes again. */
  readonly done?: readonly Action[];
  /** Snapshot of the real cluster, where `snapshot` is a twin's after earlier phases: what a later phase names must be there or made by name. */
  readonly origin?: ClusterSnapshot;
  readonly thresholds?: Thresholds;
}

/** One planning. */
export class Planning {
  readonly snapshot: ClusterSnapshot;
  readonly assessment: Assessment;
  readonly policy: Policy;
  readonly refuted: ReadonlyMap<string, string>;
  readonly done: readonly Action[];
  readonly origin: ClusterSnapshot;
  /** Root causes, and KPIs off their target. */
  readonly goals: readonly Goal[];
  /** Root causes, then what somebody left behind. */
  readonly causes: readonly AssessedRootCause[];
  /** Shared views of diagnosis: scheduling world, workloads of pods, containers with their status. */
  readonly examination: Examination;
  readonly #findings: ReadonlyMap<string, AssessedFinding>;
  readonly #views = new Map<unknown, unknown>();

  constructor({ snapshot, assessment, policy, refuted, done, origin, thresholds }: PlanningInput) {
    this.snapshot = snapshot;
    this.assessment = assessment;
    this.policy = policy;
    this.refuted = refuted ?? new Map();
    this.done = done ?? [];
    this.origin = origin ?? snapshot;
    this.examination = new Examination(snapshot, thresholds === undefined ? {} : { thresholds });
    this.causes = [...assessment.rootCauses, ...lesserCauses(assessment)];
    this.goals = goalsOf(assessment, policy.targets.quotaShare);
    this.#findings = new Map(assessment.findings.map((finding) => [finding.id, finding]));
  }

  /** Causes of any of these classes; a class that ends in `*` stands for all that begin so. */
  causesOf(...classes: readonly string[]): readonly AssessedRootCause[] {
    const matches = (name: string) =>
      classes.some((one) => (one.endsWith('*') ? name.startsWith(one.slice(0, -1)) : one === name));
    return this.causes.filter((cause) => matches(cause.class));
  }

  /** Findings that a cause explains, itself included. */
  findingsOf({ explains }: Pick<AssessedRootCause, 'explains'>): readonly AssessedFinding[] {
    return explains.map((id) => this.#findings.get(id)).filter((finding) => finding !== undefined);
  }

  /** Findings of any of these codes. */
  findingsOfCode(...codes: readonly string[]): readonly AssessedFinding[] {
    return this.assessment.findings.filter(({ code }) => codes.includes(code));
  }

  /** The KPI goal of this id, where it is off its target. */
  kpiGoal(id: string): Goal | undefined {
    return this.goals.find((goal) => goal.id === `kpi:${id}`);
  }

  /** A view that several kinds of action share, worked out once per planning; `view` is what tells it apart. */
  once<T>(view: (planning: Planning) => T): T {
    if (!this.#views.has(view)) this.#views.set(view, view(this));
    return this.#views.get(view) as T;
  }

  object(ref: ResourceRef): KubeObject | undefined {
    return this.snapshot.resolve(ref);
  }

  /**
   * The HorizontalPodAutoscaler that sets a workload's replicas: whoever scales such a workload changes that instead. One leaves a workload
   * alone that was scaled to 0.
   */
  scalerOf(workload: ResourceRef): KubeObject | undefined {
    return standingOf(this.snapshot).scalerOf(workload);
  }

  /** The VerticalPodAutoscaler that sets the requests of a workload's pods; one that only recommends is none. */
  sizerOf(workload: ResourceRef): KubeObject | undefined {
    return standingOf(this.snapshot).sizerOf(workload);
  }

  /** The workload behind a resource: what owns a pod, the workload itself; `undefined` where it was not read. */
  workloadOf(ref: ResourceRef): KubeObject | undefined {
    const object = this.snapshot.resolve(ref);
    if (object === undefined) return undefined;
    const top = this.snapshot.rootOwnerOf(object);
    return this.snapshot.resolve({
      group: top.apiVersion.includes('/') ? (top.apiVersion.split('/')[0] ?? '') : '',
      kind: top.kind,
      namespace: top.metadata.namespace ?? '',
      name: top.metadata.name,
    });
  }
}

/** The pod template of a workload, or of a CronJob's Jobs; with the path to it. */
export interface Template {
  /** As in `['spec', 'template']`. */
  readonly path: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly containers: readonly Container[];
  readonly initContainers: readonly Container[];
  readonly spec: Readonly<Record<string, unknown>>;
}

interface Templated {
  readonly spec?: {
    readonly template?: PodTemplate;
    readonly jobTemplate?: { readonly spec?: { readonly template?: PodTemplate } };
  };
}
interface PodTemplate {
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
  readonly spec?: {
    readonly containers?: readonly Container[];
    readonly initContainers?: readonly Container[];
  };
}

/** `undefined` for what has no pod template. */
export function templateOf(workload: KubeObject): Template | undefined {
  const { spec } = workload as Templated;
  const nested = spec?.jobTemplate?.spec?.template;
  const template = nested ?? spec?.template;
  if (template === undefined) return undefined;
  return {
    path: nested === undefined ? ['spec', 'template'] : ['spec', 'jobTemplate', 'spec', 'template'],
    labels: template.metadata?.labels ?? {},
    containers: template.spec?.containers ?? [],
    initContainers: template.spec?.initContainers ?? [],
    spec: (template.spec ?? {}) as Readonly<Record<string, unknown>>,
  };
}
