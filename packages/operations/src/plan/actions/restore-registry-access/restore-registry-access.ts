/** Registries that give the nodes nothing: what a person has to do there, and what keeps workloads running until then. */
import type { KubeObject, ResourceRef } from '@aia/cluster';
import type { AssessedRootCause, Change } from '@aia/contract';
import type { Planning } from '../../planning.ts';
import { draftId, type ActionDraft, type ActionKind, type Remedy } from '../../remedy.ts';
import { concernedWorkloads } from '../../revisions/concerned-workloads.ts';
import { imageHolders } from '../../revisions/image-holders.ts';
import { containersOf, currentTemplate } from '../../revisions/revisions.ts';
import { revisionBefore, rollBackDraft } from '../roll-back-workload/roll-back-draft.ts';
import { cachedImageDraft } from '../use-cached-image/use-cached-image.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Registries of Google, which nodes are let into by a role. */
const OF_GOOGLE = /(^|\.)(pkg\.dev|gcr\.io)$/;

/** By class: what to do at the registry, and how sure that it is this. */
const STEPS: Readonly<Record<string, (host: string) => { readonly change: Change; readonly title: string }>> = {
  'registry-access-refused': (host) =>
    OF_GOOGLE.test(host)
      ? { title: `Let the nodes read from registry ${host}`, change: grant(host) }
      : {
          title: `Let the nodes read from registry ${host}`,
          change: manual(
            `Registry ${host} refuses the nodes. Renew the credentials that the nodes pull with, or make a pull secret for it in each namespace (kubectl create secret docker-registry) and name it in the ServiceAccounts.`,
          ),
        },
  'registry-rate-limited': (host) => ({
    title: `Pull from registry ${host} with an account or through a mirror`,
    change: manual(
      `Registry ${host} limits how often the nodes may pull without an account. Pull with an account (a pull secret), or through a mirror such as a remote repository of Artifact Registry; or wait until the window of the limit is over.`,
    ),
  }),
  'registry-unreachable': (host) => ({
    title: `Make registry ${host} reachable from the nodes`,
    change: manual(
      `Nodes do not reach registry ${host}. Look at the resolution of its name from a node, at firewall rules and Cloud NAT (or Private Google Access for registries of Google), at a proxy, and at the status page of the registry.`,
    ),
  }),
};

/** Proposes what to do at the registry, and the last revision that runs for all whom it stops and that have one. */
export const restoreRegistryAccess: ActionKind = {
  kind: 'restore-registry-access',
  title: 'Get images from a registry again',
  explanation:
    'For a registry that refuses the nodes, limits them or is not reached: the role that nodes need to read from a registry of Google (roles/artifactregistry.reader), or in words what only a person can do. Workloads that were brought to an image of it meanwhile go back to the revision that runs, since nodes have its image; where their pods would come to other nodes, they are kept to those.',
  capability: 'access',
  prior: { alpha: 4, beta: 1, basis: 'access is granted by people' },
  durationMs: { optimistic: 10 * MINUTE, likely: HOUR, pessimistic: 24 * HOUR },
  baseRisk: 0.05,
  propose: (planning) => planning.causesOf('registry-*').flatMap((cause) => remedyFor(cause, planning) ?? []),
};

function remedyFor(cause: AssessedRootCause, planning: Planning): Remedy | undefined {
  const host = cause.resource.name;
  const step = STEPS[cause.class]?.(host);
  if (step === undefined) return undefined;
  const back = concernedWorkloads(cause, planning).flatMap((one) => withoutRegistry(one, cause, planning) ?? []);
  const draft: ActionDraft = {
    kind: restoreRegistryAccess.kind,
    title: step.title,
    target: registry(host),
    reason: `${cause.statement}${back.length === 0 ? '' : ' Until it gives images again, those that can go back to what nodes have do.'}`,
    evidence: cause.evidence.slice(0, 4),
    confidence: 0.8,
    changes: [step.change],
    probe: { conditions: [{ kind: 'told', statement: `Nodes pull from ${host} again.` }] },
  };
  // People are asked once; workloads that another way failed for may get a later phase.
  const isAsked = planning.done.some(({ id }) => id === draftId(draft));
  const drafts = isAsked ? back : [...back, draft];
  return drafts.length === 0 ? undefined : { title: step.title, resolves: [cause.id], fit: 0.9, drafts };
}

/** What runs a workload meanwhile: the revision before, or nodes that have an image, whichever has not failed on the twin. */
function withoutRegistry(workload: KubeObject, cause: AssessedRootCause, planning: Planning): ActionDraft | undefined {
  const isOpen = (draft: ActionDraft | undefined): draft is ActionDraft =>
    draft !== undefined && !planning.refuted.has(draftId(draft));
  const before = revisionBefore(workload, cause, planning)?.revision;
  const [spec, present] = [before?.template.spec, currentTemplate(workload)?.spec];
  const back = () => rollBackDraft(workload, cause, planning);
  const kept = () => present && cachedImageDraft(workload, { spec: present, name: undefined }, cause, planning);
  const keptBack = () => spec && cachedImageDraft(workload, { spec, name: before?.name }, cause, planning);
  const ways =
    spec !== undefined && containersOf({ spec }).some(({ image = '' }) => imageHolders(planning).isMissed(image))
      ? [kept, keptBack, back]
      : [back, kept, keptBack];
  return firstOf(ways, isOpen);
}

function firstOf<T, U extends T>(ways: readonly (() => T)[], is: (one: T) => one is U): U | undefined {
  for (const way of ways) {
    const one = way();
    if (is(one)) return one;
  }
  return undefined;
}

function registry(name: string): ResourceRef {
  return { group: '', kind: 'Registry', namespace: '', name };
}

function manual(instruction: string): Change {
  return { kind: 'manual', instruction };
}

function grant(host: string): Change {
  return {
    kind: 'cloud',
    call: {
      operation: 'grant-role',
      role: 'roles/artifactregistry.reader',
      member: 'serviceAccount:<service account of the nodes>',
      purpose: `nodes pull images from ${host}`,
    },
  };
}
