/** Which nodes have which images, so that a pod there needs no registry. */
import { imageTitleOf, type ClusterSnapshot, type Node } from '@aia/cluster';
import { parseImage } from '../../diagnose/messages/image.ts';
import { isReady } from '../../diagnose/conditions.ts';
import type { Planning } from '../planning.ts';

/** Nodes report this many of their images at most, the largest ones. Source: KubeletConfiguration, `nodeStatusMaxImages` */
const REPORTED = 50;

/** Where images are. */
export interface ImageHolders {
  /** Ready nodes that take pods and have all of these images, by name. */
  nodesWith(images: readonly string[]): readonly Node[];
  /** No node has it, as far as nodes tell all that they have. */
  isNowhere(image: string): boolean;
  /** A node could not pull it not long ago, so that whoever needs it may come to such a node again. */
  isMissed(image: string): boolean;
}

/** Of one planning. */
export function imageHolders(planning: Planning): ImageHolders {
  return planning.once(holdersIn);
}

function holdersIn({ snapshot }: Planning): ImageHolders {
  const nodes = snapshot.list('Node').toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  const held = new Map(nodes.map((node) => [node.metadata.name, new Set(reportedBy(node))]));
  for (const { node, title } of started(snapshot)) held.get(node)?.add(title);
  const isTold = nodes.every(({ status }) => {
    const count = status?.images?.length ?? 0;
    return count > 0 && count < REPORTED;
  });
  const missed = new Set(missedIn(snapshot));
  return {
    isMissed: (image) => missed.has(image),
    nodesWith: (images) => {
      const titles = images.map(imageTitleOf);
      return nodes.filter((node) => {
        const own = held.get(node.metadata.name);
        return isTaking(node) && titles.every((title) => title !== undefined && own?.has(title) === true);
      });
    },
    isNowhere: (image) => {
      const title = imageTitleOf(image);
      return isTold && title !== undefined && ![...held.values()].some((own) => own.has(title));
    },
  };
}

function isTaking(node: Node): boolean {
  return isReady(node) && node.spec?.unschedulable !== true;
}

function reportedBy({ status }: Node): readonly string[] {
  return (status?.images ?? []).flatMap(({ names = [] }) => names);
}

/** Events tell of pods that are gone by now as well. */
function missedIn(snapshot: ClusterSnapshot): readonly string[] {
  return snapshot.list('Event').flatMap(({ reason = '', message = '' }) => {
    const found = reason === 'Failed' ? parseImage(reason, message) : undefined;
    return found?.image ?? [];
  });
}

/** Containers that were started have their image on their node, small ones as well, which nodes may not report. */
function* started(snapshot: ClusterSnapshot): Generator<{ readonly node: string; readonly title: string }> {
  for (const { spec, status } of snapshot.list('Pod')) {
    const statuses = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
    const had = new Set(statuses.filter(({ imageID }) => (imageID ?? '') !== '').map(({ name }) => name));
    if (spec?.nodeName === undefined || had.size === 0) continue;
    for (const { name, image = '' } of [...(spec.initContainers ?? []), ...spec.containers]) {
      const title = had.has(name) ? imageTitleOf(image) : undefined;
      if (title !== undefined) yield { node: spec.nodeName, title };
    }
  }
}
