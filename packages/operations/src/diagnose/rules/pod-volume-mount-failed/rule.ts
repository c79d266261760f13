/** A volume of a pod cannot be attached or mounted, so its containers are not created. */
import { refOf, timeOf, type Pod } from '@aia/cluster';
import type { Examination } from '../../examination.ts';
import { knownFacts, type FindingDraft } from '../../finding.ts';
import { setupFailures, type VolumeFault } from '../../pods/pod-setup.ts';
import { podName, workloadKey } from '../../pods/pod-wording.ts';
import type { Rule } from '../../rule.ts';
import { briefly, forText } from '../../wording.ts';

/** Facts: workload, cause, volume, objectKind, objectName, key, node. */
export const rule: Rule = {
  code: 'pod-volume-mount-failed',
  title: 'Volume cannot be mounted',
  severity: 'high',
  explanation:
    'The pod has a node, but the kubelet cannot set up one of its volumes, so no container is created (ContainerCreating). The ' +
    'usual causes are a ConfigMap or Secret that does not exist or lacks a key, a disk that is still attached to another node, a ' +
    'node that has as many disks as it can have, and a storage driver that does not answer. The pod starts by itself once the ' +
    'object exists or the disk is free. Each volume is one finding. Events live for one hour; without them a ConfigMap or Secret ' +
    'that the pod names and the snapshot lacks is still found, if objects of that kind were read. The rule stays silent during ' +
    'the grace period, for optional references and once a container has started.',
  remediation: {
    class: 'restore-configuration',
    text: 'Create the missing object or key, or refer to one that exists; for a disk, detach it from the node that holds it.',
  },
  aliases: { k8sgpt: ['Pod/4'], popeye: ['202', '203', '207'], mixin: ['KubeContainerWaiting'] },
  needs: [],
  *check(examination) {
    for (const [pod, failure] of setupFailures(examination)) {
      if (failure.kind !== 'volumes') continue;
      for (const fault of failure.faults) yield notMounted(examination, pod, fault);
    }
  },
};

function notMounted(examination: Examination, pod: Pod, fault: VolumeFault): FindingDraft {
  const { cause, volume, objectKind, objectName, key, evidence } = fault;
  const since = timeOf(pod.status?.startTime ?? pod.metadata.creationTimestamp);
  const named = volume === undefined ? 'a volume' : `volume ${volume}`;
  return {
    resource: refOf(pod),
    ...(volume === undefined ? {} : { part: volume }),
    message: `Pod ${podName(pod)} has been waiting${forText(examination, since)} for ${named}: ${faultWords(fault)}`,
    evidence,
    facts: knownFacts({
      workload: workloadKey(examination, pod),
      cause,
      volume,
      objectKind,
      objectName,
      key,
      node: pod.spec?.nodeName,
    }),
    since,
  };
}

function faultWords({ cause, objectKind, objectName, key, text }: VolumeFault): string {
  const object = `${objectKind ?? 'object'} ${objectName ?? '(not named)'}`;
  switch (cause) {
    case 'config-map-missing':
    case 'secret-missing':
      return `${object} does not exist`;
    case 'config-map-key-missing':
    case 'secret-key-missing':
      return `${object} has no key ${key ?? '(not named)'}`;
    case 'attach-conflict':
      return `the disk${objectName === undefined ? '' : ` of claim ${objectName}`} is still attached to another node`;
    case 'attach-limit':
      return 'its node has as many disks attached as it can have';
    case 'timeout':
      return 'attaching or mounting it takes too long, the reason is not recorded';
    default:
      return text === '' ? 'the reason is not recorded' : briefly(text);
  }
}
