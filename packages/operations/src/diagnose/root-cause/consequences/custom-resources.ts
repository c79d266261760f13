/** What follows from custom resources that are not as they should be, and what makes them so. */
import { objectKey, refKey, refOf, type ClusterSnapshot, type KubeObject } from '@aia/cluster';
import type { Finding } from '../../finding.ts';
import { textAt } from '../../open-fields.ts';
import { text, texts, type FindingIndex } from '../finding-index.ts';
import { POD_FAILURES, WORKLOAD_SYMPTOMS, type ConsequenceRule } from './consequence-rule.ts';

const CODE = 'custom-resource-not-ready';

export const CUSTOM_RESOURCE_CONSEQUENCES: readonly ConsequenceRule[] = [
  {
    from: [...WORKLOAD_SYMPTOMS, ...POD_FAILURES, 'replica-creation-failed'],
    relation: 'what looks after the workload reports its state',
    effects: managersOf,
  },
  {
    from: [CODE],
    relation: 'the object that others name is made by this one',
    effects: (finding, findings, snapshot) =>
      SECRET_MAKERS.has(text(finding, 'kind')) ? missingFrom(finding, findings, snapshot) : [],
  },
  {
    from: [CODE],
    relation: 'it waits for the other, as its message says',
    effects: (finding, findings) => namesOf(finding).flatMap((name) => waiting(findings).get(name) ?? []),
  },
  {
    from: [CODE],
    relation: 'OLM installs nothing into a namespace with several OperatorGroups',
    effects: (finding, findings) =>
      text(finding, 'reason') === 'MultipleOperatorGroupsFound'
        ? findings
            .ofCode(CODE)
            .filter(
              (other) =>
                text(other, 'kind') === 'operators.coreos.com/ClusterServiceVersion' &&
                other.resource.namespace === finding.resource.namespace,
            )
        : [],
  },
  {
    from: ['webhook-backend-unavailable', 'webhook-failing'],
    relation: 'what the custom resource asks for is refused while the webhook does not answer',
    effects: (finding, findings) =>
      findings.ofCode(CODE).filter((other) => texts(finding, 'webhooks').includes(text(other, 'webhook'))),
  },
];

/** Kinds that make a Secret of the name in `spec.target.name`, or of their own. */
const SECRET_MAKERS: ReadonlySet<string> = new Set([
  'external-secrets.io/ExternalSecret',
  'bitnami.com/SealedSecret',
  'secrets.hashicorp.com/VaultStaticSecret',
  'secrets.hashicorp.com/VaultDynamicSecret',
  'onepassword.com/OnePasswordItem',
]);

function missingFrom(finding: Finding, findings: FindingIndex, snapshot: ClusterSnapshot): readonly Finding[] {
  const made = new Set(
    texts(finding, 'objects').map((key) => {
      const [namespace = '', name = ''] = key.split('/').slice(-2);
      const [group = '', kind = ''] = text(finding, 'kind').split('/');
      const object = snapshot.resolve({ group, kind, namespace, name });
      const target =
        textAt(object, 'spec.target.name') ??
        textAt(object, 'spec.destination.name') ??
        textAt(object, 'spec.template.metadata.name');
      return `${namespace}/${target ?? name}`;
    }),
  );
  return findings
    .ofCode('secret-missing', 'secret-key-missing', 'container-config-error', 'pod-volume-mount-failed')
    .filter(
      (other) =>
        text(other, 'objectKind') === 'Secret' && made.has(`${other.resource.namespace}/${text(other, 'objectName')}`),
    );
}

/** Findings about custom resources that own the workload, or that deployed it by the labels of Argo CD and Flux. */
function managersOf({ resource }: Finding, findings: FindingIndex, snapshot: ClusterSnapshot): readonly Finding[] {
  const named = findings.ofCode(CODE);
  const object = named.length === 0 ? undefined : snapshot.resolve(resource);
  if (object === undefined) return [];
  const chain = ownersAbove(snapshot, object);
  const keys = new Set([...chain.map((owner) => refKey(refOf(owner))), ...chain.flatMap(deployers)]);
  const applications = new Set(chain.flatMap(applicationOf));
  return named.filter((finding) => {
    const isApplication = text(finding, 'kind') === 'argoproj.io/Application';
    return texts(finding, 'objects').some(
      (key) => keys.has(key) || (isApplication && applications.has(key.split('/').at(-1) ?? '')),
    );
  });
}

/** The object, its owners, theirs, and so on. */
function ownersAbove(snapshot: ClusterSnapshot, object: KubeObject): readonly KubeObject[] {
  const above = new Map([[objectKey(object), object]]);
  for (const one of above.values())
    for (const owner of snapshot.ownersOf(one)) if (!above.has(objectKey(owner))) above.set(objectKey(owner), owner);
  return [...above.values()];
}

/** Keys of the objects of Flux that deployed this one, by the labels they put on it. */
function deployers({ metadata }: KubeObject): readonly string[] {
  return FLUX.flatMap(([kind, group]) => {
    const name = metadata.labels?.[`${group}/name`];
    const namespace = metadata.labels?.[`${group}/namespace`];
    return name === undefined || namespace === undefined ? [] : [refKey({ group, kind, namespace, name })];
  });
}

const FLUX = [
  ['HelmRelease', 'helm.toolkit.fluxcd.io'],
  ['Kustomization', 'kustomize.toolkit.fluxcd.io'],
] as const;

/** Name of the Application that deployed an object: https://argo-cd.readthedocs.io/en/stable/user-guide/resource_tracking/ */
function applicationOf({ metadata }: KubeObject): readonly string[] {
  const { labels = {}, annotations = {} } = metadata;
  const tracked = annotations['argocd.argoproj.io/tracking-id']?.split(':', 1)[0];
  const name = tracked ?? labels['argocd.argoproj.io/instance'] ?? labels['app.kubernetes.io/instance'];
  return name === undefined ? [] : [name.split('_').at(-1) ?? name];
}

/** `namespace/name` of what a finding is about. */
function namesOf(finding: Finding): readonly string[] {
  return texts(finding, 'objects').map((key) => key.split('/').slice(-2).join('/'));
}

const WAITS = /['"`]?(?<name>(?:[a-z0-9][\w.-]{0,252}\/)?[a-z0-9][\w.-]{0,252})['"`]? is not (?:yet )?ready/g;

const known = new WeakMap<FindingIndex, ReadonlyMap<string, readonly Finding[]>>();

/** Findings by the `namespace/name` that they say they wait for. */
function waiting(findings: FindingIndex): ReadonlyMap<string, readonly Finding[]> {
  let index = known.get(findings);
  if (index === undefined) {
    const pairs = findings.ofCode(CODE).flatMap((finding) => waitsFor(finding).map((name) => ({ name, finding })));
    const groups = Map.groupBy(pairs, ({ name }) => name);
    index = new Map([...groups].map(([name, group]) => [name, group.map(({ finding }) => finding)]));
    known.set(findings, index);
  }
  return index;
}

/** `dependency 'flux-system/infra' is not ready`, `SecretStore "vault" is not ready`: as `namespace/name`. */
function waitsFor(finding: Finding): readonly string[] {
  return [...text(finding, 'words').matchAll(WAITS)].map(({ groups }) => {
    const name = groups?.['name'] ?? '';
    return name.includes('/') ? name : `${finding.resource.namespace}/${name}`;
  });
}
