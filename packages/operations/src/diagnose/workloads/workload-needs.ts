/** What a pod template asks for besides ConfigMaps and Secrets: its ServiceAccount and the secrets for pulling images. */
import type { ClusterSnapshot, KubeObject } from '@aia/cluster';
import type { WorkloadTemplate } from './workload-templates.ts';

/** A name with the place where it stands. */
export interface NamedIn {
  readonly name: string;
  readonly holder: KubeObject;
  readonly path: string;
}

/** The ServiceAccount that the template names; `undefined` when it takes the namespace's default one. */
export function serviceAccountOf({ spec, holder, path }: WorkloadTemplate): NamedIn | undefined {
  const field = (spec.serviceAccountName ?? '') !== '' ? 'serviceAccountName' : 'serviceAccount';
  const name = spec[field] ?? '';
  return name === '' ? undefined : { name, holder, path: `${path}.${field}` };
}

/** Pull secrets of the template, else those of its ServiceAccount, which the API server then puts into each pod. */
export function pullSecretsOf(snapshot: ClusterSnapshot, template: WorkloadTemplate): readonly NamedIn[] {
  const own = named(template.spec.imagePullSecrets, template.holder, `${template.path}.imagePullSecrets`);
  if (own.length > 0) return own;
  const account = snapshot.get('ServiceAccount', template.namespace, serviceAccountOf(template)?.name ?? 'default');
  return account === undefined ? [] : named(account.imagePullSecrets, account, 'imagePullSecrets');
}

function named(
  references: readonly { readonly name?: string }[] | undefined,
  holder: KubeObject,
  path: string,
): readonly NamedIn[] {
  return (references ?? []).flatMap(({ name = '' }, i) =>
    name === '' ? [] : [{ name, holder, path: `${path}[${i}].name` }],
  );
}
