/** Webhooks and aggregated APIs are trusted by the authority that signed their certificates. */
import { refOf, refText, type KubeObject } from '@aia/cluster';
import type { AssessedFinding, AssessedRootCause } from '@aia/contract';
import { renewalOfSecret } from '../../../diagnose/certificates/certificate-renewal.ts';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import { shellWord } from '../../effects/shell.ts';
import { byPerson } from '../../network/by-person.ts';
import { escapedStep } from '../../network/json-pointer.ts';
import type { Planning } from '../../planning.ts';
import type { ActionDraft, ActionKind, Remedy } from '../../remedy.ts';

const MINUTE = 60_000;
const INJECT = 'cert-manager.io/inject-ca-from';

/** Proposes that cert-manager keeps the bundle; else says how to put it there. */
export const fixCaBundle: ActionKind = {
  kind: 'fix-ca-bundle',
  title: 'Put the right authority into a CA bundle',
  explanation:
    "Has cert-manager's injector keep the caBundle of a webhook configuration or an APIService, where cert-manager makes the serving certificate and the injector runs. Else a person is told the command that copies ca.crt of the Secret into the bundle; authorities are never made up.",
  capability: 'certificates',
  prior: { alpha: 9, beta: 1, basis: 'the injector fills the bundle within seconds' },
  durationMs: { optimistic: MINUTE, likely: 3 * MINUTE, pessimistic: 15 * MINUTE },
  baseRisk: 0.05,
  propose: (planning) => planning.causesOf('webhook-ca-mismatch').flatMap((cause) => remediesFor(cause, planning)),
};

function remediesFor(cause: AssessedRootCause, planning: Planning): readonly Remedy[] {
  const findings = planning.findingsOf(cause).filter(({ code }) => code === 'webhook-ca-mismatch');
  const [finding] = findings;
  if (finding === undefined) return [];
  const drafts = findings.map((one) => draftFor(one, planning));
  const sure = drafts.filter((draft) => draft !== undefined);
  const [first] = sure;
  const [namespace = 'NAMESPACE', name = 'SECRET'] = String(finding.facts['secret'] ?? 'NAMESPACE/SECRET').split('/');
  const kind = finding.resource.kind.toLowerCase();
  const manual = byPerson(cause, {
    kind: fixCaBundle.kind,
    title: `Put the authority of Secret ${namespace}/${name} into ${refText(finding.resource)}`,
    target: finding.resource,
    instruction: `Copy the authority of the serving certificate into the bundle: CA=$(kubectl get secret ${shellWord(name)} -n ${shellWord(namespace)} -o jsonpath='{.data.ca\\.crt}') and kubectl patch ${shellWord(kind)} ${shellWord(finding.resource.name)} --type=json -p "[{\\"op\\":\\"add\\",\\"path\\":\\"/webhooks/0/clientConfig/caBundle\\",\\"value\\":\\"$CA\\"}]", for each webhook that this Service answers.`,
    statement: `the API server trusts what answers ${refText(finding.resource)}`,
    fit: 0.45,
  });
  if (first === undefined || sure.length < drafts.length) return [manual];
  return [{ title: first.title, resolves: [cause.id], fit: 1, drafts: sure }, manual];
}

function draftFor({ resource, facts, message }: AssessedFinding, planning: Planning): ActionDraft | undefined {
  const object = planning.object(resource);
  const [namespace, name] = String(facts['secret'] ?? '').split('/');
  if (object === undefined || namespace === undefined || name === undefined || !hasInjector(planning)) return undefined;
  const renewal = renewalOfSecret(planning.examination, { group: '', kind: 'Secret', namespace, name });
  if (renewal.by !== 'cert-manager' || renewal.resource === undefined) return undefined;
  const from = `${renewal.resource.namespace}/${renewal.resource.name}`;
  return {
    kind: fixCaBundle.kind,
    title: `Have cert-manager keep the CA bundle of ${refText(resource)}`,
    target: refOf(object),
    reason: `${message} cert-manager makes the serving certificate by Certificate ${from}, and its injector can keep the bundle.`,
    evidence: [
      fieldEvidence(object, `metadata.annotations['${INJECT}']`, object.metadata.annotations?.[INJECT] ?? '(none)'),
    ],
    confidence: 0.88,
    changes: [
      {
        kind: 'patch',
        target: refOf(object),
        patch: { type: 'json', operations: [annotation(object, from)] },
      },
    ],
  };
}

function annotation({ metadata }: KubeObject, from: string) {
  return metadata.annotations === undefined
    ? { op: 'add' as const, path: '/metadata/annotations', value: { [INJECT]: from } }
    : { op: 'add' as const, path: `/metadata/annotations/${escapedStep(INJECT)}`, value: from };
}

function hasInjector({ snapshot }: Planning): boolean {
  return snapshot
    .list('Deployment')
    .some(({ metadata, status }) => metadata.name.includes('cainjector') && (status?.readyReplicas ?? 0) > 0);
}
