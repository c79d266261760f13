/** Objects that do not exist and that several others name: one absence is one cause, however many it stops. */
import { refKey, refText, type ResourceRef } from '@aia/cluster';
import { ruleOf } from '../../catalogue.ts';
import { byImpact, isSerious, type Finding } from '../../finding.ts';
import { listText } from '../../wording.ts';
import { text } from '../finding-index.ts';
import { effectsOn, STRENGTH, type CauseContext, type Hypothesis } from '../hypothesis.ts';

const GATEWAY = 'gateway.networking.k8s.io';
const NETWORKING = 'networking.k8s.io';

/** By code: the object that a finding says is missing; `undefined` where it says that something else is wrong with it. */
const MISSING: Readonly<Record<string, (finding: Finding) => ResourceRef | undefined>> = {
  'gateway-class-missing': (finding) => named(GATEWAY, 'GatewayClass', text(finding, 'class')),
  'gateway-tls-secret-missing': secretOf,
  'ingress-backend-missing': serviceOf,
  'ingress-class-missing': (finding) => named(NETWORKING, 'IngressClass', text(finding, 'class')),
  'ingress-tls-secret-missing': secretOf,
  'route-backend-missing': serviceOf,
  'route-parent-missing': (finding) => {
    const kind = text(finding, 'parentKind');
    return named(kind === 'Service' ? '' : GATEWAY, kind, text(finding, 'parent'));
  },
  'stateful-set-service-missing': objectOf,
  'stateful-set-storage-class-missing': objectOf,
  'workload-pull-secret-missing': objectOf,
  'workload-service-account-missing': objectOf,
};

/** What the API server says of the same absence when it refuses the pods: one name for one cause, however it shows. */
const ALSO: Readonly<Record<string, string>> = { 'workload-service-account-missing': 'service-account-missing' };

/** Only of findings that nothing else brings about, and of objects that more than one of them names, or that refusals name too. */
export function explainByMissingObject(roots: ReadonlySet<string>) {
  return ({ findings }: CauseContext): readonly Hypothesis[] => {
    const named = findings.ofCode(...Object.keys(MISSING)).flatMap((finding) => {
      const object = roots.has(finding.id) ? MISSING[finding.code]?.(finding) : undefined;
      return object === undefined ? [] : [{ finding, object }];
    });
    return [...Map.groupBy(named, ({ object }) => refKey(object)).values()].flatMap((group) => {
      const users = group.map(({ finding }) => finding).sort(byImpact);
      const [first] = group;
      const isNamedOften =
        namesOf(users).length > 1 || (first !== undefined && Object.hasOwn(ALSO, first.finding.code));
      return first !== undefined && isNamedOften && users.some(isSerious)
        ? [missing(first.object, users as [Finding, ...Finding[]])]
        : [];
    });
  };
}

function missing(resource: ResourceRef, users: readonly [Finding, ...Finding[]]): Hypothesis {
  const [{ code }] = users;
  const names = namesOf(users);
  return {
    class: ALSO[code] ?? code,
    resource,
    title: `${refText(resource)} does not exist`,
    statement: `${listText(names, 5)} ${names.length === 1 ? 'refers' : 'refer'} to ${refText(resource)}, which is not in the cluster.`,
    effects: effectsOn(users, 'it refers to the object'),
    evidence: users.flatMap(({ evidence }) => evidence).slice(0, 6),
    weighings: [{ observation: 'it is referred to and was not found', ratio: STRENGTH.measured }],
    remediation: ruleOf(code)?.remediation ?? { class: 'investigate', text: 'Look at the evidence.' },
  };
}

function namesOf(users: readonly Finding[]): readonly string[] {
  return [...new Set(users.map(({ resource }) => refText(resource)))];
}

/** `key` is `NAMESPACE/NAME`, or `NAME` for cluster-scoped kinds. */
function named(group: string, kind: string, key: string): ResourceRef | undefined {
  const name = key.split('/').at(-1) ?? '';
  const namespace = key.includes('/') ? (key.split('/')[0] ?? '') : '';
  return name === '' ? undefined : { group, kind, namespace, name };
}

function serviceOf(finding: Finding): ResourceRef | undefined {
  return text(finding, 'missing') === 'service' ? named('', 'Service', text(finding, 'service')) : undefined;
}

function secretOf(finding: Finding): ResourceRef | undefined {
  return text(finding, 'fault') === 'missing' ? named('', 'Secret', text(finding, 'secret')) : undefined;
}

function objectOf(finding: Finding): ResourceRef | undefined {
  const [kind, name] = [text(finding, 'objectKind'), text(finding, 'objectName')];
  if (name === '') return undefined;
  return kind === 'StorageClass'
    ? { group: 'storage.k8s.io', kind, namespace: '', name }
    : { group: '', kind, namespace: finding.resource.namespace, name };
}
