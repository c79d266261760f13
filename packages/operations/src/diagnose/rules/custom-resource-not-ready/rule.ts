/** A custom resource says that something is wrong with it: those of OLM, KEDA, Kyverno and all others with conditions. */
import { refKey, refOf, refText } from '@aia/cluster';
import { fieldEvidence, inOrder, type Examination } from '../../examination.ts';
import { failingResources, type FailingResource } from '../../custom-resources/failing.ts';
import { kindKey } from '../../custom-resources/scope.ts';
import { knownFacts, type FindingDraft } from '../../finding.ts';
import { parseWebhookCall } from '../../messages/webhook.ts';
import type { Rule } from '../../rule.ts';
import { briefly, forText } from '../../wording.ts';

/** More objects of one kind that say the same than this are one finding. */
const SINGLE = 3;
/** So many of them are named in the facts. */
const NAMED = 50;

/**
 * Facts: kind (`group/Kind`), sign (type of the condition or path of the state), value (its status), reason, count, objects (keys, at most
 * 50), words (the controller's message), webhook (that did not answer it).
 */
export const rule: Rule = {
  code: 'custom-resource-not-ready',
  title: 'Custom resource is not as it should be',
  severity: 'medium',
  explanation:
    'An object of a kind that an operator looks after has said for ten minutes or longer that it failed, is degraded, is not in step with ' +
    'what it was told, or is not ready; an hour where it says that it is still at it. Judged are conditions of types whose meaning is common to ' +
    'many controllers (Ready, Available, Synced, Reconciled, Healthy, Degraded, Stalled and so on) and the state fields of Argo CD, OLM, Velero, ' +
    'Cluster API, KEDA and some stores; a type that is not known is never judged. A run that failed once is low. More than three objects of ' +
    'one kind that say the same are one finding. The rule stays silent about objects that are paused, suspended, scaled to zero or being ' +
    'deleted, about what a ready owner does without, and about kinds with rules of their own.',
  remediation: {
    class: 'investigate',
    text: 'Follow the message; where it says nothing, look at the events of the object and the log of its operator.',
  },
  aliases: {
    k8sgpt: [
      'ScaledObject',
      'ClusterCatalog',
      'ClusterExtension',
      'ClusterServiceVersion',
      'Subscription',
      'InstallPlan',
      'CatalogSource',
      'OperatorGroup',
    ],
  },
  needs: [],
  *check(examination) {
    const groups = Map.groupBy(failingResources(examination), ({ object, verdict }) =>
      [kindKey(object), verdict.sign, verdict.value, verdict.reason, verdict.severity].join('\n'),
    );
    for (const group of groups.values()) {
      if (group.length > SINGLE) yield draftOf(examination, group);
      else for (const one of group) yield draftOf(examination, [one]);
    }
    yield* severalOperatorGroups(examination);
  },
};

function draftOf(examination: Examination, group: readonly FailingResource[]): FindingDraft {
  const [{ object, verdict }] = group as [FailingResource];
  const { sign, value, reason, words } = verdict;
  const names = group.slice(0, SINGLE).map((one) => refText(refOf(one.object)));
  const who =
    group.length === 1
      ? names.join('')
      : `${group.length} objects of kind ${object.kind}, among them ${names.join(', ')}`;
  const why = briefly(words);
  return {
    resource: refOf(object),
    part: sign,
    severity: verdict.severity,
    message: `${who}: ${sign} is ${value}${forText(examination, verdict.since)}${reason === '' ? '' : ` (${reason})`}${why === '' ? '' : `: ${why}`}.`,
    evidence: group.slice(0, SINGLE).flatMap((one) => one.verdict.evidence),
    facts: knownFacts({
      kind: kindKey(object),
      sign,
      value,
      reason,
      count: group.length,
      objects: group.slice(0, NAMED).map((one) => refKey(refOf(one.object))),
      words: words === '' ? undefined : words.slice(0, 500),
      webhook: parseWebhookCall(words)?.name,
    }),
    since: verdict.since,
  };
}

/** Source: https://olm.operatorframework.io/docs/concepts/crds/operatorgroup/ */
function* severalOperatorGroups(examination: Examination): Iterable<FindingDraft> {
  const all = inOrder(examination.snapshot.listOf('operators.coreos.com', 'OperatorGroup'));
  const groups = Map.groupBy(all, ({ metadata }) => metadata.namespace ?? '');
  for (const [namespace, group] of groups) {
    const [first] = group;
    if (first === undefined || group.length < 2 || !examination.judges(namespace)) continue;
    const names = group.map(({ metadata }) => metadata.name);
    yield {
      resource: refOf(first),
      part: 'several',
      message: `Namespace ${namespace} has ${group.length} OperatorGroups (${names.join(', ')}); OLM installs no operator into it until one is left.`,
      evidence: group.slice(0, SINGLE).map((one) => fieldEvidence(one, 'metadata.name', one.metadata.name)),
      facts: {
        kind: 'operators.coreos.com/OperatorGroup',
        sign: 'several',
        value: String(group.length),
        reason: 'MultipleOperatorGroupsFound',
        count: 1,
        objects: group.map((one) => refKey(refOf(one))),
      },
    };
  }
}
