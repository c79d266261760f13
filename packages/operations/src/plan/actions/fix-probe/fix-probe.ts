/** Probes that ask wrongly or too early. */
import { refOf, refText, sameJson, type Container, type KubeObject } from '@aia/cluster';
import type { AssessedFinding, AssessedRootCause } from '@aia/contract';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import type { Planning } from '../../planning.ts';
import type { ActionKind, Remedy } from '../../remedy.ts';
import { concernedWorkloads } from '../../revisions/concerned-workloads.ts';
import { containersOf, currentTemplate, earlierRevisions } from '../../revisions/revisions.ts';
import { templateMerged } from '../../revisions/template-change.ts';

type Probe = NonNullable<Container['livenessProbe']>;
type Name = 'livenessProbe' | 'readinessProbe' | 'startupProbe';

const MINUTE = 60_000;
/** So long a program may take to start where nothing tells how long it takes; whoever starts sooner is not held up. */
const PATIENCE_S = 600;

/** Proposes the probe that an earlier revision had, the port that the container has, or a startup probe. */
export const fixProbe: ActionKind = {
  kind: 'fix-probe',
  title: 'Correct a probe',
  explanation:
    'Where a probe fails although the program runs: gives the container the probe that its last revision with ready pods had; the one port that it has, where nobody listens on the port that is asked; or a startup probe with ten minutes of patience, where the liveness probe kills a program within the time of its start. Refuses where a program answered its probe before it was killed: then the kill is right.',
  capability: 'rollout',
  prior: { alpha: 7, beta: 2, basis: 'the program runs and is only asked wrongly' },
  durationMs: { optimistic: 2 * MINUTE, likely: 5 * MINUTE, pessimistic: 20 * MINUTE },
  baseRisk: 0.08,
  propose: (planning) =>
    planning.causesOf('program-not-ready', 'liveness-probe-kills').flatMap((cause) => remedyFor(cause, planning) ?? []),
};

interface Correction {
  readonly probe: Name;
  readonly value: Probe;
  readonly confidence: number;
  readonly fit: number;
  readonly because: string;
}

function remedyFor(cause: AssessedRootCause, planning: Planning): Remedy | undefined {
  const [workload, ...others] = concernedWorkloads(cause, planning);
  const finding = planning.findingsOf(cause).find(({ code }) => code.startsWith('container-'));
  if (workload === undefined || others.length > 0 || finding === undefined) return undefined;
  const container = containersOf(currentTemplate(workload) ?? {}).find(
    ({ name }) => name === finding.facts?.['container'],
  );
  const isMain = currentTemplate(workload)?.spec?.containers.some(({ name }) => name === container?.name) === true;
  if (container === undefined || !isMain) return undefined;
  const name: Name = cause.class === 'liveness-probe-kills' ? 'livenessProbe' : probeOf(finding);
  const found =
    fromEarlier(workload, container, name, planning) ??
    portOf(container, name, finding) ??
    startup(container, name, finding, planning);
  if (found === undefined) return undefined;
  const target = refOf(workload);
  const title = `Correct the ${found.probe.replace('Probe', '')} probe of ${container.name} in ${refText(target)}`;
  return {
    title,
    resolves: [cause.id],
    fit: found.fit,
    drafts: [
      {
        kind: fixProbe.kind,
        title,
        target,
        part: `${container.name}/${found.probe}`,
        reason: `${cause.statement} ${found.because}.`,
        evidence: [
          fieldEvidence(workload, `containers[${container.name}].${name}`, JSON.stringify(container[name] ?? null)),
          ...cause.evidence.slice(0, 3),
        ],
        confidence: found.confidence,
        changes: templateMerged(
          workload,
          { containers: [{ name: container.name, [found.probe]: inPlaceOf(container[found.probe], found.value) }] },
          planning.snapshot,
        ),
      },
    ],
  };
}

