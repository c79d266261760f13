/** ManagedCertificates of GKE: what their status says, and which Ingresses rely on them. */
import { refOf, type KindMap, type ManagedCertificate, type ResourceRef } from '@aia/cluster';
import type { Evidence } from '../evidence.ts';
import { fieldEvidence, type Examination } from '../examination.ts';
import { unique } from '../order.ts';
import { livingOf } from '../workloads/workload-templates.ts';

type Ingress = KindMap['Ingress'];

/** The second is its name of the beta time. */
const ANNOTATIONS = ['networking.gke.io/managed-certificates', 'gke.googleapis.com/managed-certificates'];
const PRE_SHARED = 'ingress.gcp.kubernetes.io/pre-shared-cert';

/** An Ingress with hosts that none of its ManagedCertificates lists. */
export interface UnmanagedHosts {
  readonly ingress: ResourceRef;
  readonly hosts: readonly string[];
  readonly names: readonly string[];
  readonly evidence: readonly Evidence[];
}

/** Names in the annotation of an Ingress, with the key it stands under. */
function managedNames({ metadata }: Ingress): { readonly key: string; readonly names: readonly string[] } {
  const key = ANNOTATIONS.find((one) => metadata.annotations?.[one] !== undefined) ?? '';
  const names = (metadata.annotations?.[key] ?? '').split(',').map((name) => name.trim());
  return { key, names: names.filter((name) => name !== '') };
}

/** Ingresses that rely on a ManagedCertificate of their namespace. */
export function ingressesOf(examination: Examination, { metadata }: ManagedCertificate): readonly Ingress[] {
  return livingOf(examination, 'Ingress').filter(
    (ingress) =>
      ingress.metadata.namespace === metadata.namespace && managedNames(ingress).names.includes(metadata.name),
  );
}

/** Silent where a certificate of another kind may serve the host, or where one that is named was not read. */
export function unmanagedHosts(examination: Examination): readonly UnmanagedHosts[] {
  return livingOf(examination, 'Ingress').flatMap((ingress) => {
    const { namespace = '', annotations = {} } = ingress.metadata;
    const { key, names } = managedNames(ingress);
    if (names.length === 0 || annotations[PRE_SHARED] !== undefined || (ingress.spec?.tls ?? []).length > 0) return [];
    const group = 'networking.gke.io';
    const named = names.map((name) =>
      examination.snapshot.resolve({ group, kind: 'ManagedCertificate', namespace, name }),
    );
    if (named.includes(undefined)) return [];
    const domains = unique(named.flatMap((one) => (one as ManagedCertificate).spec?.domains ?? []));
    const hosts = unique((ingress.spec?.rules ?? []).flatMap(({ host }) => host ?? []));
    const uncovered = hosts.filter((host) => host !== '' && !domains.includes(host.toLowerCase()));
    if (uncovered.length === 0) return [];
    const evidence = [fieldEvidence(ingress, `metadata.annotations["${key}"]`, names.join(','))];
    return [{ ingress: refOf(ingress), hosts: uncovered, names: domains, evidence }];
  });
}
