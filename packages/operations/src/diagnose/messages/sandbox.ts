/**
 * Pods without a sandbox or a network: FailedCreatePodSandBox, FailedPodSandBoxStatus, NetworkNotReady, FailedKillPod and the
 * waiting reason CreatePodSandboxError, 1.14–1.36; the words behind are those of the network plugin.
 */
import { plainText } from './event-text.ts';
import type { SandboxMessage } from './message.ts';
import { firstMatch, type Row } from './row.ts';

type SandboxCause = SandboxMessage['cause'];

const row = (versions: string, cause: SandboxCause, pattern: RegExp): Row<SandboxCause> => ({
  versions,
  cause,
  pattern,
});

const ROWS: readonly Row<SandboxCause>[] = [
  row('host-local', 'ip-exhausted', /no IP addresses available in range set/),
  row(
    'Calico',
    'ip-exhausted',
    /No more free affine blocks|no IPs available in|IP pools? (?:is|are) (?:exhausted|full)/i,
  ),
  row('Cilium', 'ip-exhausted', /range is full|No more IPs available/i),
  row('AWS VPC', 'ip-exhausted', /failed to assign an IP address to container|InsufficientFreeAddressesInSubnet/),
  row('Azure', 'ip-exhausted', /No available addresses|not enough available address|IPs are exhausted/i),
  row('Whereabouts', 'ip-exhausted', /Could not allocate IP in range|could not find (?:a )?free (?:ip|IP)/),
  row(
    'all',
    'network',
    /failed to (?:setup|set up|destroy|teardown) network for (?:pod )?sandbox|NetworkPlugin \S{1,60} failed|network for sandbox/i,
  ),
  row(
    'all',
    'network',
    /network is not ready|cni plugin not initialized|cni config uninitialized|plugin type="?[\w-]{1,60}"?|error adding pod \S{0,320} ?to CNI/i,
  ),
  row('kubelet', 'network', /open \S{1,300}resolv\.conf: no such file/),
  row('containerd', 'pause-image', /failed to (?:get|pull) sandbox image/),
  row(
    'all',
    'runtime-class',
    /no runtime for "[^"]{1,320}" is configured|RuntimeHandler "?[^"]{1,320}"? not supported/,
  ),
  row('all', 'name-reserved', /is reserved for|failed to reserve sandbox name/),
  row('all', 'timeout', /context deadline exceeded|DeadlineExceeded|operation timeout|timed out/i),
  row('all', 'runtime', /OCI runtime|failed to (?:create|start) (?:sandbox|containerd|shim|pod sandbox)|shim task/),
];

const SHAPE =
  /^(?:Failed to create pod sandbox|Failed create pod sandbox|Unable to determine pod sandbox status|error killing pod|network is not ready|container runtime network not ready|rpc error: code = \w{1,30} desc = failed to (?:setup network|create \w{0,20} ?(?:pod )?sandbox|reserve sandbox)|failed to "(?:Create|Kill)PodSandbox")/i;

/** Reads a sandbox's failure; `other` where the words behind it are unknown, `undefined` for any other text. */
export function parseSandbox(message: string): SandboxMessage | undefined {
  const text = plainText(message);
  if (!SHAPE.test(text)) return undefined;
  return { cause: firstMatch(ROWS, text)?.row.cause ?? 'other', text };
}
