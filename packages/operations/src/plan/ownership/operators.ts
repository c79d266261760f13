/** Objects that another object in the cluster stands for: custom resources of operators, add-ons, configuration services of clouds. */
import {
  controllingReference,
  groupOf,
  KIND_GROUPS,
  refOf,
  refText,
  type ClusterSnapshot,
  type KubeObject,
} from '@aia/cluster';
import { fieldEvidence } from '../../diagnose/examination.ts';
import { nameOf, type Reconciler } from './reconciler.ts';

const BUILT_IN: ReadonlySet<string> = new Set(['', 'apps', 'batch', 'extensions', ...Object.values(KIND_GROUPS)]);

/** The custom resource that controls an object: its operator makes the object as the resource says. */
export function byOperator(object: KubeObject, snapshot: ClusterSnapshot): Reconciler | undefined {
  const reference = controllingReference(object);
  if (reference?.kind === undefined || reference.name === undefined || reference.controller !== true) return undefined;
  const group = groupOf(reference.apiVersion ?? '');
  if (BUILT_IN.has(group)) return undefined;
  const owner = snapshot.ownerOf(object);
  const name =
    owner === undefined
      ? nameOf(reference.kind, object.metadata.namespace ?? '', reference.name)
      : refText(refOf(owner));
  const at = (object.metadata.ownerReferences ?? []).findIndex(({ controller }) => controller === true);
  return {
    ...{ reconciler: 'operator', name, isActive: true, form: 'custom-resource' },
    evidence: [fieldEvidence(object, `metadata.ownerReferences[${at}].name`, reference.name)],
    source: `the spec of ${name} (${group})`,
  };
}

interface Mark {
  readonly in: 'labels' | 'annotations';
  readonly key: string;
  /** Which values count; default any. */
  readonly values?: RegExp;
  readonly reconciler: Reconciler['reconciler'];
  readonly isActive: boolean;
  readonly name: (value: string, object: KubeObject) => string;
  readonly source: (value: string) => string;
}

/** Signs of others, the surest first. */
const MARKS: readonly Mark[] = [
  {
    ...{
      in: 'labels',
      key: 'addonmanager.kubernetes.io/mode',
      values: /^Reconcile$/,
      reconciler: 'other',
      isActive: true,
    },
    name: () => 'the add-on manager of the cloud',
    source: () => 'the settings of the managed cluster: the add-on manager puts its own manifest back',
  },
  {
    ...{
      in: 'annotations',
      key: 'configmanagement.gke.io/managed',
      values: /^enabled$/,
      reconciler: 'other',
      isActive: true,
    },
    name: () => 'Config Sync',
    source: () => 'the repository that Config Sync applies',
  },
  {
    ...{ in: 'annotations', key: 'cert-manager.io/certificate-name', reconciler: 'operator', isActive: true },
    name: (value, { metadata }) => nameOf('Certificate', metadata.namespace ?? '', value),
    source: (value) => `the spec of Certificate ${value} (cert-manager.io)`,
  },
  {
    ...{ in: 'labels', key: 'olm.owner', reconciler: 'operator', isActive: true },
    name: (value) => `ClusterServiceVersion ${value}`,
    source: (value) => `ClusterServiceVersion ${value}, or the Subscription behind it`,
  },
  {
    ...{
      in: 'labels',
      key: 'app.kubernetes.io/managed-by',
      values: /^kustomize/i,
      reconciler: 'kustomize',
      isActive: false,
    },
    name: () => 'a Kustomize overlay',
    source: () => 'the overlay that it is applied from: the next apply overwrites what is changed in the cluster',
  },
];

/** What labels and annotations say. */
export function byMark(object: KubeObject): Reconciler | undefined {
  for (const { in: place, key, values, name, source, reconciler, isActive } of MARKS) {
    const value = object.metadata[place]?.[key];
    if (value === undefined || values?.test(value) === false) continue;
    const evidence = [fieldEvidence(object, `metadata.${place}["${key}"]`, value)];
    return {
      reconciler,
      isActive,
      evidence,
      name: name(value, object),
      source: source(value),
      form: isActive ? 'custom-resource' : 'overlay',
    };
  }
  return undefined;
}

/** Resources of Config Connector are the configuration of cloud resources; a change to one is a change to the source already. */
export function connectorOf(kinds: readonly string[], name: string, snapshot: ClusterSnapshot): Reconciler | undefined {
  for (const [key, group] of kinds.map((kind) => [kind, `${CONNECTORS[kind] ?? ''}.cnrm.cloud.google.com`] as const)) {
    const object = snapshot.listOf(group, key).find((one) => resourceId(one) === name);
    if (object === undefined) continue;
    const ref = refText(refOf(object));
    const evidence = [fieldEvidence(object, 'metadata.name', object.metadata.name)];
    return {
      reconciler: 'config-connector',
      name: ref,
      isActive: true,
      evidence,
      source: `the spec of ${ref}`,
      form: 'custom-resource',
    };
  }
  return undefined;
}

const CONNECTORS: Readonly<Record<string, string>> = {
  ContainerNodePool: 'container',
  ContainerCluster: 'container',
  ComputeAddress: 'compute',
};

function resourceId(object: KubeObject): string {
  const { spec } = object as { readonly spec?: { readonly resourceID?: unknown } };
  return typeof spec?.resourceID === 'string' ? spec.resourceID : object.metadata.name;
}

/** Clients that write whole objects again with every run, by their names as field managers. */
const WRITERS: readonly (readonly [pattern: RegExp, reconciler: Reconciler['reconciler'], name: string])[] = [
  [/^(?:kubectl-client-side-apply|kubectl)$/, 'kustomize', 'a manifest that `kubectl apply` wrote'],
  [/^(?:Terraform|HashiCorp)/i, 'other', 'Terraform'],
  [/^pulumi/i, 'other', 'Pulumi'],
  [/^ansible/i, 'other', 'Ansible'],
];

/** Who applied the object last, by its field managers. */
export function byFieldManager(object: KubeObject): Reconciler | undefined {
  const managers = object.metadata.managedFields ?? [];
  for (const [pattern, reconciler, name] of WRITERS) {
    const at = managers.findIndex(
      ({ manager = '', operation }) => pattern.test(manager) && (manager !== 'kubectl' || operation === 'Apply'),
    );
    if (at < 0) continue;
    return {
      ...{ reconciler, name, isActive: false, form: 'overlay' },
      evidence: [fieldEvidence(object, `metadata.managedFields[${at}].manager`, managers[at]?.manager ?? '')],
      source: `${name}: the next run overwrites what is changed in the cluster`,
    };
  }
  return undefined;
}
