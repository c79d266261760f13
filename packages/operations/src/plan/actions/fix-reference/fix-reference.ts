/** References to ConfigMaps and Secrets by a name that is not quite theirs. */
import { refOf, refText, type KubeObject } from '@aia/cluster';
import type { Change } from '@aia/contract';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import { pointerOf } from '../../network/json-pointer.ts';
import type { Planning } from '../../planning.ts';
import type { ActionDraft, ActionKind, Remedy } from '../../remedy.ts';
import {
  keysOf,
  missingReferences,
  referencesIn,
  workloadsOf,
  type MissingReference,
} from '../../revisions/missing-references.ts';
import { nearName, type NearName } from '../../revisions/near-names.ts';
import { currentTemplate, earlierRevisions } from '../../revisions/revisions.ts';
import { blockersGone } from '../../revisions/template-change.ts';

const MINUTE = 60_000;

/** Proposes the name that an earlier revision had in its place, or the one name that is a slip of the pen away. */
export const fixReference: ActionKind = {
  kind: 'fix-reference',
  title: 'Correct the name of a ConfigMap or Secret in a workload',
  explanation:
    'Where a workload names a ConfigMap or Secret that is not there: has it name the one that an earlier revision named in its place, or the only one of the namespace whose name is a slip of the pen away. It must have all keys that are asked for. Refuses where there is no such object, or more than one. Values are never read or written.',
  capability: 'configuration',
  prior: { alpha: 9, beta: 1, basis: 'an object with the keys that are asked for' },
  durationMs: { optimistic: MINUTE, likely: 3 * MINUTE, pessimistic: 10 * MINUTE },
  baseRisk: 0.06,
  propose: (planning) =>
    missingReferences(planning, 'config-map-missing', 'secret-missing').flatMap(
      (one) => remedyFor(one, planning) ?? [],
    ),
};

function remedyFor(missing: MissingReference, planning: Planning): Remedy | undefined {
  const { cause, object, uses } = missing;
  const found = replaced(missing, planning) ?? near(missing, planning);
  if (found === undefined) return undefined;
  const there = planning.object({ ...object, name: found.name });
  const drafts = workloadsOf(uses).map((workload): ActionDraft => {
    const target = refOf(workload);
    return {
      kind: fixReference.kind,
      title: `Let ${refText(target)} name ${missing.kind} ${found.name}`,
      target,
      part: object.name,
      reason: `${cause.statement} ${missing.kind} ${object.namespace}/${found.name} is there, ${found.because}${missing.keys.length === 0 ? '' : `, and has ${missing.keys.join(', ')}`}.`,
      evidence: [
        ...(there === undefined ? [] : [fieldEvidence(there, 'metadata.name', found.name)]),
        ...cause.evidence.slice(0, 3),
      ],
      confidence: found.confidence,
      changes: [renamed(workload, missing, found.name), ...blockersGone(workload, planning.snapshot)],
    };
  });
  const title =
    drafts.length === 1
      ? (drafts[0]?.title ?? '')
      : `Let ${drafts.length} workloads name ${missing.kind} ${found.name}`;
  return { title, resolves: [cause.id], fit: 0.95, drafts };
}

interface Found extends NearName {
  /** Completes "ConfigMap shop/settings is there, …". */
  readonly because: string;
}

/** Objects of the kind that have what is asked for. */
function candidates({ kind, object, keys }: MissingReference, { snapshot }: Planning): readonly KubeObject[] {
  return snapshot.listIn(kind, object.namespace).filter((one) => keys.every((key) => keysOf(one).includes(key)));
}

/** What an earlier revision named and the present one does not. */
function replaced(missing: MissingReference, planning: Planning): Found | undefined {
  const { kind, object, uses } = missing;
  const there = new Set(candidates(missing, planning).map(({ metadata }) => metadata.name));
  const names = workloadsOf(uses).map((workload) => {
    const namesOf = (template: ReturnType<typeof currentTemplate>) =>
      new Set(
        referencesIn(template?.spec, object.namespace, [])
          .filter((one) => one.kind === kind && one.use !== 'image-pull')
          .map(({ name }) => name),
      );
    const now = namesOf(currentTemplate(workload));
    const [previous] = earlierRevisions(workload, planning.snapshot);
    return [...namesOf(previous?.template)].filter((name) => !now.has(name) && there.has(name));
  });
  const [first, ...others] = new Set(names.flat());
  const isOne = first !== undefined && others.length === 0 && names.every((one) => one.length === 1);
  return isOne ? { name: first, confidence: 0.9, because: 'was named in its place by the revision before' } : undefined;
}

function near(missing: MissingReference, planning: Planning): Found | undefined {
  const names = candidates(missing, planning).map(({ metadata }) => metadata.name);
  const found = nearName(missing.object.name, names);
  return found && { ...found, because: 'whose name differs by a slip of the pen' };
}

function renamed(workload: KubeObject, { uses }: MissingReference, name: string): Change {
  const operations = uses
    .filter((use) => use.workload === workload)
    .map(({ reference }) => {
      const path = pointerOf(reference.path);
      const field =
        reference.kind === 'Secret' && reference.use === 'volume' && path.endsWith('/secret') ? 'secretName' : 'name';
      return { op: 'replace' as const, path: path.endsWith('/secretName') ? path : `${path}/${field}`, value: name };
    });
  return { kind: 'patch', target: refOf(workload), patch: { type: 'json', operations } };
}
