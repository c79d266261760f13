/** What a fault is: a change to a healthy world, and the truth about it, written down where it is made. */
import { isTeamApp } from './background.ts';
import { ago, MINUTE, type App, type Json, type Run, type State, type World } from './world.ts';

/**
 * One true root cause. Entities are resources as `Kind namespace/name` (`*` stands for any text), classes are kinds of cause;
 * a named cause is this one when it has one of each.
 */
export interface Truth {
  readonly entities: readonly string[];
  readonly classes: readonly string[];
  /** Hidden behind another fault: naming it is right, missing it is no fault. */
  readonly isHidden?: boolean;
  /** Nothing fails by it: a finding of low severity is a right answer. */
  readonly isMinor?: boolean;
}

export type Fault = (site: Site) => readonly Truth[];

/** A world and what of it is still sound, so that faults that are put into one cluster do not meet by chance. */
export class Site {
  readonly world: World;
  readonly #taken = new Set<App>();

  constructor(world: World) {
    this.world = world;
  }

  /** A team's Deployment that no fault has touched, in a namespace of its own where there is one. */
  app(wanted: (app: App) => boolean = () => true): App {
    const free = this.world.apps.filter((app) => isTeamApp(app) && !this.#taken.has(app) && wanted(app));
    const used = new Set([...this.#taken].map(({ namespace }) => namespace));
    const apart = free.filter(({ namespace }) => !used.has(namespace));
    const app = this.world.pick(apart.length > 0 ? apart : free);
    this.#taken.add(app);
    return app;
  }

  /** The database of a namespace that no fault has touched. */
  database(): App {
    const used = new Set([...this.#taken].map(({ namespace }) => namespace));
    const app = this.world.pick(
      this.world.apps.filter(({ kind, namespace }) => kind === 'StatefulSet' && !used.has(namespace)),
    );
    this.#taken.add(app);
    return app;
  }

  /** Other untouched Deployments of a namespace. */
  neighbours(app: App, most: number): readonly App[] {
    const free = this.world.apps
      .filter((other) => isTeamApp(other) && other.namespace === app.namespace && !this.#taken.has(other))
      .slice(0, most);
    for (const one of free) this.#taken.add(one);
    return free;
  }

  system(name: string): App {
    const app = this.world.apps.find((one) => one.name === name && one.namespace === 'kube-system');
    if (app === undefined) throw new RangeError(`no ${name}`);
    this.#taken.add(app);
    return app;
  }

  /** When a fault began. */
  onset(): number {
    return this.world.between(14, 50) * MINUTE;
  }
}

/** `Deployment shop/web`, as truths name it. */
export function entity(app: App): string {
  return `${app.kind} ${app.namespace}/${app.name}`;
}

/** What the kubelet says while a container restarts. */
export function backOffEvents(world: World, app: App, run: Run, sinceMs: number): void {
  const { name } = app.template.container;
  const where = ` ${name} in pod ${run.name}_${app.namespace}(${run.uid})`;
  world.event(world.podRef(app, run), {
    reason: 'BackOff',
    message: `Back-off restarting failed container${world.minor >= 26 ? where : ''}`,
    count: Math.max(2, Math.round(sinceMs / (15 * 1000))),
    firstMs: sinceMs - MINUTE / 2,
    lastMs: world.between(5, 50) * 1000,
    fieldPath: `spec.containers{${name}}`,
  });
}

/** Puts every pod of an app into a state, as something that happens to what already runs. */
export function strike(app: App, state: (run: Run) => State): void {
  for (const run of app.runs) run.state = state(run);
}

/** Restarts that fit into so long a time. */
export function restartsIn(ms: number): number {
  return ms < 11 * MINUTE ? 6 : 6 + Math.floor((ms - 11 * MINUTE) / (5 * MINUTE));
}

export function condition(type: string, status: string, reason: string, message: string, sinceMs: number): Json {
  return { type, status, reason, message, lastTransitionTime: ago(sinceMs), lastHeartbeatTime: ago(20_000) };
}
