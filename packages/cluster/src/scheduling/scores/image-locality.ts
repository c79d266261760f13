/**
 * How much of a pod's images is on a node already.
 * Source: https://kubernetes.io/docs/reference/scheduling/config/#scheduling-plugins; `plugins/imagelocality`
 */
import type { Node, Pod } from '../../model/kinds.ts';
import type { NodeLedger } from '../node-state.ts';
import { BEST } from './node-resources.ts';

/** Less than this is as good as nothing; from the larger on, for each container, more does not help. */
const LEAST_BYTES = 23 * 1024 * 1024;
const MOST_BYTES = 1000 * 1024 * 1024;

interface Image {
  readonly sizeBytes: number;
  readonly nodes: Set<NodeLedger>;
}

/** Which images are on which nodes. */
export class NodeImages {
  readonly #images = new Map<string, Image>();

  /** Takes note of the images of a node, instead of those it had before. */
  change(ledger: NodeLedger, before: Node | undefined, now: Node | undefined): void {
    if (before?.status?.images === now?.status?.images) return;
    for (const { names = [] } of before?.status?.images ?? []) for (const name of names) this.#leave(name, ledger);
    for (const { names = [], sizeBytes = 0 } of now?.status?.images ?? [])
      for (const name of names) this.#enter(name, sizeBytes, ledger);
  }

  /** The score of nodes for a pod; `undefined` where it is 0 for all, as no node has its images. */
  scorer({ spec }: Pod, nodes: number): ((node: NodeLedger) => number) | undefined {
    const containers = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])];
    const images = containers.flatMap(({ image }) => this.#images.get(normalName(image ?? '')) ?? []);
    if (images.length === 0) return undefined;
    const most = MOST_BYTES * containers.length;
    return (node) => {
      let sum = 0;
      // What few nodes have counts less, so that pods do not crowd on them.
      for (const { sizeBytes, nodes: having } of images)
        if (having.has(node)) sum += Math.trunc(sizeBytes * (having.size / nodes));
      const bounded = Math.min(most, Math.max(LEAST_BYTES, sum));
      return Math.trunc((BEST * (bounded - LEAST_BYTES)) / (most - LEAST_BYTES));
    };
  }

  #enter(name: string, sizeBytes: number, ledger: NodeLedger): void {
    const known = this.#images.get(name);
    if (known === undefined) this.#images.set(name, { sizeBytes, nodes: new Set([ledger]) });
    else known.nodes.add(ledger);
  }

  #leave(name: string, ledger: NodeLedger): void {
    const known = this.#images.get(name);
    known?.nodes.delete(ledger);
    if (known?.nodes.size === 0) this.#images.delete(name);
  }
}

/** With the tag that is meant. */
function normalName(image: string): string {
  return image.lastIndexOf(':') <= image.lastIndexOf('/') ? `${image}:latest` : image;
}
