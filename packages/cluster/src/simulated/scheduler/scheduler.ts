/**
 * The scheduler: takes waiting pods one by one, finds each a node, and binds it there; where there is none it says why, and makes room at
 * the cost of less important pods. Source: https://kubernetes.io/docs/concepts/scheduling-eviction/kube-scheduler/
 */
import type { DelayedClaim } from '../../scheduling/storage.ts';
import type { PodProfile } from '../../scheduling/pod-profile.ts';
import { wordingOf } from '../../scheduling/wording.ts';
import { ApiError } from '../api/api-error.ts';
import { bindPod } from '../api/pod-binding.ts';
import type { Random } from '../clock/random.ts';
import type { SimulationContext } from '../simulation-context.ts';
import { noteChange } from './cluster-watch.ts';
import type { Belonging } from './default-spread.ts';
import { diagnose, diagnoseProblem, type Diagnosis } from './diagnosis.ts';
import { NodeSearch, type Candidate } from './node-search.ts';
import { NominatedPods } from './nominated-pods.ts';
import { PodTemplates, type Finding } from './pod-template.ts';
import { NOBODY_ASKED, preempt, type Preemption } from './preemption.ts';
import { SchedulerReports } from './scheduler-reports.ts';
import { SchedulerWorld } from './scheduler-world.ts';
import { SchedulingQueue, type QueuedPod } from './scheduling-queue.ts';
import { belongingIn, budgetsIn, worldObjects } from './store-objects.ts';
import { VolumeBinding } from './volume-binding.ts';

/** What a scheduler needs of its cluster. */
export type SchedulerContext = Pick<
  SimulationContext,
  'api' | 'clock' | 'events' | 'random' | 'serverVersion' | 'features' | 'unread' | 'scheduler'
>;

/** From a change in the cluster to the attempt that follows from it. */
const LATENCY_MS = 5;

export class Scheduler {
  readonly #context: SchedulerContext;
  readonly #world: SchedulerWorld;
  readonly #queue: SchedulingQueue;
  readonly #nominated = new NominatedPods();
  readonly #templates: PodTemplates;
  readonly #search: NodeSearch;
  readonly #volumes: VolumeBinding;
  readonly #reports: SchedulerReports;
  readonly #belonging: Belonging;
  readonly #wording: (reason: string) => string;
  readonly #preemptionRandom: Random;
  #belongingVersion = 0;
  #isDue = false;

