/** Ingresses and Gateways take their certificates from Secrets that are there. */
import { compare, refOf, refText, type KindMap, type KubeObject } from '@aia/cluster';
import type { AssessedFinding, AssessedRootCause } from '@aia/contract';
import { covers } from '../../../diagnose/certificates/certificates.ts';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import { shellWord } from '../../effects/shell.ts';
import { byPerson } from '../../network/by-person.ts';
import { likeness } from '../../network/likeness.ts';
import type { Planning } from '../../planning.ts';
import type { ActionDraft, ActionKind, Remedy } from '../../remedy.ts';

const MINUTE = 60_000;

/** Proposes the Secret that was meant. */
export const fixTlsSecret: ActionKind = {
  kind: 'fix-tls-secret',
  title: 'Name the TLS Secret that there is',
  explanation:
    'Names, in an Ingress, a TLS Secret of the namespace in place of one that does not exist: one whose certificate covers the hosts, or one of a similar name whose certificate nobody has read. Refuses where no Secret covers the hosts; the commands that make one are then told to a person, since keys cannot be invented.',
  capability: 'certificates',
  prior: { alpha: 9, beta: 1, basis: 'a certificate that covers the hosts serves them' },
  durationMs: { optimistic: MINUTE, likely: 5 * MINUTE, pessimistic: 20 * MINUTE },
  baseRisk: 0.05,
  propose: (planning) =>
    planning
      .causesOf('ingress-tls-secret-missing', 'gateway-tls-secret-missing')
      .flatMap((cause) => remediesFor(cause, planning)),
};

function remediesFor(cause: AssessedRootCause, planning: Planning): readonly Remedy[] {
  const findings = planning.findingsOf(cause).filter(({ code }) => code === cause.class);
  const drafts = findings.map((finding) => draftFor(finding, planning));
  const sure = drafts.filter((draft) => draft !== undefined);
  const [first] = sure;
  const [namespace = '', name = ''] = String(findings[0]?.facts['secret'] ?? '').split('/');
  const manual = byPerson(cause, {
    kind: fixTlsSecret.kind,
    title: `Make the TLS Secret ${namespace}/${name}`,
    target: cause.resource,
    instruction: `Obtain a certificate for the hosts with its key, and make the Secret: kubectl create secret tls ${shellWord(name)} -n ${shellWord(namespace)} --cert=tls.crt --key=tls.key. Where cert-manager is to make it, see why its Certificate is not ready.`,
    statement: `Secret ${namespace}/${name} holds a certificate and its key`,
    fit: 0.4,
  });
  if (first === undefined || sure.length < drafts.length) return [manual];
  return [{ title: first.title, resolves: [cause.id], fit: 1, drafts: sure }, manual];
}

function draftFor({ resource, facts }: AssessedFinding, planning: Planning): ActionDraft | undefined {
  const object = planning.object(resource);
  const [namespace = '', name = ''] = String(facts['secret']).split('/');
  const found = object?.kind === 'Ingress' ? meantSecret(namespace, name, hostsOf(object, name), planning) : undefined;
  if (object === undefined || found === undefined) return undefined;
  const ref = refOf(object);
  const places = (object as KindMap['Ingress']).spec?.tls ?? [];
  return {
    kind: fixTlsSecret.kind,
    title: `Let ${refText(ref)} take its certificate from Secret ${found.name} instead of ${name}`,
    target: ref,
    part: name,
    reason: `${refText(ref)} names Secret ${name}, which does not exist. ${found.why}`,
    evidence: [fieldEvidence(object, 'spec.tls[*].secretName', name)],
    confidence: found.confidence,
    changes: [
      {
        kind: 'patch',
        target: ref,
        patch: {
          type: 'json',
          operations: places.flatMap(({ secretName }, at) =>
            secretName === name
              ? [{ op: 'replace' as const, path: `/spec/tls/${at}/secretName`, value: found.name }]
              : [],
          ),
        },
      },
    ],
    probe: { conditions: [{ kind: 'address', target: ref }], withinMs: 20 * MINUTE },
  };
}

function hostsOf(object: KubeObject, secret: string): readonly string[] {
  return ((object as KindMap['Ingress']).spec?.tls ?? [])
    .filter(({ secretName }) => secretName === secret)
    .flatMap(({ hosts = [] }) => hosts);
}

function meantSecret(namespace: string, name: string, hosts: readonly string[], { snapshot }: Planning) {
  const covering = snapshot.certificates
    .flatMap((one) =>
      one.source.kind === 'secret' && one.source.ref.namespace === namespace && one.notAfterAt > snapshot.observedAt
        ? [{ one, secret: one.source.ref.name }]
        : [],
    )
    .filter(({ one }) => hosts.length > 0 && hosts.every((host) => covers(one, host)))
    .sort((a, b) => likeness(name, b.secret) - likeness(name, a.secret) || compare(a.secret, b.secret));
  const [best] = covering;
  if (best !== undefined)
    return {
      name: best.secret,
      confidence: 0.9,
      why: `The certificate in Secret ${best.secret} covers ${hosts.join(', ')}.`,
    };
  const read = new Set(
    snapshot.certificates.map(({ source }) =>
      source.kind === 'secret' ? `${source.ref.namespace}/${source.ref.name}` : '',
    ),
  );
  const near = snapshot
    .listIn('Secret', namespace)
    .filter(({ type, metadata }) => type === 'kubernetes.io/tls' && !read.has(`${namespace}/${metadata.name}`))
    .map(({ metadata }) => ({ secret: metadata.name, like: likeness(name, metadata.name) }))
    .filter(({ like }) => like > 0)
    .sort((a, b) => b.like - a.like || compare(a.secret, b.secret));
  const [first, second] = near;
  return first === undefined || second?.like === first.like
    ? undefined
    : {
        name: first.secret,
        confidence: 0.5 + first.like * 0.25,
        why: `Secret ${first.secret} has the likest name in the namespace.`,
      };
}
