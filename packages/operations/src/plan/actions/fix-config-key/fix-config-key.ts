/** Keys that workloads name and that ConfigMaps or Secrets hold under another name. */
import { refOf, refText } from '@aia/cluster';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import { pointerOf, escapedStep } from '../../network/json-pointer.ts';
import type { Planning } from '../../planning.ts';
import type { ActionDraft, ActionKind, Remedy } from '../../remedy.ts';
import {
  allAvailable,
  keysOf,
  missingReferences,
  workloadsOf,
  type MissingReference,
  type MissingUse,
} from '../../revisions/missing-references.ts';
import { nearKey, type NearName } from '../../revisions/near-names.ts';
import { blockersGone } from '../../revisions/template-change.ts';
import { unsetVariableRemedies } from './unset-variable.ts';

const MINUTE = 60_000;

/** Proposes the key under its old name beside the new one, and the reference to the new one; whichever changed last is put right first. */
export const fixConfigKey: ActionKind = {
  kind: 'fix-config-key',
  title: 'Correct the key of a ConfigMap or Secret',
  explanation:
    'Where a workload names a key that a ConfigMap or Secret lacks, and a key is there that means the same (written otherwise, with a prefix, or mistyped): copies the value to the name that is asked for, inside the API server, so that nobody sees it; or has the workload ask for the key that is there. The side that changed last is preferred: a reference that an earlier revision had already is right, a new one is not. The same for a program whose last words name a variable that it misses, where an object of which it is given all keys, or may take that one, holds it under such a name. Refuses where no key, or several, come near, and leaves immutable objects as they are.',
  capability: 'configuration',
  prior: { alpha: 9, beta: 1, basis: 'the kubelet looks again at what it could not resolve within a minute or two' },
  durationMs: { optimistic: MINUTE, likely: 2 * MINUTE, pessimistic: 10 * MINUTE },
  baseRisk: 0.05,
  propose: (planning) => [
    ...missingReferences(planning, 'config-map-key-missing', 'secret-key-missing').flatMap((one) =>
      remediesFor(one, planning),
    ),
    ...unsetVariableRemedies('fix-config-key', planning),
  ],
};

function remediesFor(missing: MissingReference, planning: Planning): readonly Remedy[] {
  const object = planning.object(missing.object);
  const near = object === undefined ? undefined : nearKey(missing.key ?? '', keysOf(object));
  if (object === undefined || near === undefined) return [];
  const isOld = missing.uses.every((use) => use.isOld);
  const { immutable = false } = object as { readonly immutable?: boolean };
  return [
    ...(immutable ? [] : [copied(missing, near, isOld ? 0.95 : 0.7, planning)]),
    redirected(missing, near, isOld ? 0.8 : 0.95, planning),
  ];
}

function copied(missing: MissingReference, near: NearName, fit: number, planning: Planning): Remedy {
  const { object, key = '', uses } = missing;
  const found = planning.object(object) as { readonly binaryData?: object } | undefined;
  const field = Object.hasOwn(found?.binaryData ?? {}, near.name) ? 'binaryData' : 'data';
  const at = (name: string) => `/${field}/${escapedStep(name)}`;
  const title = `Give ${refText(object)} the key ${key} beside ${near.name}`;
  const draft: ActionDraft = {
    ...base(missing, near, title),
    target: object,
    part: key,
    reason: `${missing.cause.statement} The value that it holds under ${near.name} is asked for as ${key}${uses.every((one) => one.isOld) ? ', and earlier revisions asked for it so as well' : ''}. Whoever reads it as ${near.name} goes on doing so.`,
    changes: [
      {
        kind: 'patch',
        target: object,
        patch: { type: 'json', operations: [{ op: 'copy', from: at(near.name), path: at(key) }] },
      },
    ],
    probe: { conditions: [{ kind: 'exists', target: object }, ...allAvailable(workloadsOf(uses))] },
  };
  return { title, resolves: [missing.cause.id], fit, drafts: [draft] };
}

function redirected(missing: MissingReference, near: NearName, fit: number, planning: Planning): Remedy {
  const { object, key = '', uses, cause } = missing;
  const drafts = workloadsOf(uses).map((workload): ActionDraft => {
    const operations = uses.filter((use) => use.workload === workload).flatMap((use) => renamed(use, key, near.name));
    const target = refOf(workload);
    return {
      ...base(missing, near, `Let ${refText(target)} take ${near.name} from ${refText(object)}`),
      target,
      part: key,
      reason: `${cause.statement} ${refText(object)} has the key ${near.name}.`,
      changes: [
        { kind: 'patch', target, patch: { type: 'json', operations } },
        ...blockersGone(workload, planning.snapshot),
      ],
    };
  });
  const title =
    drafts.length === 1
      ? (drafts[0]?.title ?? '')
      : `Let ${drafts.length} workloads take ${near.name} from ${refText(object)}`;
  return { title, resolves: [cause.id], fit, drafts };
}

function base({ cause, object }: MissingReference, near: NearName, title: string) {
  return {
    kind: fixConfigKey.kind,
    title,
    evidence: [
      fieldEvidence({ ...asObject(object) }, `data["${near.name}"]`, 'is there'),
      ...cause.evidence.slice(0, 3),
    ],
    confidence: near.confidence,
  };
}

function asObject({ kind, namespace, name, group }: MissingReference['object']) {
  return { apiVersion: group === '' ? 'v1' : `${group}/v1`, kind, metadata: { namespace, name } };
}

/** Operations that put another key in place, wherever the reference stands. */
function renamed({ reference, workload }: MissingUse, key: string, to: string) {
  const path = pointerOf(reference.path);
  if (reference.use === 'env') return [{ op: 'replace' as const, path: `${path}/key`, value: to }];
  const source = valueAt(workload, path) as { readonly items?: readonly { readonly key?: string }[] } | undefined;
  return (source?.items ?? []).flatMap((item, i) =>
    item.key === key ? [{ op: 'replace' as const, path: `${path}/items/${i}/key`, value: to }] : [],
  );
}

function valueAt(object: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((at, step) => (at as Readonly<Record<string, unknown>> | undefined)?.[step], object);
}
