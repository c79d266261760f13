/** A namespace has been terminating for long. */
import { refOf, timeOf, type KindMap } from '@aia/cluster';
import { conditionEvidence, conditionsOf, type FoundCondition } from '../../conditions.ts';
import { fieldEvidence, inOrder, type Examination } from '../../examination.ts';
import { knownFacts, type FindingDraft } from '../../finding.ts';
import { parseNamespaceHold } from '../../messages/namespace.ts';
import { parseWebhookCall } from '../../messages/webhook.ts';
import { unique } from '../../order.ts';
import type { Rule } from '../../rule.ts';
import { briefly, forText, listText } from '../../wording.ts';

/** The most telling first; all of them are bad when True. */
const TYPES = [
  'NamespaceDeletionDiscoveryFailure',
  'NamespaceDeletionGroupVersionParsingFailure',
  'NamespaceDeletionContentFailure',
  'NamespaceFinalizersRemaining',
  'NamespaceContentRemaining',
] as const;

/**
 * Facts: conditions (types that are True), finalizers (of the namespace itself), and where the conditions name them: apis (names of
 * APIServices that do not answer), remaining (`widgets.acme.io 2`), objectFinalizers (`acme.io/cleanup 2`), webhook (that is not
 * answered when something is to be deleted).
 */
export const rule: Rule = {
  code: 'namespace-stuck-terminating',
  title: 'Namespace is stuck in termination',
  severity: 'medium',
  explanation:
    'The namespace has been on its way out for longer than ten minutes. Its conditions say what holds it: objects whose finalizers nobody ' +
    'handles (their controller is gone, often with the namespace itself), or an aggregated API that does not answer, so that the ' +
    'namespace controller cannot know whether something is left. The rule stays silent for the first ten minutes.',
  remediation: {
    class: 'remove-object',
    text: 'Bring back the controller or API that the condition names, or take the finalizers off the objects that remain, knowing what they protect.',
  },
  aliases: { popeye: ['800'] },
  needs: ['namespaces'],
  *check(examination) {
    for (const namespace of inOrder(examination.snapshot.list('Namespace'))) {
      if (namespace.status?.phase !== 'Terminating' || !examination.judges(namespace.metadata.name)) continue;
      const age = examination.ageMs(namespace.metadata.deletionTimestamp);
      if (age === undefined || age < examination.thresholds.terminatingMs) continue;
      yield stuck(examination, namespace);
    }
  },
};

function stuck(examination: Examination, namespace: KindMap['Namespace']): FindingDraft {
  const found = conditionsOf(namespace.status?.conditions).filter(({ status }) => status === 'True');
  const holding = TYPES.flatMap((type): readonly FoundCondition[] =>
    found.filter((condition) => condition.type === type),
  );
  const since = timeOf(namespace.metadata.deletionTimestamp);
  const finalizers = [...(namespace.spec?.finalizers ?? []), ...(namespace.metadata.finalizers ?? [])];
  const holds = holding.map(({ message = '' }) => parseNamespaceHold(message));
  const webhook = holding.map(({ message = '' }) => parseWebhookCall(message)?.name).find((name) => name !== undefined);
  const why = briefly(holding[0]?.message ?? ownText(finalizers));
  return {
    resource: refOf(namespace),
    message: `Namespace ${namespace.metadata.name} has been terminating${forText(examination, since)}${why === '' ? '' : `: ${why}`}.`,
    evidence: [
      fieldEvidence(namespace, 'metadata.deletionTimestamp', namespace.metadata.deletionTimestamp ?? ''),
      ...holding.flatMap((condition) => conditionEvidence(namespace, condition)),
    ],
    facts: knownFacts({
      conditions: holding.map(({ type }) => type),
      finalizers,
      apis: listed(holds.flatMap(({ apis }) => apis)),
      remaining: listed(holds.flatMap(({ remaining }) => remaining)),
      objectFinalizers: listed(holds.flatMap((hold) => hold.finalizers)),
      webhook,
    }),
    since,
  };
}

/** The namespace controller's own finalizer goes last; any other belongs to a controller that has not taken it off. */
function ownText(finalizers: readonly string[]): string {
  const others = finalizers.filter((name) => name !== 'kubernetes');
  return others.length === 0 ? '' : `it waits for ${listText(others)} to be taken off its finalizers`;
}

function listed(names: readonly string[]): readonly string[] | undefined {
  return names.length === 0 ? undefined : unique(names);
}
