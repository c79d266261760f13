/**
 * A cluster that faults are put into: what people declared, and how each pod fares. `objects.ts` renders it as the API server
 * would serve it, with the statuses that kubelets and controllers derive.
 */
import { randomFrom } from '../random.ts';

export type Json = Record<string, unknown>;

export const NOW = Date.parse('2026-03-18T14:20:00Z');
export const SECOND = 1000;
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** RFC 3339 of so long before the observation. */
export function ago(ms: number): string {
  return new Date(NOW - Math.max(0, ms)).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

/** An object to which events refer. */
export interface Ref {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly uid: string;
}

export interface Said {
  readonly reason: string;
  readonly message: string | (() => string);
  readonly type?: 'Normal' | 'Warning';
  readonly component?: string;
  readonly count?: number;
  readonly firstMs: number;
  readonly lastMs?: number;
  readonly fieldPath?: string;
}

/** How a container ended. */
export interface End {
  readonly exitCode: number;
  readonly reason: string;
  /** How long it ran. */
  readonly livedMs: number;
  readonly message?: string;
}

/** How one pod fares; messages of the scheduler are made once all nodes are as the faults left them. */
export type State =
  | { readonly is: 'ready'; readonly restarts?: number; readonly restartedMs?: number; readonly end?: End }
  | { readonly is: 'crashing'; readonly end: End; readonly restarts: number; readonly init?: string }
  | { readonly is: 'unready'; readonly restarts?: number; readonly sinceMs: number; readonly end?: End }
  | { readonly is: 'waiting'; readonly reason: string; readonly message?: string; readonly restarts?: number }
  | { readonly is: 'unschedulable'; readonly message: () => string }
  | { readonly is: 'evicted'; readonly message: string; readonly sinceMs: number }
  | { readonly is: 'lost'; readonly sinceMs: number }
  | { readonly is: 'failed'; readonly end: End; readonly sinceMs: number }
  | { readonly is: 'completed'; readonly sinceMs: number };

export interface Run {
  readonly name: string;
  readonly uid: string;
  node: string | undefined;
  ageMs: number;
  readonly isOld: boolean;
  state: State;
}

/** A template as far as faults change it. */
export interface Template {
  container: Json & { name: string; image: string };
  spec: Json;
}

export interface App {
  readonly kind: 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'Job';
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly labels: Readonly<Record<string, string>>;
  replicas: number;
  createdMs: number;
  template: Template;
  /** Template of the revision before, since a rollout that began so long ago. */
  previous: { template: Template; rolledMs: number; hash: string } | undefined;
  revision: number;
  hash: string;
  runs: Run[];
  /** The ReplicaFailure message where pods are refused at creation. */
  refused: { readonly message: string; readonly sinceMs: number } | undefined;
  port: number;
}

export interface NodeModel {
  readonly name: string;
  readonly zone: string;
  readonly uid: string;
  taints: Json[];
  unschedulable: boolean;
  /** Since when the kubelet is silent. */
  lostMs: number | undefined;
  conditions: Json[];
}

const SAFE = 'bcdfghjklmnpqrstvwxz2456789';
const VERSIONS = ['v1.25.16', 'v1.28.15', 'v1.30.9', 'v1.31.6', 'v1.33.4', 'v1.35.1'] as const;

export class World {
  readonly random: () => number;
  readonly version: string;
  readonly nodes: NodeModel[] = [];
  readonly apps: App[] = [];
  readonly objects: (Json & { metadata: Json })[] = [];
  readonly events: { readonly about: Ref; readonly said: Said }[] = [];
  readonly logs: { readonly run: Run; readonly app: App; readonly lines: readonly string[] }[] = [];
  #serial = 0;

  constructor(seed: number) {
    this.random = randomFrom(seed * 7919 + 17);
    this.version = this.pick(VERSIONS);
  }

  get minor(): number {
    return Number(this.version.split('.')[1]);
  }

  pick<T>(values: readonly T[]): T {
    const value = values[Math.floor(this.random() * values.length)];
    if (value === undefined) throw new RangeError('nothing to pick from');
    return value;
  }

  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.random() * (most - least + 1));
  }

  chance(share: number): boolean {
    return this.random() < share;
  }

  suffix(length: number): string {
    return Array.from({ length }, () => this.pick([...SAFE])).join('');
  }

  uid(): string {
    const serial = (++this.#serial).toString(16).padStart(12, '0');
    return `${this.between(0x10000000, 0x7fffffff).toString(16)}-4c1e-4b7a-9d02-${serial}`;
  }

  add(
    apiVersion: string,
    kind: string,
    name: string,
    namespace: string | undefined,
    rest: Json = {},
    ageMs = 30 * DAY,
  ): Ref {
    const uid = this.uid();
    const { metadata, ...body } = rest;
    this.objects.push({
      apiVersion,
      kind,
      metadata: {
        name,
        ...(namespace !== undefined && { namespace }),
        uid,
        creationTimestamp: ago(ageMs),
        ...(metadata as Json | undefined),
      },
      ...body,
    });
    return { apiVersion, kind, ...(namespace !== undefined && { namespace }), name, uid };
  }

  /** Takes an object away, as somebody who deletes it. */
  remove(kind: string, namespace: string | undefined, name: string): void {
    const at = this.objects.findIndex(
      ({ kind: own, metadata }) => own === kind && metadata['namespace'] === namespace && metadata['name'] === name,
    );
    if (at >= 0) this.objects.splice(at, 1);
  }

  find(kind: string, namespace: string | undefined, name: string): Json & { metadata: Json } {
    const found = this.objects.find(
      ({ kind: own, metadata }) => own === kind && metadata['namespace'] === namespace && metadata['name'] === name,
    );
    if (found === undefined) throw new RangeError(`no ${kind} ${namespace ?? ''}/${name}`);
    return found;
  }

  event(about: Ref, said: Said): void {
    this.events.push({ about, said });
  }

  node(name: string, zone: string): NodeModel {
    const node: NodeModel = {
      name,
      zone,
      uid: this.uid(),
      taints: [],
      unschedulable: false,
      lostMs: undefined,
      conditions: [],
    };
    this.nodes.push(node);
    return node;
  }

  /** The node for the next pod: those that take pods in turn. */
  place(): string {
    const open = this.nodes.filter(
      (node) => node.taints.length === 0 && !node.unschedulable && node.lostMs === undefined,
    );
    return this.pick(open).name;
  }

  app(given: Pick<App, 'kind' | 'namespace' | 'name' | 'replicas' | 'template'> & Partial<App>): App {
    const app: App = {
      uid: this.uid(),
      labels: { app: given.name },
      createdMs: this.between(20, 200) * DAY + this.between(0, 86_000) * SECOND,
      previous: undefined,
      revision: this.between(1, 9),
      hash: this.suffix(9),
      runs: [],
      refused: undefined,
      port: 8080,
      ...given,
    };
    this.apps.push(app);
    const ageMs = this.between(1, 9) * DAY + this.between(0, 80_000) * SECOND;
    for (let i = 0; i < app.replicas && app.kind !== 'DaemonSet'; i++) this.run(app, { is: 'ready' }, ageMs + i * 9000);
    return app;
  }

  run(app: App, state: State, ageMs: number, node?: string): Run {
    const ordinal = app.runs.length;
    const stem = { Deployment: `${app.name}-${app.hash}-`, DaemonSet: `${app.name}-`, Job: `${app.name}-` };
    const run: Run = {
      name: app.kind === 'StatefulSet' ? `${app.name}-${ordinal}` : `${stem[app.kind]}${this.suffix(5)}`,
      uid: this.uid(),
      node: state.is === 'unschedulable' ? undefined : (node ?? this.place()),
      ageMs,
      isOld: false,
      state,
    };
    app.runs.push(run);
    return run;
  }

  /**
   * A new revision, rolled out so long ago, whose pods fare as `state` says. A rolling update keeps three quarters of the old
   * pods; a StatefulSet replaces its last pod first and waits.
   */
  rollOut(app: App, change: (template: Template) => void, rolledMs: number, state: (run: number) => State): Run[] {
    const template = structuredClone(app.template);
    change(template);
    app.previous = { template: app.template, rolledMs, hash: app.hash };
    app.template = template;
    app.hash = this.suffix(9);
    app.revision += 1;
    const ageMs = rolledMs - 2 * SECOND;
    if (app.kind === 'StatefulSet') {
      const last = app.runs.pop();
      return [this.run(app, state(0), ageMs - 30 * SECOND, last?.node)];
    }
    const fewer = Math.floor(app.replicas / 4);
    const surge = Math.max(1, Math.ceil(app.replicas / 4));
    const kept = app.runs.slice(0, app.replicas - fewer).map((run) => ({ ...run, isOld: true }));
    app.runs = kept;
    return Array.from({ length: fewer + surge }, (_, i) => this.run(app, state(i), ageMs));
  }

  /** The pod as events refer to it. */
  podRef(app: App, run: Run): Ref {
    return { apiVersion: 'v1', kind: 'Pod', namespace: app.namespace, name: run.name, uid: run.uid };
  }

  appRef(app: App): Ref {
    const apiVersion = app.kind === 'Job' ? 'batch/v1' : 'apps/v1';
    return { apiVersion, kind: app.kind, namespace: app.namespace, name: app.name, uid: app.uid };
  }

  /** The object that makes the pods: the ReplicaSet of a Deployment. */
  makerRef(app: App): Ref {
    if (app.kind !== 'Deployment') return this.appRef(app);
    const name = `${app.name}-${app.hash}`;
    return { apiVersion: 'apps/v1', kind: 'ReplicaSet', namespace: app.namespace, name, uid: `${app.uid}-${app.hash}` };
  }
}
