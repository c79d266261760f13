/**
 * Versions of a template, kept as ControllerRevisions.
 * Source: https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#revision-history; `pkg/controller/history`
 */
import type { KubeObject } from '../../model/kube-object.ts';
import { compare } from '../../model/order.ts';
import { matchesSelector, type LabelSelector } from '../../model/selector.ts';
import { sameJson } from '../../snapshot/diff.ts';
import { ApiError } from '../api/api-error.ts';
import type { ApiServer } from '../api/api-server.ts';
import { CONTROLLER_REVISIONS } from '../api/built-in-types.ts';
import type { ResourceType } from '../api/resource-type.ts';
import { claimed, controllerRefTo, unlessGone } from './claim.ts';
import type { PodTemplate } from './pod-control.ts';
import { templateHash } from './template-hash.ts';

/** `apps/v1` ControllerRevision. */
export interface ControllerRevision extends KubeObject {
  readonly data?: unknown;
  readonly revision: number;
}

const REVISIONS: ResourceType<ControllerRevision> = CONTROLLER_REVISIONS as ResourceType<ControllerRevision>;
const HASH = 'controller.kubernetes.io/hash';
/** On pods: of which version they are. */
export const REVISION_HASH = 'controller-revision-hash';

/** Whose history. */
export interface HistoryOwner {
  readonly api: ApiServer;
  readonly owner: KubeObject;
  readonly type: ResourceType;
  readonly selector: LabelSelector | undefined;
  readonly template: PodTemplate | undefined;
  readonly collisionCount: number | undefined;
  /** Label of revisions for their hash; default `controller.kubernetes.io/hash`, on those of DaemonSets {@link REVISION_HASH}. */
  readonly hashLabel?: string;
}

/** A history that has the owner's template in it. */
export interface History {
  /** Oldest first, the update among them. */
  readonly revisions: readonly ControllerRevision[];
  /** The version of the template as it is now. */
  readonly update: ControllerRevision;
  readonly collisionCount: number | undefined;
}

/** The version of the template: the newest, an older one that becomes the newest again, or a new one. @throws ApiError */
export function syncHistory(history: HistoryOwner): History {
  const revisions = sorted(
    claimed({
      api: history.api,
      type: REVISIONS,
      owner: history.owner,
      ownerType: history.type,
      matches: ({ metadata }) => matchesSelector(history.selector, metadata.labels),
    }),
  );
  const next = (revisions.at(-1)?.revision ?? 0) + 1;
  const data = { spec: { template: { ...history.template, $patch: 'replace' } } };
  const equal = revisions.findLast((revision) => sameJson(revision.data, data));
  const { collisionCount } = history;
  if (equal !== undefined && equal === revisions.at(-1)) return { revisions, update: equal, collisionCount };
  if (equal === undefined) {
    const made = makeRevision(history, data, next);
    return { revisions: [...revisions, made.update], ...made };
  }
  const update = history.api.change(REVISIONS, equal.metadata.namespace ?? '', equal.metadata.name, (one) => ({
    ...one,
    revision: next,
  }));
  return { revisions: [...revisions.filter((revision) => revision !== equal), update], update, collisionCount };
}

/** The template that a revision keeps. */
export function templateOf({ data }: ControllerRevision): PodTemplate {
  const { spec } = data as { readonly spec: { readonly template: PodTemplate & { readonly $patch?: string } } };
  const { template } = spec;
  return Object.fromEntries(Object.entries(template).filter(([field]) => field !== '$patch'));
}

/** The hash in a revision's name. */
export function hashOfRevision({ metadata }: ControllerRevision): string {
  return metadata.labels?.[HASH] ?? metadata.labels?.[REVISION_HASH] ?? '';
}

/** Deletes the oldest revisions that nobody lives by, beyond `limit`. */
export function truncateHistory(
  api: ApiServer,
  revisions: readonly ControllerRevision[],
  isLive: (revision: ControllerRevision) => boolean,
  limit: number,
): void {
  const dead = revisions.filter((revision) => !isLive(revision));
  for (const { metadata } of dead.slice(0, Math.max(0, dead.length - limit)))
    unlessGone(() => api.delete(REVISIONS, metadata.namespace ?? '', metadata.name));
}

function sorted(revisions: readonly ControllerRevision[]): readonly ControllerRevision[] {
  return [...revisions].sort(
    (a, b) =>
      a.revision - b.revision ||
      compare(a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? '') ||
      compare(a.metadata.name, b.metadata.name),
  );
}

/** A name that other data has already is told apart by counting collisions. */
function makeRevision(
  { api, owner, type, template, collisionCount, hashLabel = HASH }: HistoryOwner,
  data: unknown,
  revision: number,
): { readonly update: ControllerRevision; readonly collisionCount: number | undefined } {
  for (let collisions = collisionCount ?? 0; ; collisions++) {
    const hash = templateHash(data, collisions);
    const { namespace = '', annotations } = owner.metadata;
    const name = `${owner.metadata.name.slice(0, 223)}-${hash}`;
    const made: ControllerRevision = {
      apiVersion: 'apps/v1',
      kind: 'ControllerRevision',
      metadata: {
        name,
        namespace,
        labels: { ...template?.metadata?.labels, [hashLabel]: hash },
        ...(annotations === undefined ? {} : { annotations }),
        ownerReferences: [controllerRefTo(owner, type)],
      },
      data,
      revision,
    };
    const counted = collisions === 0 ? collisionCount : collisions;
    try {
      return { update: api.create(REVISIONS, made), collisionCount: counted };
    } catch (error) {
      if (!(error instanceof ApiError) || error.reason !== 'AlreadyExists') throw error;
      const there = api.get(REVISIONS, namespace, name);
      if (sameJson(there.data, data)) return { update: there, collisionCount: counted };
    }
  }
}
