/** A container's configuration cannot be put together: an environment or security setting that cannot be met. */
import { configReferences, timeOf } from '@aia/cluster';
import { brokenAmong, namePath } from '../../configuration/configuration-reference.ts';
import { containersWith, type ContainerCase } from '../../pods/container-state.ts';
import { absenceEvidence, fieldEvidence, type Examination } from '../../examination.ts';
import type { Evidence } from '../../evidence.ts';
import type { FindingDraft } from '../../finding.ts';
import { parseContainerConfig } from '../../messages/configuration.ts';
import type { ConfigurationCause } from '../../messages/message.ts';
import { containerDraft, containerName, waitingEvidence } from '../../pods/pod-wording.ts';
import type { Rule } from '../../rule.ts';
import { briefly, forText } from '../../wording.ts';

/** Facts: container, workload, cause, objectKind, objectName, key. */
export const rule: Rule = {
  code: 'container-config-error',
  title: 'Container cannot be configured',
  severity: 'high',
  explanation:
    'The kubelet cannot put the container together (CreateContainerConfigError): an environment variable names a ConfigMap, a ' +
    'Secret or a key that is not there and is not optional, the container must not run as root but its image does, or a subPath ' +
    'cannot be prepared. The container starts by itself once the object exists. Where the kubelet gives no reason, the ' +
    'environment is compared with the ConfigMaps and Secrets of the namespace, if these were read. The rule stays silent during the grace period after the pod was created.',
  remediation: {
    class: 'restore-configuration',
    text: 'Create the object or key that the message names, or refer to one that exists; for runAsNonRoot set a numeric runAsUser.',
  },
  aliases: { k8sgpt: ['Pod/6'], popeye: ['202', '203'], mixin: ['KubeContainerWaiting'] },
  needs: [],
  *check(examination) {
    for (const found of containersWith(examination, 'config')) yield notConfigured(examination, found);
  },
};

interface Fault {
  readonly cause: ConfigurationCause;
  readonly objectKind: string | undefined;
  readonly objectName: string | undefined;
  readonly key: string | undefined;
  readonly evidence: readonly Evidence[];
}

function notConfigured(examination: Examination, found: ContainerCase): FindingDraft {
  const { cause, objectKind, objectName, key, evidence } = faultOf(examination, found);
  const since = found.restarts === 0 ? timeOf(found.pod.metadata.creationTimestamp) : undefined;
  const words = faultWords({ cause, objectKind, objectName, key }, found.waitingMessage);
  return containerDraft(examination, found, {
    message: `${containerName(found)} has been waiting${forText(examination, since)}: ${words}`,
    evidence: [...waitingEvidence(found), ...evidence],
    facts: { cause, objectKind, objectName, key },
    since,
  });
}

function faultOf({ snapshot }: Examination, found: ContainerCase): Fault {
  const said = parseContainerConfig(found.waitingMessage);
  if (said !== undefined && said.cause !== 'other') {
    const objectKind = said.cause.startsWith('config-map')
      ? 'ConfigMap'
      : said.cause.startsWith('secret')
        ? 'Secret'
        : undefined;
    const objectName = objectKind === undefined ? undefined : said.name;
    return { cause: said.cause, objectKind, objectName, key: said.key, evidence: [] };
  }
  const { pod, container } = found;
  const namespace = pod.metadata.namespace ?? 'default';
  const needed =
    pod.spec === undefined
      ? []
      : configReferences(pod.spec, namespace).filter((reference) => reference.container === container.name);
  const broken = pod.spec === undefined ? undefined : brokenAmong(snapshot, pod.spec, needed);
  if (broken === undefined)
    return { cause: 'other', objectKind: undefined, objectName: undefined, key: undefined, evidence: [] };
  const { reference, cause, key } = broken;
  const { kind, name } = reference;
  const text = key === undefined ? 'not in the snapshot' : `has no key ${key}`;
  const evidence = [fieldEvidence(pod, namePath(reference), name), absenceEvidence(kind, namespace, name, text)];
  return { cause, objectKind: kind, objectName: name, key, evidence };
}

function faultWords({ cause, objectKind, objectName, key }: Omit<Fault, 'evidence'>, message: string): string {
  if (objectKind !== undefined && objectName !== undefined) {
    return key === undefined
      ? `${objectKind} ${objectName} does not exist`
      : `${objectKind} ${objectName} has no key ${key}`;
  }
  if (cause === 'run-as-root-refused') return 'it must not run as root, but its image does or names no numeric user';
  return message === '' ? 'the kubelet gives no reason' : briefly(message);
}
