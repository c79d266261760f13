/** Corrects a StorageClass whose parameters its provisioner refuses. */
import { refOf } from '@aia/cluster';
import type { AssessedRootCause, Condition } from '@aia/contract';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import { classOf, type StorageClass } from '../../../diagnose/storage/storage-class.ts';
import { asMadeAgain } from '../../effects/inverse.ts';
import { nearName } from '../../near-name.ts';
import type { Planning } from '../../planning.ts';
import type { ActionKind, Remedy } from '../../remedy.ts';
import { claimsOf, isEmpty, usersOfClaim } from '../../storage/claims-of-cause.ts';

const MINUTE = 60_000;

/** Types of disks by driver. Sources: https://cloud.google.com/compute/docs/disks https://docs.aws.amazon.com/ebs/latest/userguide/ebs-volume-types.html */
const DISK_TYPES: Readonly<Record<string, readonly string[]>> = {
  'pd.csi.storage.gke.io': [
    ...['pd-standard', 'pd-balanced', 'pd-ssd', 'pd-extreme'],
    ...['hyperdisk-balanced', 'hyperdisk-extreme', 'hyperdisk-throughput', 'hyperdisk-ml'],
  ],
  'ebs.csi.aws.com': ['gp2', 'gp3', 'io1', 'io2', 'st1', 'sc1', 'standard'],
};

/** For classes whose volumes the cloud refuses because of their parameters. */
export const fixStorageClass: ActionKind = {
  kind: 'fix-storage-class',
  title: 'Fix a storage class',
  explanation:
    'Makes a class anew with the nearest type of disk that its driver knows, as parameters of a class cannot be changed. Volumes that it made, and claims that wait, stay; these are tried again.',
  capability: 'storage',
  prior: { alpha: 9, beta: 1, basis: 'types of disks are a closed list' },
  durationMs: { optimistic: MINUTE, likely: 3 * MINUTE, pessimistic: 15 * MINUTE },
  baseRisk: 0.08,
  propose: (planning) =>
    planning.causesOf('claim-unusable', 'claim-pending').flatMap((cause) => remediesFor(cause, planning)),
};

function remediesFor(cause: AssessedRootCause, planning: Planning): readonly Remedy[] {
  const [claim] = claimsOf(cause, planning).filter(isEmpty);
  const storageClass = claim === undefined ? undefined : classOf(planning.snapshot, claim);
  if (claim === undefined || storageClass === undefined) return [];
  const { name } = storageClass.metadata;
  const wrong = storageClass.parameters?.['type'] ?? '';
  const types = DISK_TYPES[storageClass.provisioner ?? ''] ?? [];
  const right = types.includes(wrong) ? undefined : nearName(wrong, types);
  if (wrong === '' || right === undefined) return [];
  const title = `Let StorageClass ${name} make disks of type ${right}`;
  const conditions = usersOfClaim(claim, planning).map((user): Condition => ({
    kind: 'scheduled',
    target: refOf(user),
  }));
  const target = refOf(storageClass);
  return [
    {
      title,
      resolves: [cause.id],
      fit: 0.96,
      drafts: [
        {
          ...{ kind: fixStorageClass.kind, title, target },
          reason: `There is no type of disk "${wrong}"; ${right} is the nearest that ${storageClass.provisioner ?? ''} knows.`,
          evidence: [fieldEvidence(storageClass, 'parameters.type', wrong), ...cause.evidence.slice(0, 2)],
          confidence: 0.85,
          changes: [
            { kind: 'delete', target },
            { kind: 'create', object: withType(storageClass, right) },
          ],
          probe: { conditions: [{ kind: 'exists', target }, ...conditions] },
        },
      ],
    },
  ];
}

function withType(storageClass: StorageClass, type: string): Record<string, unknown> {
  return { ...asMadeAgain(storageClass), parameters: { ...storageClass.parameters, type } } as Record<string, unknown>;
}
