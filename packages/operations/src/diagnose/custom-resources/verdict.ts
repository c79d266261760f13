/** What a custom resource says of itself that is wrong, and since when. */
import { groupOf, timeOf, type KubeObject } from '@aia/cluster';
import { absenceOf } from '../absence.ts';
import { conditionEvidence, type FoundCondition } from '../conditions.ts';
import { absenceEvidence, fieldEvidence, type Examination } from '../examination.ts';
import type { Evidence } from '../evidence.ts';
import { conditionsIn, fieldAt, listAt, numberAt, textAt } from '../open-fields.ts';
import { CONDITION_TYPES, STUCK_REASONS, UNDERWAY } from './condition-types.ts';
import { kindKey } from './scope.ts';
import { STATES, type StateRow } from './states.ts';

/** Something wrong. */
export interface Verdict {
  /** Type of the condition, or the field that holds the state. */
  readonly sign: string;
  /** The status of the condition, or the state. */
  readonly value: string;
  /** The condition's reason, `''` where it has none. */
  readonly reason: string;
  /** The controller's words, `''` where it has none. */
  readonly words: string;
  readonly severity: 'medium' | 'low';
  /** Says how something ended that ran once. */
  readonly isOutcome?: boolean;
  readonly evidence: readonly Evidence[];
  /** Epoch ms. */
  readonly since: number | undefined;
}

/** Controllers try again; what they have not managed for this long, they will not manage by waiting. */
const LASTING_MS = 10 * 60_000;
/** The same where the object says that it is still at it. */
const UNDERWAY_MS = 60 * 60_000;

/** The worst that an object says of itself, where it has lasted; `undefined` for nothing. */
export function verdictOf(examination: Examination, object: KubeObject): Verdict | undefined {
  const conditions = conditionsIn(object);
  if (conditions.some(({ type, status }) => type === 'Paused' && status === 'True')) return undefined;
  if (isOutdated(examination, object)) return undefined;
  const verdicts = [
    ...missingTarget(examination, object),
    ...statesOf(examination, object),
    ...bareErrors(object),
    ...badConditions(examination, object, conditions),
  ];
  return verdicts.find(({ severity }) => severity === 'medium') ?? verdicts[0];
}

/** The controller has not looked at the latest change, which was made just now. */
function isOutdated({ now }: Examination, object: KubeObject): boolean {
  const seen = numberAt(object, 'status.observedGeneration');
  const { generation = 0, managedFields } = object.metadata;
  if (seen === undefined || seen >= generation) return false;
  const changes = listAt({ managedFields }, 'managedFields').map((entry) => timeOf(textAt(entry, 'time')) ?? 0);
  return now - Math.max(0, ...changes) < LASTING_MS;
}

function badConditions(
  examination: Examination,
  object: KubeObject,
  conditions: readonly FoundCondition[],
): readonly Verdict[] {
  const found = [...CONDITION_TYPES].flatMap(([type, { bad, isOutcome = false }]) =>
    conditions
      .filter((condition) => condition.type === type && condition.status === bad)
      .map((condition) => ({ condition, isOutcome })),
  );
  const stuck = conditions
    .filter(({ type, reason = '' }) => type === 'Progressing' && STUCK_REASONS.has(reason))
    .map((condition) => ({ condition, isOutcome: false }));
  return [...stuck, ...found].flatMap(({ condition, isOutcome }): readonly Verdict[] => {
    const { type, reason = '', message = '' } = condition;
    const since = timeOf(condition.lastTransitionTime) ?? timeOf(object.metadata.creationTimestamp);
    const isUnderway = UNDERWAY.test(reason) && !STUCK_REASONS.has(reason);
    if (!hasLasted(examination, since, isUnderway)) return [];
    const severity = isOutcome ? 'low' : 'medium';
    const evidence = conditionEvidence(object, condition);
    return [{ sign: type, value: condition.status, reason, words: message, severity, isOutcome, evidence, since }];
  });
}

