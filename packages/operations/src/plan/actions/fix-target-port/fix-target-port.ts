/** Services send again to a port that their pods have. */
import { refOf, refText, type Service } from '@aia/cluster';
import type { AssessedFinding, AssessedRootCause } from '@aia/contract';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import { targetOf } from '../../../diagnose/services/target-ports.ts';
import { likest } from '../../network/likeness.ts';
import type { Planning } from '../../planning.ts';
import type { ActionDraft, ActionKind, Remedy } from '../../remedy.ts';

const MINUTE = 60_000;

type ServicePort = NonNullable<NonNullable<Service['spec']>['ports']>[number];

/** A port that a container declares. */
interface DeclaredPort {
  readonly name: string | undefined;
  readonly number: number;
  readonly protocol: string;
}

/** A port with why it is the one that was meant. */
interface Choice {
  readonly port: DeclaredPort;
  readonly confidence: number;
  readonly why: string;
}

/** Proposes, for a Service port that leads to no port of the pods, the port that was most likely meant. */
export const fixTargetPort: ActionKind = {
  kind: 'fix-target-port',
  title: 'Correct the target port of a Service',
  explanation:
    'Sends a port of a Service to a port that the containers behind it declare: the only one of its protocol, the one of a similar name, the one of the name or number of the Service port. Refuses where several come into question and nothing tells which.',
  capability: 'networking',
  prior: { alpha: 18, beta: 2, basis: 'a declared port is nearly always listened on' },
  durationMs: { optimistic: MINUTE, likely: 2 * MINUTE, pessimistic: 5 * MINUTE },
  baseRisk: 0.04,
  propose: (planning) =>
    planning.causesOf('service-target-port-missing').flatMap((cause) => remedyFor(cause, planning) ?? []),
};

function remedyFor(cause: AssessedRootCause, planning: Planning): Remedy | undefined {
  const drafts = planning
    .findingsOf(cause)
    .filter(({ code }) => code === 'service-target-port-missing')
    .map((finding) => draftFor(finding, planning));
  const sure = drafts.filter((draft) => draft !== undefined);
  const [first] = sure;
  if (first === undefined || sure.length < drafts.length) return undefined;
  return { title: first.title, resolves: [cause.id], fit: 1, drafts: sure };
}

function draftFor({ resource, facts }: AssessedFinding, planning: Planning): ActionDraft | undefined {
  const service = planning.object(resource) as Service | undefined;
  const ports = service?.spec?.ports ?? [];
  const at = ports.findIndex((one) => one.port === facts['port'] && String(targetOf(one)) === String(facts['target']));
  const port = ports[at];
  const declared = (facts['declared'] as readonly string[] | undefined) ?? [];
  const choice = port === undefined ? undefined : chosen(port, ports, declared.flatMap(parsed));
  if (service === undefined || port === undefined || choice === undefined) return undefined;
  const ref = refOf(service);
  const target = choice.port.name ?? choice.port.number;
  return {
    kind: fixTargetPort.kind,
    title: `Send port ${port.port} of ${refText(ref)} to port ${target} of its pods`,
    target: ref,
    part: String(port.name ?? port.port),
    reason: `Port ${port.port} of ${refText(ref)} leads to port ${String(facts['target'])}, which no container behind it has. ${choice.why}.`,
    evidence: [
      fieldEvidence(service, `spec.ports[${at}].targetPort`, targetOf(port)),
      { kind: 'calculation', text: `The containers behind it declare ${declared.join(', ') || 'no port'}.` },
    ],
    confidence: choice.confidence,
    changes: [
      {
        kind: 'patch',
        target: ref,
        patch: {
          type: 'json',
          operations: [
            { op: 'test', path: `/spec/ports/${at}/port`, value: port.port },
            {
              op: port.targetPort === undefined ? 'add' : 'replace',
              path: `/spec/ports/${at}/targetPort`,
              value: target,
            },
          ],
        },
      },
    ],
    probe: { conditions: [{ kind: 'endpoints', target: ref }], withinMs: 5 * MINUTE },
  };
}

/** `http=8080/TCP`, as findings write ports. */
function parsed(text: string): readonly DeclaredPort[] {
  const [, name, number, protocol = 'TCP'] = /^(?:([^=]{1,63})=)?(\d{1,5})\/([A-Z]{3,4})$/.exec(text) ?? [];
  return number === undefined ? [] : [{ name, number: Number(number), protocol }];
}

function chosen(port: ServicePort, ports: readonly ServicePort[], all: readonly DeclaredPort[]): Choice | undefined {
  const open = all.filter(({ protocol }) => protocol === (port.protocol ?? 'TCP'));
  const taken = new Set(ports.filter((one) => one !== port).map((one) => String(targetOf(one))));
  const free = open.filter(({ name, number }) => !taken.has(String(number)) && !taken.has(name ?? ''));
  const text = ({ name, number }: DeclaredPort) => (name === undefined ? String(number) : `${name} (${number})`);
  const ways: readonly (readonly [DeclaredPort | undefined, number, string])[] = [
    [only(open), 0.93, 'The containers declare no other port of that protocol'],
    [likest(String(targetOf(port)), named(free), nameOf)?.one, 0.85, 'Its name is nearest to what was written'],
    [free.find(({ name }) => name !== undefined && name === port.name), 0.85, 'It has the name of the Service port'],
    [free.find(({ number }) => number === port.port), 0.85, 'It has the number of the Service port'],
    [only(free), 0.8, 'The Service leads to the other ports already'],
    [free.find(({ name }) => name === 'http' || name === 'web'), 0.6, 'It is the one that speaks HTTP by its name'],
  ];
  const found = ways.find(([one]) => one !== undefined);
  if (found?.[0] === undefined) return undefined;
  return { port: found[0], confidence: found[1], why: `Port ${text(found[0])} was meant: ${lowered(found[2])}` };
}

function lowered(sentence: string): string {
  return `${sentence.slice(0, 1).toLowerCase()}${sentence.slice(1)}`;
}

function named(ports: readonly DeclaredPort[]): readonly DeclaredPort[] {
  return ports.filter(({ name }) => name !== undefined);
}

function nameOf({ name = '' }: DeclaredPort): string {
  return name;
}

function only<T>(all: readonly T[]): T | undefined {
  return all.length === 1 ? all[0] : undefined;
}
