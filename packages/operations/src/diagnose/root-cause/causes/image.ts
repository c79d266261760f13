/** Causes for images that cannot be pulled: the image itself per workload, the registry for everything that needs it. */
import { refText, type ClusterSnapshot, type ResourceRef } from '@aia/cluster';
import type { Finding } from '../../finding.ts';
import type { RemediationClass } from '../../rule.ts';
import { text } from '../finding-index.ts';
import { effectsOn, STRENGTH, type CauseContext, type Hypothesis } from '../hypothesis.ts';
import { workloadRef } from './workload-ref.ts';

interface PullCause {
  /** Completes "…, which the node cannot pull: ". */
  readonly why: string;
  readonly remediation: readonly [RemediationClass, string];
  /** Class of the cause where it lies in the registry, whatever image is asked for. */
  readonly registry?: string;
}

const ACCESS =
  'Give the node or the pod access to the registry: an imagePullSecret for it, or the reader role for the node.';

const PULL: Readonly<Record<string, PullCause>> = {
  'not-found': {
    why: 'the registry has no such image or tag',
    remediation: ['fix-image', 'Name an image and tag that the registry has, or push it; or roll back.'],
  },
  unauthorized: { why: 'the registry refuses access', remediation: ['change-access', ACCESS] },
  'rate-limited': {
    why: 'the registry limits the rate of pulls',
    remediation: [
      'fix-image',
      'Pull with an account that has a higher rate limit, or from a mirror or registry of your own.',
    ],
    registry: 'registry-rate-limited',
  },
  network: {
    why: 'the registry cannot be reached',
    remediation: [
      'repair-network',
      'Make the registry reachable from the nodes: name, firewall, egress (NAT), proxy; or bring it back.',
    ],
    registry: 'registry-unreachable',
  },
  'invalid-name': {
    why: 'the name is not a valid image reference',
    remediation: ['fix-image', 'Correct the image reference: lower case, no scheme, one tag.'],
  },
  'never-pull': {
    why: 'it is not on the node and the pull policy is Never',
    remediation: ['fix-image', 'Load the image on every node, or use pull policy IfNotPresent.'],
  },
  architecture: {
    why: "there is no build for the node's architecture",
    remediation: ['fix-image', "Build the image for the nodes' architecture, or select nodes that match."],
  },
  'no-space': {
    why: "the node's disk is full",
    remediation: ['repair-node', 'Free the disk of the node: unused images, logs, emptyDirs; or use a larger one.'],
  },
  signature: {
    why: 'its signature was not accepted',
    remediation: ['fix-image', 'Sign the image as the policy asks.'],
  },
};

const REFUSED: PullCause = {
  why: 'the registry refuses the nodes',
  remediation: ['change-access', ACCESS],
  registry: 'registry-access-refused',
};

const UNKNOWN: PullCause = {
  why: 'the registry gives no usable reason',
  remediation: [
    'fix-image',
    'Name an image that exists and that the node may pull (tag, registry access, pull secret).',
  ],
};

/** Only findings that no other finding brings about: a missing pull secret explains refused access. */
export function explainByImage(roots: ReadonlySet<string>) {
  return ({ findings, examination: { snapshot } }: CauseContext): readonly Hypothesis[] => {
    const failed = findings.ofCode('container-image-pull-failed').filter((finding) => roots.has(finding.id));
    const closed = closedToNodes(failed, snapshot);
    const causeOf = (finding: Finding): PullCause =>
      closed.has(finding) ? REFUSED : (PULL[text(finding, 'cause')] ?? UNKNOWN);
    const groups = Map.groupBy(failed, (finding) => groupKey(finding, causeOf(finding)));
    return [...groups.values()].map((group) => hypothesisOf(group, causeOf(group[0] as Finding)));
  };
}

/** Pulls by the nodes' own credentials, which a registry refuses for several images: then it is not the one image. */
function closedToNodes(failed: readonly Finding[], snapshot: ClusterSnapshot): ReadonlySet<Finding> {
  const refused = failed.filter(({ facts, resource: { namespace, name } }) => {
    const { imagePullSecrets = [] } = snapshot.get('Pod', namespace, name)?.spec ?? {};
    return facts['cause'] === 'unauthorized' && imagePullSecrets.length === 0;
  });
  const groups = Map.groupBy(refused, (finding) => registryOf(text(finding, 'image')));
  // Docker Hub refuses access to what does not exist as well.
  groups.delete('docker.io');
  const several = [...groups.values()].filter((group) => new Set(group.map((one) => text(one, 'image'))).size > 1);
  return new Set(several.flat());
}

function groupKey(finding: Finding, { registry }: PullCause): string {
  if (registry !== undefined) return `${registry} ${registryOf(text(finding, 'image'))}`;
  return [text(finding, 'workload') || finding.resource.name, text(finding, 'image'), text(finding, 'cause')].join(' ');
}

function hypothesisOf(group: readonly Finding[], { why, remediation, registry }: PullCause): Hypothesis {
  const [first] = group as [Finding];
  const isKnown = Object.hasOwn(PULL, text(first, 'cause'));
  return {
    ...(registry === undefined ? ofImage(first, why) : ofRegistry(registry, group, why)),
    effects: effectsOn(group, 'without its image a container cannot start'),
    evidence: group.flatMap((finding) => finding.evidence).slice(0, 6),
    weighings: [{ observation: "the registry's answer says why", ratio: isKnown ? STRENGTH.stated : STRENGTH.typical }],
    remediation: { class: remediation[0], text: remediation[1] },
  };
}

type Named = Pick<Hypothesis, 'class' | 'resource' | 'subject' | 'title' | 'statement'>;

function ofImage(first: Finding, why: string): Named {
  const image = text(first, 'image');
  const workload = workloadRef(first);
  return {
    class: 'image-unavailable',
    resource: workload,
    subject: `${text(first, 'container')} ${image}`,
    title: `Image ${image} cannot be pulled (${text(first, 'cause') || 'reason not given'})`,
    statement: `${refText(workload)} needs image ${image}, which the node cannot pull: ${why}.`,
  };
}

function ofRegistry(name: string, group: readonly Finding[], why: string): Named {
  const host = registryOf(text(group[0] as Finding, 'image'));
  const resource: ResourceRef = { group: '', kind: 'Registry', namespace: '', name: host };
  const users = [...new Set(group.map((finding) => refText(workloadRef(finding))))].sort();
  return {
    class: name,
    resource,
    title: `Registry ${host}: ${why}`,
    statement: `${users.join(', ')} ${users.length === 1 ? 'needs an image' : 'need images'} of registry ${host}, which nodes cannot pull: ${why}.`,
  };
}

/** The host of an image reference; Docker Hub where it names none. */
function registryOf(image: string): string {
  const [host = ''] = image.split('/');
  return image.includes('/') && /[.:]|^localhost$/.test(host) ? host : 'docker.io';
}
