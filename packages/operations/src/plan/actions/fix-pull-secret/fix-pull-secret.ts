/** Pull secrets that are named wrongly, or that are not there. Their values are known to nobody here. */
import { refOf, refText, type ClusterSnapshot, type KubeObject, type ResourceRef } from '@aia/cluster';
import type { AssessedFinding, AssessedRootCause, Change } from '@aia/contract';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import { shellWord } from '../../effects/shell.ts';
import { templateOf, type Planning } from '../../planning.ts';
import type { ActionDraft, ActionKind, Remedy } from '../../remedy.ts';
import { nearName } from '../../revisions/near-names.ts';
import { containersOf, currentTemplate, earlierRevisions } from '../../revisions/revisions.ts';
import { templateMerged } from '../../revisions/template-change.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const RESTARTED = 'kubectl.kubernetes.io/restartedAt';
const TYPES: ReadonlySet<unknown> = new Set(['kubernetes.io/dockerconfigjson', 'kubernetes.io/dockercfg']);

/** Proposes the pull secret that is there and was meant, else that a person makes it. */
export const fixPullSecret: ActionKind = {
  kind: 'fix-pull-secret',
  title: 'Correct the pull secret of a workload',
  explanation:
    'Where a pod template, or its ServiceAccount, names a pull secret that is not there: names the one that the last revision with ready pods used, the one of its ServiceAccount, or the only pull secret of the namespace whose name is a slip of the pen away. Where none of them is there, says how a person makes it. Takes no Secret of another type, copies none from another namespace, and never reads or invents credentials.',
  capability: 'access',
  prior: { alpha: 7, beta: 2, basis: 'the Secret is there; what it lets in to was not read' },
  durationMs: { optimistic: MINUTE, likely: 5 * MINUTE, pessimistic: 24 * HOUR },
  baseRisk: 0.07,
  propose: (planning) => planning.assessment.rootCauses.flatMap((cause) => remedyFor(cause, planning) ?? []),
};

/** A workload that names a pull secret which is missing. */
interface Use {
  readonly workload: KubeObject;
  readonly missing: string;
  /** Where it is named: in the template, or in the ServiceAccount. */
  readonly holder: KubeObject;
}

function remedyFor(cause: AssessedRootCause, planning: Planning): Remedy | undefined {
  const uses = planning.findingsOf(cause).flatMap((finding) => useOf(finding, planning.snapshot) ?? []);
  const [first] = uses;
  if (first === undefined) return undefined;
  const drafts = uses.flatMap((use) => corrected(use, cause, planning.snapshot) ?? []);
  const [known] = drafts;
  if (known === undefined || drafts.length < uses.length) return made(cause, first, uses);
  const title = drafts.length === 1 ? known.title : `Correct the pull secret of ${drafts.length} workloads`;
  return { title, resolves: [cause.id], fit: 0.88, drafts };
}

function useOf({ code, facts, resource }: AssessedFinding, snapshot: ClusterSnapshot): Use | undefined {
  const missing = facts?.['objectName'];
  const workload = code === 'workload-pull-secret-missing' ? snapshot.resolve(resource) : undefined;
  if (workload === undefined || typeof missing !== 'string' || templateOf(workload) === undefined) return undefined;
  const { namespace = '' } = workload.metadata;
  if (snapshot.get('Secret', namespace, missing) !== undefined) return undefined;
  if (namesIn(currentTemplate(workload)?.spec).includes(missing)) return { workload, missing, holder: workload };
  const account = accountOf(workload, snapshot);
  return namesIn(account).includes(missing) && account !== undefined
    ? { workload, missing, holder: account }
    : undefined;
}

interface Naming {
  readonly imagePullSecrets?: readonly { readonly name?: string }[];
}

function namesIn(naming: Naming | undefined): readonly string[] {
  return (naming?.imagePullSecrets ?? []).flatMap(({ name = '' }) => (name === '' ? [] : [name]));
}

function accountOf(workload: KubeObject, snapshot: ClusterSnapshot): (KubeObject & Naming) | undefined {
  const name = currentTemplate(workload)?.spec?.serviceAccountName ?? '';
  return snapshot.get('ServiceAccount', workload.metadata.namespace ?? '', name === '' ? 'default' : name);
}

interface Right {
  readonly name: string;
  readonly confidence: number;
  readonly why: string;
}

function corrected(use: Use, cause: AssessedRootCause, snapshot: ClusterSnapshot): ActionDraft | undefined {
  const { workload, missing, holder } = use;
  const right = rightOf(use, snapshot);
  if (right === undefined) return undefined;
  const target = refOf(workload);
  return {
    kind: fixPullSecret.kind,
    title: `Have ${refText(target)} pull with Secret ${right.name}`,
    target,
    part: missing,
    reason: `${cause.statement} ${right.why}.`,
    evidence: [
      fieldEvidence(holder, holder === workload ? 'spec.template.spec.imagePullSecrets' : 'imagePullSecrets', missing),
      ...cause.evidence.slice(0, 2),
    ],
    confidence: right.confidence,
    changes: changesOf(use, right.name, snapshot),
  };
}

