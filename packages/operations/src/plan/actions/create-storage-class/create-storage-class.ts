/** Makes a StorageClass that claims name. */
import { GKE_STORAGE_CLASSES, refOf, refText } from '@aia/cluster';
import type { AssessedRootCause, Condition } from '@aia/contract';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import { isRegistered, type StorageClass } from '../../../diagnose/storage/storage-class.ts';
import type { Planning } from '../../planning.ts';
import type { ActionDraft, ActionKind, Remedy } from '../../remedy.ts';
import { claimsOf, usersOfClaim, workingClasses } from '../../storage/claims-of-cause.ts';

const MINUTE = 60_000;

/** For claims and templates of claims that name a class which is not there. */
export const createStorageClass: ActionKind = {
  kind: 'create-storage-class',
  title: 'Create a storage class',
  explanation:
    'Makes the missing class: as Google Kubernetes Engine defines it where the name is one of its own and its driver is there, else with the provisioner and parameters of the class that claims get here by default, under the missing name. The claims stay as they are.',
  capability: 'storage',
  prior: { alpha: 8, beta: 2, basis: 'the provisioner makes volumes already' },
  durationMs: { optimistic: MINUTE, likely: 2 * MINUTE, pessimistic: 10 * MINUTE },
  baseRisk: 0.06,
  propose: (planning) =>
    planning
      .causesOf('storage-class-missing', 'stateful-set-storage-class-missing')
      .flatMap((cause) => remediesFor(cause, planning)),
};

function remediesFor(cause: AssessedRootCause, planning: Planning): readonly Remedy[] {
  const name = missingName(cause, planning);
  if (name === '' || planning.snapshot.get('StorageClass', '', name) !== undefined) return [];
  const own = GKE_STORAGE_CLASSES.find(({ metadata }) => metadata.name === name);
  const isOwn = own !== undefined && isRegistered(planning.snapshot, own.provisioner ?? '') === true;
  const [model] = workingClasses(planning, name);
  if (isOwn) return [remedyOf(cause, own, own, name, planning)];
  return model === undefined ? [] : [remedyOf(cause, model, undefined, name, planning)];
}

function missingName(cause: AssessedRootCause, planning: Planning): string {
  if (cause.resource.kind === 'StorageClass') return cause.resource.name;
  const facts = planning.findingsOf(cause).map(({ facts: one }) => one['objectName']);
  return String(facts.find((one) => one !== undefined) ?? '');
}

function remedyOf(
  cause: AssessedRootCause,
  model: StorageClass,
  own: StorageClass | undefined,
  name: string,
  planning: Planning,
): Remedy {
  const target = { group: 'storage.k8s.io', kind: 'StorageClass', namespace: '', name };
  const users = claimsOf(cause, planning).flatMap((claim) => usersOfClaim(claim, planning));
  const conditions = [...new Set(users)].map((user): Condition => ({ kind: 'scheduled', target: refOf(user) }));
  const title = `Make StorageClass ${name}${own === undefined ? ` after ${model.metadata.name}` : ''}`;
  const draft: ActionDraft = {
    ...{ kind: createStorageClass.kind, title, target },
    reason:
      own === undefined
        ? `Claims name it and it is not there; ${refText(refOf(model))} makes volumes here, and what else the missing class was to be is not known.`
        : `It is a class that Google Kubernetes Engine has from the beginning, and its driver ${own.provisioner ?? ''} is there.`,
    evidence: [
      ...(own === undefined ? [fieldEvidence(model, 'provisioner', model.provisioner ?? '')] : []),
      ...cause.evidence.slice(0, 2),
    ],
    confidence: own === undefined ? 0.65 : 0.95,
    changes: [{ kind: 'create', object: classLike(model, name) }],
    probe: { conditions: [{ kind: 'exists', target }, ...conditions] },
    ...(own === undefined && {
      risks: [{ reason: 'who meant a faster or safer disk gets one like the others', adds: 0.04 }],
    }),
  };
  return { title, resolves: [cause.id], fit: own === undefined ? 0.8 : 0.98, drafts: [draft] };
}

/** Not the default, and where the first pod runs: a disk elsewhere could keep its pod from every node. */
function classLike(model: StorageClass, name: string): Record<string, unknown> {
  const { provisioner, parameters, reclaimPolicy, mountOptions, allowVolumeExpansion } = model;
  return {
    ...{ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name }, provisioner },
    ...(parameters !== undefined && { parameters }),
    ...(reclaimPolicy !== undefined && { reclaimPolicy }),
    ...(mountOptions !== undefined && { mountOptions }),
    ...(allowVolumeExpansion !== undefined && { allowVolumeExpansion }),
    volumeBindingMode: 'WaitForFirstConsumer',
  };
}
