/** The kubelet of a node is too old, or too new, for the API server. */
import { refOf, type Node } from '@aia/cluster';
import { fieldEvidence } from '../../examination.ts';
import type { FindingDraft } from '../../finding.ts';
import type { Rule } from '../../rule.ts';
import { livingOf } from '../../workloads/workload-templates.ts';

/** Facts: kubelet, server (versions as written), behind (minor versions; negative when newer). */
export const rule: Rule = {
  code: 'node-version-skew',
  title: 'Kubelet version is outside the supported skew',
  severity: 'low',
  explanation:
    'Kubernetes supports kubelets up to three minor versions older than the API server (two before 1.28) and none that is newer. ' +
    'Outside of that, fields and features may be ignored or misread, and the next upgrade of the control plane may break the node. ' +
    'The rule stays silent where the version of the API server is not known.',
  remediation: {
    class: 'repair-node',
    text: 'Upgrade the node pool, or replace the node; where the kubelet is newer, upgrade the control plane first.',
  },
  aliases: { mixin: ['KubeVersionMismatch'], gcpdiag: ['gke/ERR/2021_009'] },
  needs: ['nodes', 'server-version'],
  *check(examination) {
    const { serverVersion = '' } = examination.snapshot;
    const server = minorOf(serverVersion);
    if (server === undefined) return;
    for (const node of livingOf(examination, 'Node')) {
      const draft = skew(node, serverVersion, server);
      if (draft !== undefined) yield draft;
    }
  },
};

/** Source: https://kubernetes.io/releases/version-skew-policy/ */
function skew(node: Node, serverVersion: string, server: number): FindingDraft | undefined {
  const written = node.status?.nodeInfo?.kubeletVersion ?? '';
  const kubelet = minorOf(written);
  if (kubelet === undefined) return undefined;
  const behind = server - kubelet;
  const allowed = server >= 28 ? 3 : 2;
  if (behind >= 0 && behind <= allowed) return undefined;
  const minors = `${Math.abs(behind)} minor ${Math.abs(behind) === 1 ? 'version' : 'versions'}`;
  const how =
    behind > 0
      ? `${minors} behind the API server's ${serverVersion}; at most ${allowed} are supported`
      : `${minors} ahead of the API server's ${serverVersion}; none is supported`;
  return {
    resource: refOf(node),
    message: `Node ${node.metadata.name} runs kubelet ${written}, ${how}.`,
    evidence: [
      fieldEvidence(node, 'status.nodeInfo.kubeletVersion', written),
      {
        kind: 'calculation',
        text: `API server ${serverVersion}, minor version ${server}; kubelet minor version ${kubelet}`,
      },
    ],
    facts: { kubelet: written, server: serverVersion, behind },
  };
}

/** Minor of `v1.33.4-gke.1036000`; there is no other major than 1. */
function minorOf(version: string): number | undefined {
  const minor = /^v?1\.(\d{1,3})(?:\D|$)/.exec(version)?.[1];
  return minor === undefined ? undefined : Number(minor);
}
