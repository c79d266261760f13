/** Whether a Secret that a listener takes its certificate from is there and holds one. */
import type { ClusterSnapshot } from '@aia/cluster';
import { absenceOf } from '../absence.ts';

/** What is wrong with it; `likely` where Secrets may not have been read. */
export type SecretFault = 'missing' | 'likely-missing' | 'incomplete';

/** `undefined` where nothing is wrong, or nobody can tell: Secrets are often read by their names alone. */
export function secretFault(snapshot: ClusterSnapshot, namespace: string, name: string): SecretFault | undefined {
  const secret = snapshot.get('Secret', namespace, name);
  if (secret === undefined) {
    if (hasCertificate(snapshot, namespace, name)) return undefined;
    const absence = absenceOf(snapshot, '', 'Secret', namespace);
    return absence === 'unknown' ? undefined : absence === 'certain' ? 'missing' : 'likely-missing';
  }
  const keys = Object.keys(secret.data ?? {});
  return keys.length > 0 && !(keys.includes('tls.crt') && keys.includes('tls.key')) ? 'incomplete' : undefined;
}

/** Certificates are collected without their Secrets. */
function hasCertificate({ certificates }: ClusterSnapshot, namespace: string, name: string): boolean {
  return certificates.some(
    ({ source }) => source.kind === 'secret' && source.ref.namespace === namespace && source.ref.name === name,
  );
}

/** `which does not exist`. */
export function faultText(fault: SecretFault): string {
  if (fault === 'incomplete') return 'which has no tls.crt or no tls.key';
  return fault === 'missing' ? 'which does not exist' : 'which is not among what was read';
}
