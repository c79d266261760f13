/** Names of what ingress-gce makes. Source: `ingress-gce/pkg/utils/namer` */
import { fingerprint } from '../../cloud/fingerprint.ts';

const LONGEST = 36;

/** `c4f0e1a2-shop-web-5b7d90aa`: cluster, namespace, name, and what tells equal beginnings apart. */
export function frontName(clusterName: string, key: string): string {
  const [namespace, name] = trimmed(key.split('/'), LONGEST);
  return `${fingerprint(clusterName)}-${namespace}-${name}-${fingerprint(`${clusterName}/${key}`)}`;
}

/** `k8s1-c4f0e1a2-shop-web-80-5b7d90aa`: a network endpoint group, and the backend service of the same name. */
export function groupName(clusterName: string, service: string, port: number): string {
  const [namespace, name] = trimmed(service.split('/'), LONGEST - String(port).length - 1);
  const own = fingerprint(`${clusterName}/${service}/${port}`);
  return `k8s1-${fingerprint(clusterName)}-${namespace}-${name}-${port}-${own}`;
}

/** `k8s-be-31380--c4f0e1a2c4f0e1a2`: a backend service over instance groups. */
export function nodePortBackendName(clusterName: string, nodePort: number): string {
  return `k8s-be-${nodePort}--${fingerprint(clusterName)}${fingerprint(`${clusterName}/uid`)}`;
}

/** Names that share a length, the longer ones cut first. */
function trimmed([namespace = '', name = '']: readonly string[], longest: number): readonly [string, string] {
  const half = Math.floor(longest / 2);
  const first = namespace.slice(0, Math.max(half, longest - name.length));
  return [first, name.slice(0, longest - first.length)];
}
