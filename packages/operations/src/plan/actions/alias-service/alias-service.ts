/** Names that programs call and that no Service has lead to the Service that was meant. */
import { refText, type Service } from '@aia/cluster';
import type { AssessedRootCause } from '@aia/contract';
import { absenceEvidence, fieldEvidence } from '../../../diagnose/examination.ts';
import { likest } from '../../network/likeness.ts';
import type { Planning } from '../../planning.ts';
import type { ActionKind, Remedy } from '../../remedy.ts';

const MINUTE = 60_000;

/** Proposes an ExternalName Service. */
export const aliasService: ActionKind = {
  kind: 'alias-service',
  title: 'Give a Service the name that programs call it by',
  explanation:
    'Makes a Service of type ExternalName by the name that a program calls and that does not exist, which leads to the Service of the likest name: of the same namespace, or of the same name in the only other namespace that has one. Clients go on calling the same port, so that the Service has to have it by its own number; programs that check the host name of TLS or HTTP need the right name in their configuration instead. Refuses where nothing is alike.',
  capability: 'networking',
  prior: { alpha: 7, beta: 3, basis: 'names resolve at once; some programs check host names' },
  durationMs: { optimistic: MINUTE, likely: 5 * MINUTE, pessimistic: 20 * MINUTE },
  baseRisk: 0.06,
  propose: (planning) => planning.causesOf('service-name-unknown').flatMap((cause) => remedyFor(cause, planning) ?? []),
};

function remedyFor(cause: AssessedRootCause, planning: Planning): Remedy | undefined {
  const { namespace, name } = cause.resource;
  const found = meantService(namespace, name, planning);
  if (found === undefined || planning.snapshot.get('Namespace', '', namespace) === undefined) return undefined;
  const { one, confidence } = found;
  const host = `${one.metadata.name}.${one.metadata.namespace ?? ''}.svc.cluster.local`;
  const ref = { group: '', kind: 'Service', namespace, name };
  const title = `Let the name ${name}.${namespace} lead to ${host}`;
  return {
    title,
    resolves: [cause.id],
    fit: 0.7,
    drafts: [
      {
        kind: aliasService.kind,
        title,
        target: ref,
        reason: `${cause.title}. ${refText({ ...ref, namespace: one.metadata.namespace ?? '', name: one.metadata.name })} has the likest name. The name in the configuration of the callers is better put right with their next release.`,
        evidence: [
          absenceEvidence('Service', namespace, name, 'not among the Services of the namespace'),
          fieldEvidence(one, 'metadata.name', one.metadata.name),
          ...cause.evidence.slice(0, 2),
        ],
        confidence,
        changes: [
          {
            kind: 'create',
            object: {
              ...{ apiVersion: 'v1', kind: 'Service', metadata: { name, namespace } },
              spec: { type: 'ExternalName', externalName: host },
            },
          },
        ],
        probe: { conditions: [{ kind: 'exists', target: ref }] },
      },
    ],
  };
}

function meantService(namespace: string, name: string, { snapshot }: Planning) {
  const isOpen = ({ spec, metadata }: Service) =>
    spec?.type !== 'ExternalName' && metadata.deletionTimestamp === undefined;
  const near = likest(name, snapshot.listIn('Service', namespace).filter(isOpen), ({ metadata }) => metadata.name);
  if (near !== undefined) return { one: near.one, confidence: near.likeness * 0.85 };
  const same = snapshot.list('Service').filter((one) => isOpen(one) && one.metadata.name === name);
  const [one] = same;
  return one === undefined || same.length > 1 ? undefined : { one, confidence: 0.75 };
}