function hasLasted({ now }: Examination, since: number | undefined, isUnderway: boolean): boolean {
  return since === undefined || now - since >= (isUnderway ? UNDERWAY_MS : LASTING_MS);
}

/** Argo CD writes conditions without a status, each of them an error: https://argo-cd.readthedocs.io/en/stable/operator-manual/ */
function bareErrors(object: KubeObject): readonly Verdict[] {
  if (kindKey(object) !== 'argoproj.io/Application') return [];
  return listAt(object, 'status.conditions').flatMap((one, i): readonly Verdict[] => {
    const type = textAt(one, 'type') ?? '';
    if (!type.endsWith('Error') || fieldAt(one, 'status') !== undefined) return [];
    const words = textAt(one, 'message') ?? '';
    const since = timeOf(textAt(one, 'lastTransitionTime'));
    const evidence = [fieldEvidence(object, `status.conditions[${i}].type`, type)];
    return [{ sign: type, value: 'set', reason: '', words, severity: 'medium', evidence, since }];
  });
}

const ROWS = new Map<string, readonly StateRow[]>();
for (const row of STATES) for (const kind of row.kinds) ROWS.set(kind, [...(ROWS.get(kind) ?? []), row]);

function statesOf(examination: Examination, object: KubeObject): readonly Verdict[] {
  const key = kindKey(object);
  const rows = [...(ROWS.get(key) ?? []), ...(ROWS.get(`${key.split('/', 1)[0] ?? ''}/*`) ?? [])];
  return rows.flatMap((row) => stateOf(examination, object, row) ?? []);
}

function stateOf(examination: Examination, object: KubeObject, row: StateRow): Verdict | undefined {
  const value = textAt(object, row.path);
  const isSlow = value !== undefined && (row.slow ?? []).includes(value);
  if (value === undefined || (!isSlow && !row.bad.includes(value))) return undefined;
  const since = timeOf(textAt(object, row.since ?? '')) ?? timeOf(object.metadata.creationTimestamp);
  if (!hasLasted(examination, since, isSlow)) return undefined;
  const words = textAt(object, row.message ?? '') ?? '';
  return {
    sign: row.path,
    value,
    reason: '',
    words,
    severity: row.severity ?? 'medium',
    isOutcome: row.severity === 'low',
    evidence: [
      fieldEvidence(object, row.path, value),
      ...(row.message === undefined || words === '' ? [] : [fieldEvidence(object, row.message, words)]),
    ],
    since,
  };
}

/** KEDA scales a Deployment unless it says otherwise: https://keda.sh/docs/latest/reference/scaledobject-spec/ */
function missingTarget({ snapshot }: Examination, object: KubeObject): readonly Verdict[] {
  if (kindKey(object) !== 'keda.sh/ScaledObject') return [];
  const name = textAt(object, 'spec.scaleTargetRef.name');
  const kind = textAt(object, 'spec.scaleTargetRef.kind') ?? 'Deployment';
  const group = groupOf(textAt(object, 'spec.scaleTargetRef.apiVersion') ?? 'apps/v1');
  const { namespace = '' } = object.metadata;
  if (name === undefined || snapshot.resolve({ group, kind, namespace, name }) !== undefined) return [];
  const absence = absenceOf(snapshot, group, kind, namespace);
  if (absence === 'unknown') return [];
  const unsure = absence === 'certain' ? '' : ', or is not among what was read';
  return [
    {
      sign: 'spec.scaleTargetRef',
      value: name,
      reason: 'TargetMissing',
      words: `${kind} ${name} does not exist${unsure}`,
      severity: absence === 'certain' ? 'medium' : 'low',
      evidence: [
        fieldEvidence(object, 'spec.scaleTargetRef.name', name),
        absenceEvidence(kind, namespace, name, `not among the ${kind}s of the namespace`, group),
      ],
      since: timeOf(object.metadata.creationTimestamp),
    },
  ];
}