/** Nothing of a probe that is there stays. */
function inPlaceOf(before: Probe | undefined, value: Probe): object {
  return before === undefined ? value : { $patch: 'replace', ...value };
}

function probeOf({ facts }: AssessedFinding): Name {
  return facts?.['probe'] === 'startup' ? 'startupProbe' : 'readinessProbe';
}

function fromEarlier(
  workload: KubeObject,
  container: Container,
  name: Name,
  planning: Planning,
): Correction | undefined {
  const runs = earlierRevisions(workload, planning.snapshot).find(({ ready }) => ready > 0);
  const before =
    runs === undefined ? undefined : containersOf(runs.template).find((one) => one.name === container.name);
  const value = before?.[name];
  if (runs === undefined || value === undefined || sameJson(value, container[name] ?? null)) return undefined;
  const isSame = before?.image === container.image;
  return {
    ...{ probe: name, value },
    fit: isSame ? 0.9 : 0.7,
    confidence: isSame ? 0.9 : 0.6,
    because: `Revision ${runs.name}${isSame ? ' of the same image' : ''} is asked otherwise and has ready pods`,
  };
}

/** Nobody listens where the probe asks, and the container has one port. */
function portOf(container: Container, name: Name, { facts }: AssessedFinding): Correction | undefined {
  const probe = container[name];
  const ports = (container.ports ?? []).filter(({ protocol = 'TCP' }) => protocol === 'TCP');
  const [port] = ports;
  const handler = probe?.httpGet === undefined ? 'tcpSocket' : 'httpGet';
  const asked = probe?.[handler]?.port;
  if (probe === undefined || asked === undefined || port === undefined || ports.length > 1) return undefined;
  if (asked === port.containerPort || asked === port.name || !/refused/.test(String(facts?.['cause'] ?? '')))
    return undefined;
  return {
    ...{ probe: name, fit: 0.85, confidence: 0.75 },
    value: { ...probe, [handler]: { ...probe[handler], port: port.containerPort } } as Probe,
    because: `Nobody listens on port ${asked}, and the only port of the container is ${port.containerPort}`,
  };
}

/** It was killed within the time that its liveness probe has for it, so it may never have come to answer. */
function startup(
  container: Container,
  name: Name,
  { resource, facts }: AssessedFinding,
  { snapshot }: Planning,
): Correction | undefined {
  const probe = container.livenessProbe;
  if (name !== 'livenessProbe' || probe === undefined || container.startupProbe !== undefined) return undefined;
  if (facts?.['cause'] !== 'liveness') return undefined;
  const pod = snapshot.get('Pod', resource.namespace, resource.name);
  const last = pod?.status?.containerStatuses?.find((one) => one.name === container.name)?.lastState?.terminated;
  const ranMs = Date.parse(last?.finishedAt ?? '') - Date.parse(last?.startedAt ?? '');
  const { initialDelaySeconds = 0, periodSeconds = 10, failureThreshold = 3, timeoutSeconds = 1 } = probe;
  const patienceMs = 1000 * (initialDelaySeconds + periodSeconds * (failureThreshold + 1) + timeoutSeconds);
  const graceMs = 1000 * (pod?.spec?.terminationGracePeriodSeconds ?? 30);
  if (!(ranMs <= patienceMs + graceMs)) return undefined;
  const { httpGet, tcpSocket, grpc, exec } = probe;
  const handler = Object.fromEntries(
    Object.entries({ httpGet, tcpSocket, grpc, exec }).filter(([, one]) => one !== undefined),
  );
  return {
    ...{ probe: 'startupProbe', fit: 0.7, confidence: 0.6 },
    value: { ...handler, periodSeconds: 10, failureThreshold: PATIENCE_S / 10, timeoutSeconds } as Probe,
    because: `It was killed ${Math.round(ranMs / 1000)} s after its start, within the time that its liveness probe gives, so it has not come to answer; a startup probe spares it until it does`,
  };
}
