/** ServiceAccounts that pod templates name wrongly. */
import { refOf, refText } from '@aia/cluster';
import type { AssessedRootCause } from '@aia/contract';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import type { Planning } from '../../planning.ts';
import type { ActionDraft, ActionKind, Remedy } from '../../remedy.ts';
import { concernedWorkloads } from '../../revisions/concerned-workloads.ts';
import { nearName } from '../../revisions/near-names.ts';
import { earlierRevisions } from '../../revisions/revisions.ts';
import { templateMerged } from '../../revisions/template-change.ts';

const MINUTE = 60_000;

/** Proposes the ServiceAccount that an earlier revision ran as, or the one whose name is a slip of the pen away. */
export const fixServiceAccount: ActionKind = {
  kind: 'fix-service-account',
  title: 'Correct the ServiceAccount of a workload',
  explanation:
    'Where a workload names a ServiceAccount that is not there: names the one that its last revision with ready pods ran as, or the only one of the namespace whose name is a slip of the pen away. Never makes one, since its rights would be missing, and never gives a workload the default one that it did not have.',
  capability: 'access',
  prior: { alpha: 9, beta: 1, basis: 'the ServiceAccount is there' },
  durationMs: { optimistic: MINUTE, likely: 3 * MINUTE, pessimistic: 10 * MINUTE },
  baseRisk: 0.07,
  propose: (planning) =>
    planning
      .causesOf('service-account-missing', 'workload-service-account-missing')
      .flatMap((cause) => remedyFor(cause, planning) ?? []),
};

function remedyFor(cause: AssessedRootCause, planning: Planning): Remedy | undefined {
  const workloads = concernedWorkloads(cause, planning).filter(({ kind }) => kind !== 'Job');
  const drafts = workloads.flatMap((workload): readonly ActionDraft[] => {
    const { namespace = '' } = workload.metadata;
    const named = nameIn(workload);
    const accounts = planning.snapshot.listIn('ServiceAccount', namespace).map(({ metadata }) => metadata.name);
    if (named === undefined || accounts.includes(named)) return [];
    const ran = earlierRevisions(workload, planning.snapshot).find(({ ready }) => ready > 0);
    const before = ran === undefined ? undefined : (ran.template.spec?.serviceAccountName ?? 'default');
    const near = nearName(named, accounts);
    const isKnown = before !== undefined && accounts.includes(before);
    const found = isKnown ? { name: before, confidence: 0.9 } : near;
    if (found === undefined) return [];
    const target = refOf(workload);
    const why = isKnown
      ? `Revision ${ran?.name ?? ''} runs as ${found.name}`
      : `${found.name} is there, and its name differs by a slip of the pen`;
    return [
      {
        kind: fixServiceAccount.kind,
        title: `Run ${refText(target)} as ServiceAccount ${found.name}`,
        target,
        reason: `${cause.statement} ${why}.`,
        evidence: [
          fieldEvidence(workload, 'spec.template.spec.serviceAccountName', named),
          ...cause.evidence.slice(0, 2),
        ],
        confidence: found.confidence,
        changes: templateMerged(
          workload,
          { serviceAccountName: found.name, serviceAccount: found.name },
          planning.snapshot,
        ),
        ...(workload.kind !== 'CronJob' && {
          commands: [
            `kubectl set serviceaccount ${workload.kind.toLowerCase()} ${target.name} ${found.name} -n ${namespace}`,
          ],
        }),
      },
    ];
  });
  const [first] = drafts;
  if (first === undefined || drafts.length < workloads.length) return undefined;
  const title = drafts.length === 1 ? first.title : `Correct the ServiceAccount of ${drafts.length} workloads`;
  return { title, resolves: [cause.id], fit: 0.9, drafts };
}

function nameIn(workload: Parameters<typeof earlierRevisions>[0]): string | undefined {
  const { spec } = workload as {
    readonly spec?: {
      readonly template?: { readonly spec?: { readonly serviceAccountName?: string } };
      readonly jobTemplate?: {
        readonly spec?: { readonly template?: { readonly spec?: { readonly serviceAccountName?: string } } };
      };
    };
  };
  return (spec?.jobTemplate?.spec?.template ?? spec?.template)?.spec?.serviceAccountName;
}
