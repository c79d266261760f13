/** Causes that lie in an object which a pod template names and which is not there, or lacks a key. */
import { refKey, refText, type ClusterSnapshot, type ResourceRef } from '@aia/cluster';
import type { Finding } from '../../finding.ts';
import { text } from '../finding-index.ts';
import { STRENGTH, type CauseContext, type Hypothesis } from '../hypothesis.ts';
import { MISSING_REFERENCES } from '../consequences/consequence-rule.ts';

const STATED_BY_KUBELET = ['pod-volume-mount-failed', 'container-config-error'];
const CAUSES = new Set(MISSING_REFERENCES);

/** Only of findings that nothing else brings about: a Secret may be missing because what makes it fails. */
export function explainByConfiguration(roots: ReadonlySet<string>) {
  return ({ findings, examination: { snapshot } }: CauseContext): readonly Hypothesis[] => {
    const relevant = findings
      .ofCode(...MISSING_REFERENCES, ...STATED_BY_KUBELET)
      .filter((finding) => CAUSES.has(causeOf(finding)) && text(finding, 'objectName') !== '');
    const groups = Map.groupBy(relevant, (finding) =>
      [causeOf(finding), finding.resource.namespace, text(finding, 'objectName'), text(finding, 'key')].join('\n'),
    );
    return [...groups.values()]
      .filter((group) => group.some(({ id }) => roots.has(id)))
      .flatMap((group) => missingReference(group, snapshot) ?? []);
  };
}

function causeOf(finding: Finding): string {
  return MISSING_REFERENCES.includes(finding.code) ? finding.code : text(finding, 'cause');
}

function missingReference(group: readonly Finding[], snapshot: ClusterSnapshot): Hypothesis | undefined {
  const [first] = group;
  if (first === undefined) return undefined;
  const causeClass = causeOf(first);
  const key = text(first, 'key');
  const resource: ResourceRef = {
    group: '',
    kind: causeClass.startsWith('secret') ? 'Secret' : 'ConfigMap',
    namespace: first.resource.namespace,
    name: text(first, 'objectName'),
  };
  const said = group.filter((finding) => STATED_BY_KUBELET.includes(finding.code));
  const resolved = group.filter((finding) => MISSING_REFERENCES.includes(finding.code));
  // The kubelet's refusal follows from the static finding where there is one, so only the first of the two is a direct effect.
  const direct = [
    ...resolved,
    ...said.filter((finding) => !resolved.some((other) => refKey(other.resource) === text(finding, 'workload'))),
  ];
  const users = [...new Set(direct.map((finding) => refText(finding.resource)))];
  const hypothesis: Hypothesis = {
    class: causeClass,
    resource,
    title: key === '' ? `${refText(resource)} does not exist` : `${refText(resource)} has no key ${key}`,
    statement: statementOf(resource, key, users, said.length > 0),
    effects: direct.map((finding) => ({
      finding: finding.id,
      relation: 'the pod template names it and it is not optional',
      evidence: finding.evidence,
    })),
    evidence: [
      ...resolved.flatMap((finding) => finding.evidence),
      ...said.flatMap((finding) => finding.evidence),
    ].slice(0, 6),
    weighings: [
      ...(said.length > 0
        ? [{ observation: 'the kubelet refuses the container and names the missing object', ratio: STRENGTH.stated }]
        : []),
      ...(resolved.length > 0
        ? [
            {
              observation: 'the template refers to it and the snapshot, where objects of this kind were read, has none',
              ratio: STRENGTH.measured,
            },
          ]
        : []),
    ],
    remediation: {
      class: 'restore-configuration',
      text:
        key === ''
          ? `Create ${refText(resource)} with the content its users expect, or point them to the right name.`
          : `Add key ${key} to ${refText(resource)}, or name a key that exists.`,
    },
  };
  return isThereNow(resource, key, snapshot) ? { ...hypothesis, ...madeSince(resource, key, users) } : hypothesis;
}

/** The kubelet's refusal stands until it looks again, and the object may have been made since. */
function isThereNow({ kind, namespace, name }: ResourceRef, key: string, snapshot: ClusterSnapshot): boolean {
  const object = snapshot.get(kind as 'ConfigMap' | 'Secret', namespace, name);
  if (object === undefined) return false;
  const { data, binaryData } = object as { readonly data?: object; readonly binaryData?: object };
  return key === '' || Object.hasOwn({ ...data, ...binaryData }, key);
}

function madeSince(
  resource: ResourceRef,
  key: string,
  users: readonly string[],
): Pick<Hypothesis, 'title' | 'statement' | 'remediation'> {
  const what = key === '' ? refText(resource) : `Key ${key} of ${refText(resource)}`;
  return {
    title: `${what} was missing, and is there now`,
    statement: `${users.join(', ')} ${users.length === 1 ? 'was' : 'were'} refused for want of it. It has been made since, and the kubelet has yet to look again: at containers within seconds, at volumes within about two minutes.`,
    remediation: {
      class: 'investigate',
      text: 'Wait about two minutes; deleting the pod has its successor tried at once.',
    },
  };
}

function statementOf(resource: ResourceRef, key: string, users: readonly string[], failing: boolean): string {
  const what =
    key === ''
      ? `${refText(resource)}, which is not in the cluster`
      : `key ${key} of ${refText(resource)}, which has no such key`;
  const effect = failing
    ? 'so its pods cannot start'
    : 'so the next pod that starts will fail, although the running ones are well';
  return `${users.join(', ')} ${users.length === 1 ? 'refers' : 'refer'} to ${what}; the reference is not optional, ${effect}.`;
}
