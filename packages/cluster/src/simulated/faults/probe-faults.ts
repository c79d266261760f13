/**
 * Probes that ask wrongly, too early, or rightly of programs that are not ready.
 * Source: https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/
 */
import type { Container } from '../../model/kinds.ts';
import type { FaultKind, ParameterValues } from './fault.ts';
import { flawedRollout, newVersion, rowFor, SECOND } from './flawed-rollout.ts';

const SOURCE = 'https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/';
const PROBES = ['readinessProbe', 'livenessProbe', 'startupProbe'] as const;

type Probe = NonNullable<Container['livenessProbe']>;
type HttpGet = NonNullable<Probe['httpGet']>;

const WHICH = {
  type: 'choice',
  summary: 'which of its probes',
  choices: ['readiness', 'liveness'],
  default: 'readiness',
} as const;

/** A probe of which something holds: rather the one of that name, else another of the container. */
function probeOf(container: Container, first: string, wanted: (probe: Probe) => boolean): Probe | undefined {
  const own = [container[`${first}Probe` as 'livenessProbe'], ...PROBES.map((name) => container[name])];
  return own.find((probe) => probe !== undefined && wanted(probe));
}

function classesOf({ probe }: ParameterValues): readonly string[] {
  return probe === 'liveness' ? ['liveness-probe-kills'] : ['program-not-ready'];
}

const wrongPath = flawedRollout({
  name: 'probe-path-wrong',
  family: 'program',
  summary: 'A probe asks for a path that the program does not serve.',
  source: SOURCE,
  parameters: { probe: WHICH },
  classes: [],
  suits: ({ container }) => probeOf(container, 'readiness', asksHttp) !== undefined,
  mistake: (rollout, values) => {
    const { container } = rollout;
    const which = String(values['probe']);
    const probe = probeOf(container, which, asksHttp) as Probe;
    const known = PROBES.flatMap((name) => container[name]?.httpGet?.path ?? '/');
    const path = otherPath(probe.httpGet?.path ?? '/', known);
    const isWrong = ({ [`${which}Probe` as 'livenessProbe']: asked }: Container) =>
      asked?.httpGet !== undefined && !known.includes(asked.httpGet.path ?? '/');
    return {
      first: { [`${which}Probe`]: { ...probe, successThreshold: 1, httpGet: { ...probe.httpGet, path } as HttpGet } },
      row: rowFor(rollout, container.name, ({ spec }) =>
        isWrong(spec)
          ? { failsProbes: [which === 'liveness' ? which : 'readiness'], probeAnswer: { status: 404 } }
          : undefined,
      ),
      remedy: `Let the ${which} probe ask for ${probe.httpGet?.path ?? '/'} again.`,
      classes: classesOf(values),
    };
  },
});

function asksHttp({ httpGet }: Probe): boolean {
  return httpGet !== undefined;
}

/** Paths that other programs are asked for. */
function otherPath(path: string, known: readonly string[]): string {
  const all = ['/health', '/healthz', '/ready', '/status', '/actuator/health', `${path}/ping`];
  return all.find((one) => !known.includes(one)) ?? `${path}x`;
}

const wrongPort = flawedRollout({
  name: 'probe-port-wrong',
  family: 'program',
  summary: 'A probe asks at a port on which nothing listens.',
  source: SOURCE,
  parameters: { probe: WHICH },
  classes: [],
  suits: ({ container }) => probeOf(container, 'readiness', asksAtPort) !== undefined,
  mistake: (rollout, values) => {
    const { container } = rollout;
    const which = String(values['probe']);
    const probe = probeOf(container, which, asksAtPort) as Probe;
    const listens = portsOf(container);
    const port = Math.max(...listens) + 1;
    return {
      first: { [`${which}Probe`]: { ...atPort(probe, port), successThreshold: 1 } },
      row: rowFor(rollout, container.name, () => ({ listens })),
      remedy: `Let the ${which} probe ask at the port that the program listens on.`,
      classes: classesOf(values),
    };
  },
});

function asksAtPort({ httpGet, tcpSocket }: Probe): boolean {
  return (httpGet ?? tcpSocket) !== undefined;
}

function atPort({ httpGet, tcpSocket, ...probe }: Probe, port: number): Probe {
  return httpGet === undefined
    ? { ...probe, tcpSocket: { ...tcpSocket, port } }
    : { ...probe, httpGet: { ...httpGet, port } };
}

/** Ports that a container is known to listen on. */
function portsOf(container: Container): readonly number[] {
  const asked = PROBES.flatMap((name) => {
    const { httpGet, tcpSocket, grpc } = container[name] ?? {};
    const port = Number(httpGet?.port ?? tcpSocket?.port ?? grpc?.port);
    return Number.isInteger(port) ? [port] : [];
  });
  return [...new Set([...(container.ports ?? []).map(({ containerPort }) => containerPort), ...asked])];
}

const neverReady = flawedRollout({
  name: 'never-ready',
  family: 'program',
  summary: 'A new version runs, and says of itself that it is not ready.',
  source: SOURCE,
  classes: ['program-not-ready'],
  suits: ({ container }) => container.readinessProbe !== undefined,
  mistake: (rollout) => {
    const log = ['starting', 'waiting for the schema registry to become consistent'];
    const { image, row } = newVersion(rollout, { failsProbes: ['readiness'], log });
    return { first: { image }, row, remedy: `Roll back to ${rollout.container.image ?? 'the previous version'}.` };
  },
});

const slowStart = flawedRollout({
  name: 'liveness-too-early',
  family: 'program',
  summary: 'A new version takes longer to start than its liveness probe waits.',
  source: `${SOURCE}#define-startup-probes`,
  parameters: {
    startSeconds: {
      type: 'number',
      summary: 'that it takes to start',
      ...{ min: 60, max: 300, default: 90, unit: 's' },
    },
    patienceSeconds: {
      type: 'number',
      summary: 'that the probe waits',
      ...{ min: 15, max: 45, default: 30, unit: 's' },
    },
  },
  classes: ['liveness-probe-kills'],
  suits: ({ container }) =>
    probeOf(container, 'liveness', () => true) !== undefined && container.startupProbe === undefined,
  mistake: (rollout, { startSeconds, patienceSeconds }) => {
    const probe = probeOf(rollout.container, 'liveness', () => true) as Probe;
    const { image, row } = newVersion(rollout, { startMs: Number(startSeconds) * SECOND });
    const failureThreshold = 3;
    const periodSeconds = Math.max(1, Math.floor(Number(patienceSeconds) / failureThreshold));
    const livenessProbe = { ...probe, initialDelaySeconds: 0, successThreshold: 1, periodSeconds, failureThreshold };
    return {
      first: { image, livenessProbe },
      row,
      remedy: 'Give it a startup probe with enough patience, or a liveness probe that begins later.',
    };
  },
});

/** Kinds of the family `program` that lie in what probes ask. */
export const PROBE_FAULTS: readonly FaultKind[] = [wrongPath, wrongPort, neverReady, slowStart];
