/** Tables of access, admission and of the API itself. */
import type { KindMap } from '../../../model/kinds.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { age } from './cells.ts';
import { createdAt } from './cluster-tables.ts';
import { printer, type TablePrinter } from './column.ts';

interface Binding extends KubeObject {
  readonly roleRef?: { readonly kind: string; readonly name: string };
  readonly subjects?: readonly { readonly kind: string; readonly name: string; readonly namespace?: string }[];
}
interface ApiService extends KubeObject {
  readonly spec?: { readonly service?: { readonly namespace?: string; readonly name?: string } | null };
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly reason?: string }[];
  };
}
interface Lease extends KubeObject {
  readonly spec?: { readonly holderIdentity?: string };
}
interface RuntimeClass extends KubeObject {
  readonly handler?: string;
}

const WEBHOOKS = 'Name, Webhooks:integer, Age';
const BINDING = 'Name, Role, Age, +Users, +Groups, +ServiceAccounts';

/** By `group/Kind`. */
export const ACCESS_TABLES: Readonly<Record<string, TablePrinter>> = {
  'rbac.authorization.k8s.io/Role': printer('Name, Created At', createdAt),
  'rbac.authorization.k8s.io/ClusterRole': printer('Name, Created At', createdAt),
  'rbac.authorization.k8s.io/RoleBinding': printer<Binding>(BINDING, bindingCells),
  'rbac.authorization.k8s.io/ClusterRoleBinding': printer<Binding>(BINDING, bindingCells),
  'coordination.k8s.io/Lease': printer<Lease>('Name, Holder, Age', (one, now) => [
    one.metadata.name,
    one.spec?.holderIdentity ?? '',
    age(one, now),
  ]),
  'node.k8s.io/RuntimeClass': printer<RuntimeClass>('Name, Handler, Age', (one, now) => [
    one.metadata.name,
    one.handler ?? '',
    age(one, now),
  ]),
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration': printer<KindMap['ValidatingWebhookConfiguration']>(
    WEBHOOKS,
    (one, now) => [one.metadata.name, one.webhooks?.length ?? 0, age(one, now)],
  ),
  'admissionregistration.k8s.io/MutatingWebhookConfiguration': printer<KindMap['MutatingWebhookConfiguration']>(
    WEBHOOKS,
    (one, now) => [one.metadata.name, one.webhooks?.length ?? 0, age(one, now)],
  ),
  'apiextensions.k8s.io/CustomResourceDefinition': printer('Name, Created At', createdAt),
  'apiregistration.k8s.io/APIService': printer<ApiService>('Name, Service, Available, Age', (one, now) => {
    const available = one.status?.conditions?.find(({ type }) => type === 'Available');
    const state = available === undefined ? 'Unknown' : available.status;
    return [
      one.metadata.name,
      one.spec?.service ? `${one.spec.service.namespace ?? ''}/${one.spec.service.name ?? ''}` : 'Local',
      state === 'True' || available === undefined ? state : `${state} (${available.reason ?? ''})`,
      age(one, now),
    ];
  }),
};

function bindingCells(one: Binding, now: number): readonly string[] {
  const of = (kind: string) => (one.subjects ?? []).filter((subject) => subject.kind === kind);
  return [
    one.metadata.name,
    `${one.roleRef?.kind ?? ''}/${one.roleRef?.name ?? ''}`,
    age(one, now),
    of('User')
      .map(({ name }) => name)
      .join(', '),
    of('Group')
      .map(({ name }) => name)
      .join(', '),
    of('ServiceAccount')
      .map(({ namespace = '', name }) => `${namespace}/${name}`)
      .join(', '),
  ];
}