  constructor(context: SchedulerContext) {
    const { api, clock, scheduler: options = {} } = context;
    const random = context.random.fork('scheduler');
    this.#context = context;
    this.#preemptionRandom = random.fork('preemption');
    this.#wording = wordingOf(context.serverVersion);
    this.#belonging = belongingIn(api.store);
    this.#reports = new SchedulerReports(context);
    this.#world = new SchedulerWorld(worldObjects(api.store, context.unread ?? new Set()));
    this.#templates = new PodTemplates(this.#world);
    this.#search = new NodeSearch(this.#world, this.#nominated, random, options);
    this.#queue = new SchedulingQueue(clock, () => this.#wake(), options);
    this.#volumes = new VolumeBinding(context, {
      bound: (queued, nodeName) => this.#bind(queued, nodeName),
      failed: (queued, message) => this.#broke(queued, message),
    });
    const watched = {
      world: this.#world,
      queue: this.#queue,
      nominated: this.#nominated,
      templates: this.#templates,
      claimChanged: (key: string) => this.#volumes.claimChanged(key),
      belongingChanged: () => this.#belongingVersion++,
    };
    api.store.listen((change) => noteChange(watched, change));
  }

  /** What runs where, as the scheduler sees it. */
  get world(): SchedulerWorld {
    return this.#world;
  }

  /** How many pods wait for a node. */
  get waiting(): number {
    return this.#queue.size;
  }

  #wake(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    this.#context.clock.after(LATENCY_MS, () => {
      this.#isDue = false;
      for (let next = this.#queue.pop(); next !== undefined; next = this.#queue.pop()) this.#schedule(next);
    });
  }

  #schedule(queued: QueuedPod): void {
    const { profile, uid } = queued;
    if (profile.isTerminating) return this.#reports.skipped(profile.pod);
    const candidate = this.#candidate(profile);
    const { claims, pod } = profile;
    const isAlone = claims.length > 0 || (pod.status?.nominatedNodeName ?? '') !== '';
    const known = isAlone ? undefined : candidate.template.finding;
    const node = known === undefined ? this.#search.find(candidate) : undefined;
    if (node === undefined) return this.#fail(queued, known ?? this.#findOut(candidate, isAlone));
    const promised = this.#world.volumesFor(candidate.cycle, node);
    this.#world.place(profile, node.name, promised);
    this.#nominated.forget(uid);
    const delayed: readonly DelayedClaim[] = candidate.cycle.volumes?.delayed ?? [];
    if (delayed.length > 0) this.#volumes.begin(queued, node.name, delayed, promised);
    else this.#bind(queued, node.name);
  }

  #candidate(profile: PodProfile): Candidate {
    const template = this.#templates.behind(profile);
    const isSpreadByDefault = (profile.pod.spec?.topologySpreadConstraints ?? []).length === 0;
    return {
      profile,
      template,
      cycle: this.#world.cycle(profile, template.company),
      isSpreadByDefault,
      softSpread: isSpreadByDefault
        ? template.defaultSpread(this.#belonging, this.#belongingVersion)
        : template.traits.softSpread,
    };
  }

  /** Why no node takes the pod, and whether room can be made. */
  #findOut(candidate: Candidate, isAlone: boolean): Finding {
    const { nodes } = this.#world;
    const { problem } = candidate.cycle;
    const diagnosis: Diagnosis =
      problem === undefined
        ? diagnose(nodes, this.#search.refusals(candidate), this.#wording)
        : diagnoseProblem(nodes.length, problem);
    if (nodes.length === 0)
      return { diagnosis, preemption: { chosen: undefined, message: '', clearsNomination: true } };
    const preemption = problem === undefined ? this.#preempt(candidate.profile, diagnosis) : NOBODY_ASKED;
    const finding = { diagnosis, preemption };
    if (preemption.chosen === undefined && !isAlone) candidate.template.remember(finding);
    return finding;
  }

  #preempt(profile: PodProfile, diagnosis: Diagnosis): Preemption {
    return preempt(profile, diagnosis, {
      world: this.#world,
      random: this.#preemptionRandom,
      budgets: budgetsIn(this.#context.api.store),
      wording: this.#wording,
      asksForClaims: this.#context.features?.asksForClaims ?? true,
      refusal: (pod, node) => this.#search.refusalOf(pod, node)?.reasons,
    });
  }

  #fail(queued: QueuedPod, { diagnosis, preemption }: Finding): void {
    const { profile } = queued;
    const { chosen } = preemption;
    // Before anything is written, so that what follows from it finds the pod in the queue.
    this.#queue.putBack(queued, diagnosis.plugins);
    let nominate: string | undefined;
    let message = diagnosis.message;
    if (chosen !== undefined) nominate = chosen.node.name;
    else {
      if (preemption.clearsNomination) nominate = '';
      if (preemption.message !== '') message = `${message} ${preemption.message}`;
    }
    const behind = nominate === undefined ? [] : this.#nominate(profile, nominate);
    this.#reports.unschedulable(profile.pod, message, nominate);
    if (chosen === undefined) return;
    for (const other of behind) this.#reports.clearNomination(other.pod);
    for (const victim of chosen.victims) this.#reports.evict(victim.pod, profile.pod, chosen.node.name);
  }

  /** Keeps a place for the pod; returns the less important pods that were to have it. */
  #nominate(profile: PodProfile, nodeName: string): readonly PodProfile[] {
    const behind = nodeName === '' ? [] : this.#nominated.behind(profile, nodeName);
    if (nodeName !== '' || (profile.pod.status?.nominatedNodeName ?? '') !== '') this.#world.version++;
    this.#nominated.set(profile, nodeName);
    for (const other of behind) this.#nominated.forget(other.pod.metadata.uid ?? '');
    return behind;
  }

  #bind(queued: QueuedPod, nodeName: string): void {
    const { uid, profile } = queued;
    const { name, namespace = '' } = profile.pod.metadata;
    try {
      bindPod(this.#context.api, { namespace, name, uid, nodeName });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return this.#broke(queued, `binding rejected: running Bind plugin "DefaultBinder": ${error.message}`);
    }
    this.#reports.scheduled(profile.pod, nodeName);
  }

  /** The attempt came to nothing although there is a node. */
  #broke(queued: QueuedPod, message: string): void {
    // It may be gone meanwhile.
    if (this.#queue.get(queued.uid) !== queued) return;
    this.#world.remove(queued.uid);
    this.#queue.putBack(queued, new Set(), true);
    this.#queue.happened({ kind: 'pod-gone', pod: queued.profile });
    this.#reports.broke(queued.profile.pod, message);
  }
}

/** Starts the scheduler of a cluster; where nodes were not read, nothing could be said of any pod, and there is none. */
export function startScheduler(context: SchedulerContext): Scheduler | undefined {
  return context.unread?.has('/Node') === true ? undefined : new Scheduler(context);
}
