/** Who uses a TLS Secret: what serves its certificate to clients, and whose pods take it in. Computed once per examination. */
import { configReferences, refOf, type GatewayListener, type Gateway, type ResourceRef } from '@aia/cluster';
import type { Examination } from '../examination.ts';
import { unique } from '../order.ts';
import { workloadTemplates } from '../workloads/workload-templates.ts';

/** One use of a Secret. */
export interface CertificateUser {
  readonly resource: ResourceRef;
  /** `serves` to clients from outside, or `mounts` into pods. */
  readonly use: 'serves' | 'mounts';
  /** Names that clients ask for; `*` where it serves any. */
  readonly hosts: readonly string[];
}

type Users = ReadonlyMap<string, readonly CertificateUser[]>;
const known = new WeakMap<Examination, Users>();
const knownServed = new WeakMap<Examination, Users>();

/** Users of a Secret, those that serve it first; empty where none is known. */
export function usersOf(examination: Examination, { namespace, name }: ResourceRef): readonly CertificateUser[] {
  return indexOf(examination).get(`${namespace}/${name}`) ?? [];
}

/** Secrets that an Ingress or a Gateway serves with. */
export function servedSecrets(examination: Examination): readonly ResourceRef[] {
  return [...servedIn(examination).keys()].map((key) => {
    const [namespace = '', name = ''] = key.split('/');
    return { group: '', kind: 'Secret', namespace, name };
  });
}

function indexOf(examination: Examination): Users {
  let users = known.get(examination);
  if (users === undefined) known.set(examination, (users = allUsers(examination)));
  return users;
}

/** What serves, without a look at what pods take in. */
function servedIn(examination: Examination): Users {
  let users = knownServed.get(examination);
  if (users === undefined) knownServed.set(examination, (users = collected(examination, [addIngresses, addGateways])));
  return users;
}

function allUsers(examination: Examination): Users {
  return collected(examination, [addIngresses, addGateways, addWorkloads]);
}

function collected(examination: Examination, from: readonly ((examination: Examination, add: Add) => void)[]): Users {
  const users = new Map<string, CertificateUser[]>();
  const add = (namespace: string, name: string | undefined, user: CertificateUser): void => {
    const key = `${namespace}/${name ?? ''}`;
    const others = users.get(key);
    if (name === undefined || name === '') return;
    if (others === undefined) users.set(key, [user]);
    else others.push(user);
  };
  for (const one of from) one(examination, add);
  return users;
}

type Add = (namespace: string, name: string | undefined, user: CertificateUser) => void;

function addIngresses({ snapshot }: Examination, add: Add): void {
  for (const ingress of snapshot.list('Ingress')) {
    if (ingress.metadata.deletionTimestamp !== undefined) continue;
    for (const { secretName, hosts = [] } of ingress.spec?.tls ?? []) {
      const user = { resource: refOf(ingress), use: 'serves', hosts: hosts.length === 0 ? ['*'] : hosts } as const;
      add(ingress.metadata.namespace ?? '', secretName, user);
    }
  }
}

const GATEWAY = 'gateway.networking.k8s.io';

function addGateways({ snapshot }: Examination, add: Add): void {
  const grants = grantsOf(snapshot);
  for (const gateway of snapshot.listCustom(`${GATEWAY}/Gateway`)) {
    if (gateway.metadata.deletionTimestamp !== undefined) continue;
    for (const listener of gateway.spec?.listeners ?? []) {
      for (const { namespace, name } of secretsOf(gateway, listener)) {
        if (!grants(gateway.metadata.namespace ?? '', namespace, name)) continue;
        const { hostname = '' } = listener;
        add(namespace, name, { resource: refOf(gateway), use: 'serves', hosts: [hostname === '' ? '*' : hostname] });
      }
    }
  }
}

/** The Secrets that a listener terminates TLS with, https://gateway-api.sigs.k8s.io/guides/tls/ */
function secretsOf(gateway: Gateway, { tls }: GatewayListener): readonly { namespace: string; name: string }[] {
  const { namespace: own = '' } = gateway.metadata;
  return (tls?.certificateRefs ?? [])
    .filter(({ group = '', kind = 'Secret' }) => (group === '' || group === 'core') && kind === 'Secret')
    .flatMap(({ namespace = own, name }) => (name === undefined ? [] : [{ namespace, name }]));
}

/** Whether a Gateway may read a Secret; in a dump without any grant nobody can tell, and it is taken for granted. */
function grantsOf(snapshot: Examination['snapshot']): (from: string, to: string, secret: string) => boolean {
  const grants = snapshot.listCustom(`${GATEWAY}/ReferenceGrant`);
  const byNamespace = Map.groupBy(grants, ({ metadata }) => metadata.namespace ?? '');
  return (from, to, secret) => {
    if (from === to || (grants.length === 0 && snapshot.source.kind !== 'live')) return true;
    return (byNamespace.get(to) ?? []).some(
      ({ spec }) =>
        spec?.from?.some(
          ({ group, kind, namespace }) => group === GATEWAY && kind === 'Gateway' && namespace === from,
        ) === true &&
        spec.to?.some(({ group = '', kind, name = secret }) => group === '' && kind === 'Secret' && name === secret) ===
          true,
    );
  };
}

function addWorkloads(examination: Examination, add: Add): void {
  for (const { workload, namespace, spec } of workloadTemplates(examination)) {
    const names = configReferences(spec, namespace)
      .filter(({ kind, use }) => kind === 'Secret' && use !== 'image-pull')
      .map(({ name }) => name);
    for (const name of unique(names)) add(namespace, name, { resource: refOf(workload), use: 'mounts', hosts: [] });
  }
}
