/** Makes a claim anew that never got a volume, with a class or size that there is. */
import { formatBytes, refOf, refText, type PersistentVolumeClaim } from '@aia/cluster';
import type { AssessedRootCause, Change, Condition } from '@aia/contract';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import { asMadeAgain } from '../../effects/inverse.ts';
import { nearName } from '../../near-name.ts';
import type { Planning } from '../../planning.ts';
import type { ActionDraft, ActionKind, Remedy } from '../../remedy.ts';
import { without } from '../../rollout/without.ts';
import { claimsOf, isEmpty, usersOfClaim, workingClasses } from '../../storage/claims-of-cause.ts';

const MINUTE = 60_000;

/** For claims that wait for a volume that they will not get; what they ask for cannot be changed. */
export const recreateClaim: ActionKind = {
  kind: 'recreate-claim',
  title: 'Make a claim anew',
  explanation:
    'Deletes claims that are Pending and name no volume, and makes them again under the same name with the nearest class that there is, else the default one, or with the smallest size that the class makes. Never of a claim that is or was bound: it may hold data.',
  capability: 'storage',
  prior: { alpha: 8, beta: 2, basis: 'the class has made volumes before, where it was taken for that' },
  durationMs: { optimistic: MINUTE, likely: 3 * MINUTE, pessimistic: 15 * MINUTE },
  baseRisk: 0.08,
  propose: (planning) => [...otherClasses(planning), ...otherSizes(planning)],
};

function otherClasses(planning: Planning): readonly Remedy[] {
  return planning
    .causesOf('storage-class-missing', 'storage-class-provisioner-missing', 'claim-unusable', 'claim-pending')
    .flatMap((cause) => {
      const claims = claimsOf(cause, planning).filter(isEmpty);
      const wrong = claims[0]?.spec?.storageClassName ?? '';
      const classes = workingClasses(planning, wrong);
      const near = nearName(
        wrong,
        classes.map(({ metadata }) => metadata.name),
      );
      const chosen = classes.find(({ metadata }) => metadata.name === near) ?? classes[0];
      if (claims.length === 0 || chosen === undefined) return [];
      const name = chosen.metadata.name;
      const isNear = near !== undefined;
      return [
        remedyOf(cause, claims, planning, {
          title: `with class ${name}`,
          reason: `${name} is ${isNear ? 'the nearest name of a class that there is' : 'the class that claims get here by default or mostly'}, and its provisioner ${chosen.provisioner ?? ''} is there.`,
          spec: { storageClassName: name },
          evidence: [fieldEvidence(chosen, 'provisioner', chosen.provisioner ?? '')],
          confidence: isNear ? 0.8 : 0.7,
          fit: isNear ? 0.92 : 0.85,
        }),
      ];
    });
}

/** Below what the provider makes at least; what is above its most is for a person to divide. */
function otherSizes(planning: Planning): readonly Remedy[] {
  return planning.causesOf('claim-size-unsupported').flatMap((cause) => {
    const [claim] = claimsOf(cause, planning).filter(isEmpty);
    const facts = planning.findingsOf(cause).find(({ code }) => code === 'claim-size-unsupported')?.facts;
    const [least, asked] = [Number(facts?.['minBytes']), Number(facts?.['requestedBytes'])];
    if (claim === undefined || !(asked < least)) return [];
    const storage = formatBytes(least);
    return [
      remedyOf(cause, [claim], planning, {
        title: `with ${storage}`,
        reason: `Disks of its class have at least ${storage}.`,
        spec: { resources: { ...claim.spec?.resources, requests: { ...claim.spec?.resources?.requests, storage } } },
        evidence: [],
        confidence: 0.9,
        fit: 0.95,
      }),
    ];
  });
}

interface Otherwise extends Pick<ActionDraft, 'evidence' | 'reason' | 'title' | 'confidence'> {
  /** Fields of its spec. */
  readonly spec: Readonly<Record<string, unknown>>;
  readonly fit: number;
}

function remedyOf(
  cause: AssessedRootCause,
  claims: readonly PersistentVolumeClaim[],
  planning: Planning,
  { title, reason, spec, evidence, confidence, fit }: Otherwise,
): Remedy {
  const drafts = claims.map((claim): ActionDraft => {
    const target = refOf(claim);
    const users = usersOfClaim(claim, planning);
    const isStateful = users.some(({ kind }) => kind === 'StatefulSet');
    const conditions: readonly Condition[] = users.map((user) => ({ kind: 'scheduled', target: refOf(user) }));
    return {
      ...{ kind: recreateClaim.kind, target, evidence: [...evidence, ...cause.evidence.slice(0, 2)] },
      title: `Make ${refText(target)} anew ${title}`,
      reason: `${refText(target)} has no volume, so nothing is lost with it, and a claim cannot be changed. ${reason}`,
      confidence: isStateful ? confidence * STATEFUL : confidence,
      changes: anew(claim, spec),
      probe: { conditions: conditions.length > 0 ? conditions : [{ kind: 'exists', target }] },
      risks: [
        { reason: 'the class that was asked for may have meant a faster or safer disk', adds: 0.03 },
        ...(isStateful
          ? [{ reason: 'the template of the StatefulSet still asks for what there is not', adds: 0.1 }]
          : []),
      ],
    };
  });
  const isStateful = claims.some((claim) => usersOfClaim(claim, planning).some(({ kind }) => kind === 'StatefulSet'));
  return {
    title: drafts.map((draft) => draft.title).join('; '),
    resolves: [cause.id],
    fit: isStateful ? fit * STATEFUL : fit,
    drafts,
  };
}

/** Further replicas of a StatefulSet would claim the same again. */
const STATEFUL = 0.8;
/** Set by the controllers of volumes for a claim that was there before. */
const CONTROLLED = /^(?:pv\.kubernetes\.io|volume\.(?:beta\.)?kubernetes\.io)\//;

function anew(claim: PersistentVolumeClaim, otherwise: Otherwise['spec']): readonly Change[] {
  const made = asMadeAgain(claim);
  const annotations = Object.entries(made.metadata.annotations ?? {}).filter(([key]) => !CONTROLLED.test(key));
  const metadata = {
    ...without(made.metadata, 'annotations', 'finalizers', 'deletionTimestamp', 'deletionGracePeriodSeconds'),
    ...(annotations.length > 0 && { annotations: Object.fromEntries(annotations) }),
  };
  return [
    { kind: 'delete', target: refOf(claim) },
    { kind: 'create', object: { ...made, metadata, spec: { ...claim.spec, ...otherwise } } },
  ];
}
