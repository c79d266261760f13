/** Addresses of pods, from the range of their node. */
import type { NodeRuntime, PodRuntime } from './pod-runtime.ts';

/** Takes an address for a pod; the text of the address plugin where none is left. Pods in the host's network share its address. */
export function takeIp(pod: PodRuntime): string | undefined {
  if (pod.ip !== undefined) return undefined;
  if (pod.object.spec?.hostNetwork === true) {
    pod.ip = pod.node.object?.status?.addresses?.find(({ type }) => type === 'InternalIP')?.address;
    return undefined;
  }
  const range = rangeOf(pod.node);
  // The first two are the network and the bridge, the last is for broadcasts.
  for (let tries = 2; tries < range.size - 1; tries++) {
    const { node } = pod;
    node.nextIp = node.nextIp < 2 || node.nextIp >= range.size - 1 ? 2 : node.nextIp;
    const ip = dotted(range.first + node.nextIp++);
    if (node.usedIps.has(ip)) continue;
    node.usedIps.add(ip);
    pod.ip = ip;
    return undefined;
  }
  return (
    'failed to allocate for range 0: no IP addresses available in range set: ' +
    `${dotted(range.first + 1)}-${dotted(range.first + range.size - 2)}`
  );
}

/** Gives a pod's address back. */
export function freeIp({ ip, node }: PodRuntime): void {
  if (ip !== undefined) node.usedIps.delete(ip);
}

function rangeOf({ object, name }: NodeRuntime): { readonly first: number; readonly size: number } {
  const [, a = '10', b = '0', c = '0', d = '0', bits = '24'] =
    /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(object?.spec?.podCIDR ?? '') ?? [];
  if (object?.spec?.podCIDR !== undefined)
    return {
      first: ((Number(a) * 256 + Number(b)) * 256 + Number(c)) * 256 + Number(d),
      size: 2 ** (32 - Number(bits)),
    };
  // Nodes without a range of their own get one that follows from their name.
  let hash = 0;
  for (let i = 0; i < name.length; i++) hash = (Math.imul(hash, 31) + name.charCodeAt(i)) & 0x7f_ff;
  return { first: ((10 * 256 + 128 + (hash >> 8)) * 256 + (hash & 0xff)) * 256, size: 256 };
}

function dotted(address: number): string {
  return [16_777_216, 65_536, 256, 1].map((unit) => Math.floor(address / unit) % 256).join('.');
}
