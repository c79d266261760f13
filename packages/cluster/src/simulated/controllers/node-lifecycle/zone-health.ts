/**
 * How many nodes of each zone are lost, and how fast their pods may be driven away for it.
 * Source: https://kubernetes.io/docs/concepts/architecture/nodes/#rate-limits-on-eviction
 */
import type { Node } from '../../../model/kinds.ts';

/** `full`: all nodes are lost; `partial`: at least three, and 55 % of all. */
export type ZoneState = 'normal' | 'partial' | 'full';

const UNHEALTHY_SHARE = 0.55;
/** Zones of more nodes go on slowly while they are partly lost; smaller ones stop. */
const LARGE = 50;
/** Between two nodes of a zone: a tenth, or a hundredth of a node in a second. */
const NORMAL_MS = 10_000;
const SLOW_MS = 100_000;

interface Zone {
  readonly nodes: Map<string, boolean>;
  lost: number;
  /** When the next node's pods may go. */
  freeAt: number;
}

/** Counts nodes by zone as they are told. */
export class ZoneHealth {
  readonly #zones = new Map<string, Zone>();
  readonly #zoneOf = new Map<string, string>();

  /** Notes whether a node is ready. */
  note(node: Node, isReady: boolean): void {
    const { name } = node.metadata;
    const key = zoneKey(node);
    if (this.#zoneOf.get(name) !== key) this.forget(name);
    this.#zoneOf.set(name, key);
    const zone = this.#zones.get(key) ?? { nodes: new Map<string, boolean>(), lost: 0, freeAt: 0 };
    this.#zones.set(key, zone);
    const known = zone.nodes.get(name);
    if (known === isReady) return;
    zone.nodes.set(name, isReady);
    if (!isReady) zone.lost++;
    else if (known === false) zone.lost--;
  }

  forget(name: string): void {
    const key = this.#zoneOf.get(name);
    const zone = this.#zones.get(key ?? '');
    if (key === undefined || zone === undefined) return;
    if (zone.nodes.get(name) === false) zone.lost--;
    zone.nodes.delete(name);
    this.#zoneOf.delete(name);
    if (zone.nodes.size === 0) this.#zones.delete(key);
  }

  /** Whether every zone is lost: then it is rather the control plane that lost its nodes, and nothing is driven away. */
  get isAllLost(): boolean {
    return this.#zones.size > 0 && [...this.#zones.values()].every((zone) => stateOf(zone) === 'full');
  }

  /**
   * Asks for one node of a zone to be emptied now.
   * @returns milliseconds until it may be; 0 for now, which is then counted; `undefined` while nothing may
   */
  ask(name: string, now: number): number | undefined {
    const zone = this.#zones.get(this.#zoneOf.get(name) ?? '');
    if (zone === undefined || this.isAllLost) return undefined;
    const isPartial = stateOf(zone) === 'partial';
    if (isPartial && zone.nodes.size <= LARGE) return undefined;
    if (zone.freeAt > now) return zone.freeAt - now;
    zone.freeAt = now + (isPartial ? SLOW_MS : NORMAL_MS);
    return 0;
  }
}

function stateOf({ nodes, lost }: Zone): ZoneState {
  if (lost > 0 && lost === nodes.size) return 'full';
  return lost > 2 && lost / nodes.size >= UNHEALTHY_SHARE ? 'partial' : 'normal';
}

function zoneKey({ metadata: { labels = {} } }: Node): string {
  return `${labels['topology.kubernetes.io/region'] ?? ''}:${labels['topology.kubernetes.io/zone'] ?? ''}`;
}