function rightOf(use: Use, snapshot: ClusterSnapshot): Right | undefined {
  const { workload, missing, holder } = use;
  const there = snapshot
    .listIn('Secret', workload.metadata.namespace ?? '')
    .flatMap((one) => (TYPES.has((one as { readonly type?: unknown }).type) ? [one.metadata.name] : []));
  const ran = earlierRevisions(workload, snapshot).find(({ ready }) => ready > 0);
  const before = namesIn(ran?.template.spec).find((name) => there.includes(name));
  if (before !== undefined && holder === workload)
    return {
      name: before,
      confidence: 0.9,
      why: `Revision ${ran?.name ?? ''}, which has ready pods, pulls with ${before}`,
    };
  const near = nearName(missing, there);
  if (near !== undefined)
    return { ...near, why: `Pull secret ${near.name} is there, and its name differs by a slip of the pen` };
  const account = accountOf(workload, snapshot);
  const own = holder === workload ? namesIn(account).find((name) => there.includes(name)) : undefined;
  return own === undefined
    ? undefined
    : { name: own, confidence: 0.7, why: `ServiceAccount ${account?.metadata.name ?? ''} pulls with ${own}` };
}

function changesOf({ workload, missing, holder }: Use, name: string, snapshot: ClusterSnapshot): readonly Change[] {
  const exchanged = [...new Set(namesIn(namingOf(holder)).map((one) => (one === missing ? name : one)))];
  if (holder === workload) {
    const lists = exchanged.map((one) => ({ name: one }));
    return templateMerged(workload, { imagePullSecrets: [{ $patch: 'replace' }, ...lists] }, snapshot);
  }
  const patch = { imagePullSecrets: exchanged.map((one) => ({ name: one })) };
  // Names of the ServiceAccount are written into pods when they are made.
  const annotations = { [RESTARTED]: new Date(snapshot.observedAt).toISOString() };
  const restart = { spec: { template: { metadata: { annotations } } } };
  return [
    { kind: 'patch', target: refOf(holder), patch: { type: 'merge', patch } },
    ...(workload.kind === 'CronJob' || workload.kind === 'Job'
      ? []
      : [{ kind: 'patch' as const, target: refOf(workload), patch: { type: 'strategic' as const, patch: restart } }]),
  ];
}

function namingOf(holder: KubeObject): Naming | undefined {
  return holder.kind === 'ServiceAccount' ? (holder as Naming) : currentTemplate(holder)?.spec;
}

function made(cause: AssessedRootCause, { workload, missing }: Use, uses: readonly Use[]): Remedy {
  const { namespace = '' } = workload.metadata;
  const target: ResourceRef = { group: '', kind: 'Secret', namespace, name: missing };
  const title = `Have pull secret ${refText(target)} made`;
  const users = [...new Set(uses.map((use) => `${use.workload.kind} ${use.workload.metadata.name}`))].join(', ');
  const hosts = registriesOf(uses);
  const instruction = `Make the pull secret ${missing} in namespace ${namespace}, of type kubernetes.io/dockerconfigjson, with credentials of ${hosts.join(', ')} from where they are kept: kubectl create secret docker-registry ${shellWord(missing)} -n ${shellWord(namespace)} --docker-server=${hosts[0] === undefined ? '<registry>' : shellWord(hosts[0])} --docker-username="$REGISTRY_USER" --docker-password="$REGISTRY_PASSWORD". Or take the name out of imagePullSecrets, if these images are public. ${users} in namespace ${namespace} ${uses.length === 1 ? 'waits' : 'wait'} for it.`;
  return {
    title,
    resolves: [cause.id],
    fit: 0.4,
    drafts: [
      {
        ...{ kind: fixPullSecret.kind, title, target, confidence: 0.9 },
        reason: `${cause.statement} No other pull secret that may have been meant is in the namespace.`,
        evidence: cause.evidence.slice(0, 3),
        changes: [{ kind: 'manual', instruction }],
        probe: { conditions: [{ kind: 'told', statement: `${refText(target)} is there.` }] },
      },
    ],
  };
}

/** Hosts before the first slash, as far as image names tell; Docker Hub where they name none. */
function registriesOf(uses: readonly Use[]): readonly string[] {
  const images = uses
    .flatMap(({ workload }) => containersOf(currentTemplate(workload) ?? {}))
    .map(({ image = '' }) => image);
  const hosts = images.map((image) => {
    const [first = '', ...rest] = image.split('/');
    return rest.length > 0 && /[.:]|^localhost$/.test(first) ? first : 'https://index.docker.io/v1/';
  });
  return [...new Set(hosts)].sort();
}
