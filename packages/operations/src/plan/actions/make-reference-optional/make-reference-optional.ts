/** References to what is not there, of programs that ran without it. */
import { refOf, refText } from '@aia/cluster';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import { pointerOf } from '../../network/json-pointer.ts';
import type { Planning } from '../../planning.ts';
import type { ActionDraft, ActionKind, Remedy } from '../../remedy.ts';
import { missingReferences, workloadsOf, type MissingReference } from '../../revisions/missing-references.ts';
import { containersOf, currentTemplate, earlierRevisions, type Revision } from '../../revisions/revisions.ts';
import { blockersGone } from '../../revisions/template-change.ts';

const MINUTE = 60_000;
const OPTIONAL = /(KeyRef|configMapRef|secretRef|configMap|secret)$/;

/** Proposes `optional: true` where the same image runs without the object. */
export const makeReferenceOptional: ActionKind = {
  kind: 'make-reference-optional',
  title: 'Mark a reference as optional',
  explanation:
    'Marks a reference to a ConfigMap or Secret that is not there as optional, where pods of an earlier revision with the same images are ready without it. Refuses in all other cases: a program that is started without its configuration may do harm.',
  capability: 'configuration',
  prior: { alpha: 4, beta: 1, basis: 'the same program runs without it' },
  durationMs: { optimistic: MINUTE, likely: 3 * MINUTE, pessimistic: 10 * MINUTE },
  baseRisk: 0.12,
  propose: (planning) =>
    missingReferences(
      planning,
      'config-map-missing',
      'secret-missing',
      'config-map-key-missing',
      'secret-key-missing',
    ).flatMap((one) => remedyFor(one, planning) ?? []),
};

function remedyFor(missing: MissingReference, planning: Planning): Remedy | undefined {
  const workloads = workloadsOf(missing.uses);
  const drafts = workloads.flatMap((workload) => draftFor(workload, missing, planning) ?? []);
  const [first] = drafts;
  if (first === undefined || drafts.length < workloads.length) return undefined;
  const title =
    drafts.length === 1 ? first.title : `Let ${drafts.length} workloads start without ${refText(missing.object)}`;
  return { title, resolves: [missing.cause.id], fit: 0.6, drafts };
}

function draftFor(
  workload: MissingReference['uses'][number]['workload'],
  { cause, object, uses, key }: MissingReference,
  planning: Planning,
): ActionDraft | undefined {
  const own = uses.filter((use) => use.workload === workload);
  if (own.some(({ isOld, reference }) => isOld || !OPTIONAL.test(reference.path))) return undefined;
  const runs = earlierRevisions(workload, planning.snapshot).find((one) => one.ready > 0);
  if (runs === undefined || !isSameProgram(runs, workload)) return undefined;
  const target = refOf(workload);
  const what = key === undefined ? refText(object) : `key ${key} of ${refText(object)}`;
  return {
    kind: makeReferenceOptional.kind,
    title: `Let ${refText(target)} start without ${what}`,
    target,
    part: object.name,
    reason: `${cause.statement} Revision ${runs.name} runs the same images without it, with ${runs.ready} ready pods. What the new revision wanted it for stays off until it is there.`,
    evidence: [fieldEvidence(runs.object, 'status.readyReplicas', runs.ready), ...cause.evidence.slice(0, 3)],
    confidence: 0.7,
    changes: [
      {
        kind: 'patch',
        target,
        patch: {
          type: 'json',
          operations: own.map(({ reference }) => ({
            op: 'add',
            path: `${pointerOf(reference.path)}/optional`,
            value: true,
          })),
        },
      },
      ...blockersGone(workload, planning.snapshot),
    ],
  };
}

function isSameProgram({ template }: Revision, workload: Parameters<typeof currentTemplate>[0]): boolean {
  const images = (of: typeof template | undefined) =>
    JSON.stringify(of === undefined ? [] : containersOf(of).map(({ name, image }) => [name, image]));
  return images(template) === images(currentTemplate(workload));
}
