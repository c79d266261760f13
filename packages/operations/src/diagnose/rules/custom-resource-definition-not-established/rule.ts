/** A CustomResourceDefinition that the API server does not serve, or cannot let go. */
import { refOf, timeOf, type KubeObject } from '@aia/cluster';
import { conditionEvidence, type FoundCondition } from '../../conditions.ts';
import { fieldEvidence, inOrder, type Examination } from '../../examination.ts';
import type { FindingDraft, Severity } from '../../finding.ts';
import { conditionsIn } from '../../open-fields.ts';
import type { Rule } from '../../rule.ts';
import { briefly, forText } from '../../wording.ts';

interface Row {
  readonly type: string;
  readonly bad: 'True' | 'False';
  readonly severity: Severity;
  readonly text: string;
}

/** Source: https://kubernetes.io/docs/reference/kubernetes-api/extend-resources/custom-resource-definition-v1/ The most telling first. */
const ROWS: readonly Row[] = [
  {
    type: 'NamesAccepted',
    bad: 'False',
    severity: 'high',
    text: 'is not served, since its names clash with those of another',
  },
  { type: 'Established', bad: 'False', severity: 'high', text: 'is not served' },
  {
    type: 'NonStructuralSchema',
    bad: 'True',
    severity: 'low',
    text: 'has a schema that is not structural, so that its objects are neither pruned nor defaulted',
  },
];

/** Facts: condition (type), reason. */
export const rule: Rule = {
  code: 'custom-resource-definition-not-established',
  title: 'CustomResourceDefinition is not served',
  severity: 'high',
  explanation:
    'The API server does not serve the kind, because another definition has taken its names or the definition is not established, so that ' +
    'whatever uses the kind fails. A schema that is not structural is low. A definition that has been on its way out for longer than ten ' +
    'minutes is medium: objects of its kind are left whose finalizers nobody takes off. The rule stays silent for the first five ' +
    'minutes and where the definition has no status.',
  remediation: {
    class: 'restore-configuration',
    text: 'Rename or remove the definition that clashes, correct the schema, or take the finalizers off the objects that remain.',
  },
  aliases: {},
  needs: [],
  *check(examination) {
    for (const definition of inOrder(examination.snapshot.listOf('apiextensions.k8s.io', 'CustomResourceDefinition'))) {
      const draft =
        definition.metadata.deletionTimestamp === undefined
          ? faultOf(examination, definition)
          : stuck(examination, definition, definition.metadata.deletionTimestamp);
      if (draft !== undefined) yield draft;
    }
  },
};

function faultOf(examination: Examination, definition: KubeObject): FindingDraft | undefined {
  const conditions = conditionsIn(definition);
  for (const row of ROWS) {
    const found = conditions.find(({ type, status }) => type === row.type && status === row.bad);
    if (found === undefined || isYoung(examination, definition, found)) continue;
    const since = timeOf(found.lastTransitionTime);
    const why = briefly(found.message ?? found.reason ?? '');
    return {
      resource: refOf(definition),
      severity: row.severity,
      message: `CustomResourceDefinition ${definition.metadata.name} ${row.text}${why === '' ? '' : `: ${why}`}.`,
      evidence: conditionEvidence(definition, found),
      facts: { condition: found.type, reason: found.reason ?? '' },
      since,
    };
  }
  return undefined;
}

function isYoung(examination: Examination, { metadata }: KubeObject, { lastTransitionTime }: FoundCondition): boolean {
  const age = examination.ageMs(lastTransitionTime ?? metadata.creationTimestamp);
  return age !== undefined && age < examination.thresholds.graceMs;
}

function stuck(examination: Examination, definition: KubeObject, deletedAt: string): FindingDraft | undefined {
  const since = timeOf(deletedAt);
  if (since === undefined || examination.now - since < examination.thresholds.terminatingMs) return undefined;
  const held = conditionsIn(definition).find(({ type, status }) => type === 'Terminating' && status === 'True');
  const why = briefly(held?.message ?? '');
  return {
    resource: refOf(definition),
    severity: 'medium',
    message: `CustomResourceDefinition ${definition.metadata.name} has been terminating${forText(examination, since)}${why === '' ? '' : `: ${why}`}.`,
    evidence: [
      fieldEvidence(definition, 'metadata.deletionTimestamp', deletedAt),
      ...(held === undefined ? [] : conditionEvidence(definition, held)),
    ],
    facts: { condition: 'Terminating', reason: held?.reason ?? '' },
    since,
  };
}
