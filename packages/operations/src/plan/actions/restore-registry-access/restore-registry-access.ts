/** Registries that give the nodes nothing: what a person has to do there, and what keeps workloads running until then. */
import type { ResourceRef } from '@aia/cluster';
import type { AssessedRootCause, Change } from '@aia/contract';
import type { Planning } from '../../planning.ts';
import type { ActionDraft, ActionKind, Remedy } from '../../remedy.ts';
import { concernedWorkloads } from '../../revisions/concerned-workloads.ts';
import { rollBackDraft } from '../roll-back-workload/roll-back-draft.ts';

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
    'For a registry that refuses the nodes, limits them or is not reached: the role that nodes need to read from a registry of Google (roles/artifactregistry.reader), or in words what only a person can do. Workloads that were brought to an image of it meanwhile go back to the revision that runs, since nodes have its image.',
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
  const back = concernedWorkloads(cause, planning).flatMap((one) => rollBackDraft(one, cause, planning) ?? []);
  const draft: ActionDraft = {
    kind: restoreRegistryAccess.kind,
    title: step.title,
    target: registry(host),
    reason: `${cause.statement}${back.length === 0 ? '' : ' Until it gives images again, those that can go back to what their nodes have do.'}`,
    evidence: cause.evidence.slice(0, 4),
    confidence: 0.8,
    changes: [step.change],
    probe: { conditions: [{ kind: 'told', statement: `Nodes pull from ${host} again.` }] },
  };
  return { title: step.title, resolves: [cause.id], fit: 0.9, drafts: [...back, draft] };
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
