/** Load balancers and nodes that the cloud refuses for reasons that no change of the cluster takes away: what a person does about each. */
import { refText, type Service } from '@aia/cluster';
import type { AssessedFinding, AssessedRootCause } from '@aia/contract';
import { regionOf } from '../../complete-action.ts';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import { byPerson } from '../../network/by-person.ts';
import { escapedStep } from '../../network/json-pointer.ts';
import { likest } from '../../network/likeness.ts';
import type { Planning } from '../../planning.ts';
import type { ActionDraft, ActionKind, Remedy } from '../../remedy.ts';
import { INSTRUCTIONS } from './instructions.ts';

const MINUTE = 60_000;
const ADDRESS_NAMES = 'networking.gke.io/load-balancer-ip-addresses';
const ADDRESS_NAME = /^[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?$/;

/** Names another address, or tells a person what the refusal asks for. */
export const answerRefusal: ActionKind = {
  kind: 'answer-refusal',
  title: 'Do what a refusal of the cloud asks for',
  explanation:
    'For load balancers and nodes that the cloud refuses for another reason than quota, stock or a missing role. A Service that names a reserved address which does not exist gets the name of the reserved one that is alike, or the address is reserved under that name. For all else (an address of somebody else, a subnet without addresses, policies of the organisation, reservations, service accounts, limits of the autoscaler) it tells a person what to look at and what to change, with the commands.',
  capability: 'networking',
  prior: { alpha: 7, beta: 3, basis: 'the refusal says what it lacks' },
  durationMs: { optimistic: 10 * MINUTE, likely: 2 * 60 * MINUTE, pessimistic: 48 * 60 * MINUTE },
  baseRisk: 0.04,
  propose: (planning) =>
    planning.causesOf('load-balancer-*', 'scale-up-refused-*').flatMap((cause) => {
      const instruction = Object.hasOwn(INSTRUCTIONS, cause.class) ? INSTRUCTIONS[cause.class] : undefined;
      const person = instruction === undefined ? [] : [asked(cause, instruction)];
      return [...(addressRemedy(cause, planning) ?? []), ...person];
    }),
};

function asked(cause: AssessedRootCause, instruction: string): Remedy {
  return byPerson(cause, {
    kind: answerRefusal.kind,
    title: `Take away why ${refText(cause.resource)} is refused`,
    target: cause.resource,
    instruction,
    statement: `the cloud no longer refuses ${refText(cause.resource)}`,
    fit: 0.4,
  });
}

/** For Services that name a reserved address which is not there. */
function addressRemedy(cause: AssessedRootCause, planning: Planning): readonly Remedy[] | undefined {
  if (cause.class !== 'load-balancer-not-found' && cause.class !== 'load-balancer-address-conflict') return undefined;
  const { addresses, provider } = planning.snapshot.cloud;
  if (provider !== 'gcp' || addresses === undefined) return undefined;
  return planning
    .findingsOf(cause)
    .filter(({ code }) => code === 'load-balancer-pending')
    .flatMap((finding) => draftsFor(finding, cause, planning));
}

function draftsFor({ resource }: AssessedFinding, cause: AssessedRootCause, planning: Planning): readonly Remedy[] {
  const service = planning.object(resource) as Service | undefined;
  const name = service?.metadata.annotations?.[ADDRESS_NAMES];
  const { addresses = [] } = planning.snapshot.cloud;
  if (service === undefined || name === undefined || !ADDRESS_NAME.test(name)) return [];
  if (addresses.some((one) => one.name === name)) return [];
  const region = regionOf(planning);
  const free = addresses.filter((one) => one.region === region && one.users.length === 0);
  const near = likest(name, free, (one) => one.name)?.one;
  const said = {
    ...{ kind: answerRefusal.kind, target: resource, evidence: evidenceOf(service, name) },
    probe: { conditions: [{ kind: 'address' as const, target: resource }], withinMs: 20 * MINUTE },
  };
  const remedyOf = (draft: ActionDraft, fit: number): Remedy => ({
    ...{ title: draft.title, resolves: [cause.id], fit },
    drafts: [draft],
  });
  const reserve = remedyOf(
    {
      ...said,
      title: `Reserve an address as ${name}`,
      part: 'reserve',
      reason: `${refText(resource)} names the reserved address ${name}, which does not exist in ${region}: reserved under that name, it gets one. Who calls it by another number has to be told the new one.`,
      confidence: 0.6,
      changes: [{ kind: 'cloud', call: { operation: 'reserve-address', name, region } }],
    },
    0.7,
  );
  if (near === undefined) return [reserve];
  const path = `/metadata/annotations/${escapedStep(ADDRESS_NAMES)}`;
  const operations = [
    { op: 'test' as const, path, value: name },
    { op: 'replace' as const, path, value: near.name },
  ];
  const rename = remedyOf(
    {
      ...said,
      title: `Have ${refText(resource)} use address ${near.name} instead of ${name}`,
      part: 'name',
      reason: `${refText(resource)} names the reserved address ${name}, which does not exist; ${near.name} is reserved in ${region}, is used by nothing and has the likest name.`,
      confidence: 0.75,
      changes: [{ kind: 'patch', target: resource, patch: { type: 'json', operations } }],
    },
    0.9,
  );
  return [rename, reserve];
}

function evidenceOf(service: Service, name: string) {
  return [fieldEvidence(service, `metadata.annotations["${ADDRESS_NAMES}"]`, name)];
}
