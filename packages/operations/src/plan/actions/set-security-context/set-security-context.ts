/** Gives pods the security context that is demanded of them. */
import { refOf, refText, type KubeObject, type PodSpec } from '@aia/cluster';
import type { AssessedRootCause } from '@aia/contract';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import { earlierRevisions } from '../../revisions/revisions.ts';
import type { Planning } from '../../planning.ts';
import type { ActionKind, Remedy } from '../../remedy.ts';
import { podSpecIn, podSpecOf, templateRemedies, type TemplateRepair } from '../../rollout/template-repair.ts';
import { meeting, needsNode, type Level } from './security-levels.ts';

const MINUTE = 60_000;
const ENFORCE = 'pod-security.kubernetes.io/enforce';

/** For pods that Pod Security admission refuses, and containers that must not run as root and would. */
export const setSecurityContext: ActionKind = {
  kind: 'set-security-context',
  title: 'Set a security context',
  explanation:
    'Gives pods what the Pod Security level of their namespace demands, by the Pod Security Standards: not as root, no further privileges, no capabilities, the default seccomp profile. Where pods need the node itself (its network, its paths), the only other way is a lower level for the namespace, which is proposed with its higher risk. A container that must not run as root gets the user of an earlier revision, else an unprivileged one.',
  capability: 'access',
  prior: { alpha: 7, beta: 3, basis: 'programs may rely on rights that they had' },
  durationMs: { optimistic: 2 * MINUTE, likely: 5 * MINUTE, pessimistic: 30 * MINUTE },
  baseRisk: 0.1,
  propose: (planning) => [
    ...planning.causesOf('pod-security-violated').flatMap((cause) => forLevel(cause, planning)),
    ...planning.causesOf('container-cannot-be-configured').flatMap((cause) => forUser(cause, planning)),
  ],
};

function forLevel(cause: AssessedRootCause, planning: Planning): readonly Remedy[] {
  const namespace = planning.snapshot.get('Namespace', '', namespaceOf(cause));
  const level = namespace?.metadata.labels?.[ENFORCE];
  if (namespace === undefined || (level !== 'restricted' && level !== 'baseline')) return [];
  const refused = refusedBy(cause, planning);
  const contexts = refused.map((workload) => {
    const spec = podSpecIn(workload) as PodSpec;
    if (needsNode(spec)) return [];
    const user = knownUser(workload, planning);
    const repairs = [levelRepair(spec, level, user)];
    return templateRemedies({ kind: setSecurityContext.kind, cause, workload, repairs, isPlaced: false }, planning);
  });
  const first = contexts.flatMap(([one]) => one ?? []);
  const isComplete = refused.length > 0 && first.length === refused.length;
  const together: Remedy = {
    title: first.map(({ title }) => title).join('; '),
    resolves: [cause.id],
    fit: 0.93,
    drafts: first.flatMap(({ drafts }) => drafts),
  };
  return [...(isComplete ? [together] : []), lowered(cause, namespace, level, refused)];
}

function namespaceOf({ resource }: AssessedRootCause): string {
  return resource.kind === 'Namespace' ? resource.name : resource.namespace;
}

/** Workloads whose pods are refused, each once, by name. */
function refusedBy(cause: AssessedRootCause, planning: Planning): readonly KubeObject[] {
  const found = planning
    .findingsOf(cause)
    .flatMap(({ resource }) => planning.workloadOf(resource) ?? [])
    .filter((one) => podSpecIn(one) !== undefined);
  return [...new Set(found)].toSorted((a, b) => (refText(refOf(a)) < refText(refOf(b)) ? -1 : 1));
}

function levelRepair(spec: PodSpec, level: Level, user: number | undefined): TemplateRepair {
  return {
    spec: meeting(spec, level, user),
    title: `Meet the Pod Security level ${level}`,
    reason: `The namespace enforces ${level}, and the template does not state what it demands.${user === undefined && level === 'restricted' ? ' What user its image runs as is not known, so it is given one without rights.' : ''}`,
    confidence: level === 'baseline' ? 0.8 : user === undefined ? 0.65 : 0.8,
    fit: 0.93,
    risks: [{ reason: 'a program that needs rights which it had fails', adds: 0.08 }],
  };
}

/** That containers of an earlier revision, or the template, run as; root is none. */
function knownUser(workload: KubeObject, planning: Planning): number | undefined {
  const specs = [
    podSpecIn(workload),
    ...earlierRevisions(workload, planning.snapshot).map(({ template }) => template.spec),
  ];
  return specs
    .flatMap((spec) => [
      spec?.securityContext?.runAsUser,
      ...(spec?.containers ?? []).map(({ securityContext }) => securityContext?.runAsUser),
    ])
    .find((user): user is number => user !== undefined && user > 0);
}

function lowered(
  cause: AssessedRootCause,
  namespace: KubeObject,
  level: Level,
  refused: readonly KubeObject[],
): Remedy {
  const isBaseline = level === 'restricted' && refused.every((one) => !needsNode(podSpecIn(one) as PodSpec));
  const lower = isBaseline ? 'baseline' : 'privileged';
  const target = refOf(namespace);
  const title = `Enforce only the Pod Security level ${lower} in ${refText(target)}`;
  return {
    title,
    resolves: [cause.id],
    fit: 0.6,
    drafts: [
      {
        ...{ kind: setSecurityContext.kind, title, target },
        reason: `Its pods do not meet ${level}; whoever set the level is told of violations by warnings still.`,
        evidence: [fieldEvidence(namespace, `metadata.labels["${ENFORCE}"]`, level), ...cause.evidence.slice(0, 1)],
        confidence: 0.6,
        changes: [
          {
            kind: 'patch',
            target,
            patch: {
              type: 'merge',
              patch: { metadata: { labels: { [ENFORCE]: lower, 'pod-security.kubernetes.io/warn': level } } },
            },
          },
        ],
        probe: { conditions: refused.map((one) => ({ kind: 'available', target: refOf(one) })) },
        risks: [{ reason: 'all pods of the namespace may have more rights, not only those that need them', adds: 0.3 }],
      },
    ],
  };
}

/** As which user to run, so that it is not root. */
function forUser(cause: AssessedRootCause, planning: Planning): readonly Remedy[] {
  const found = podSpecOf(cause, planning);
  const isAboutRoot = planning.findingsOf(cause).some((one) => /non-?root/i.test(JSON.stringify(one.evidence)));
  if (found === undefined || !isAboutRoot) return [];
  const { workload, spec } = found;
  const user = knownUser(workload, planning);
  const repairs = [
    {
      spec: meeting(spec, 'user', user),
      title: 'Run as a user that is not root',
      reason:
        user === undefined
          ? 'The container must not run as root and its image does; no revision says which user the program bears.'
          : `The container must not run as root and its image does; user ${user} is one that it ran as before.`,
      confidence: user === undefined ? 0.5 : 0.8,
      fit: user === undefined ? 0.7 : 0.93,
      risks: [{ reason: 'files that belong to root cannot be written', adds: 0.08 }],
    },
  ];
  return templateRemedies({ kind: setSecurityContext.kind, cause, workload, repairs, isPlaced: false }, planning);
}
