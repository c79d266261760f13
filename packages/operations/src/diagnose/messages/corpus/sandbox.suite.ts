/** Sandboxes: each text with who writes it since when, and what must be read from it. */
import type { SandboxMessage } from '../message.ts';
import type { Row } from './corpus-row.ts';

const failed =
  'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "abc":';
const of = (versions: string, cause: SandboxMessage['cause'], text: string): Row<SandboxMessage> => [
  versions,
  text,
  { cause },
];

export const rows: readonly Row<SandboxMessage>[] = [
  of(
    'GKE, host-local',
    'ip-exhausted',
    `${failed} plugin type="gke" failed (add): failed to allocate for range 0: no IP addresses available in range set: 10.8.0.1-10.8.0.254`,
  ),
  of(
    'Calico',
    'ip-exhausted',
    `${failed} failed to allocate IPs: No more free affine blocks, consider decreasing block size`,
  ),
  of('Cilium', 'ip-exhausted', `${failed} unable to allocate IP via local cilium agent: range is full`),
  of(
    'AWS VPC',
    'ip-exhausted',
    `${failed} plugin type="aws-cni" name="aws-cni" failed (add): add cmd: failed to assign an IP address to container`,
  ),
  of(
    'containerd',
    'network',
    `${failed} plugin type="calico" failed (add): error getting ClusterInformation: connection is unauthorized`,
  ),
  of(
    '1.14–1.23',
    'network',
    'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to set up sandbox container "abc" network for pod "web": NetworkPlugin cni failed to set up pod "web_prod" network: unexpected',
  ),
  of(
    '1.14–1.36',
    'network',
    'network is not ready: container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized',
  ),
  of(
    '1.14–1.36',
    'timeout',
    'Failed to create pod sandbox: rpc error: code = DeadlineExceeded desc = context deadline exceeded',
  ),
  of(
    '1.14–1.36',
    'network',
    'error killing pod: failed to "KillPodSandbox" for "1" with KillPodSandboxError: "rpc error: code = Unknown desc = failed to destroy network for sandbox \\"abc\\": plugin type=\\"calico\\""',
  ),
  of(
    '1.14–1.36',
    'pause-image',
    'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to get sandbox image "registry.k8s.io/pause:3.9"',
  ),
  of('future', 'other', 'Failed to create pod sandbox: rpc error: code = Unknown desc = something new'),
  of(
    'waiting message',
    'ip-exhausted',
    'rpc error: code = Unknown desc = failed to setup network for sandbox "abc": no IP addresses available in range set: 10.8.0.1-10.8.0.2',
  ),
  ['all', 'Pod sandbox changed, it will be killed and re-created.', undefined],
];
