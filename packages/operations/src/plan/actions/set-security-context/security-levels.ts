/** Pod specs that meet a level of the Pod Security Standards. Source: https://kubernetes.io/docs/concepts/security/pod-security-standards/ */
import type { Container, PodSpec } from '@aia/cluster';
import { without } from '../../rollout/without.ts';

/** A level that demands something. */
export type Level = 'baseline' | 'restricted';

/** A user without rights, where none is known that the program ran as. */
const UNPRIVILEGED = 65_532;
/** What `baseline` lets containers add. */
const USUAL: ReadonlySet<string> = new Set([
  ...['AUDIT_WRITE', 'CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'MKNOD', 'NET_BIND_SERVICE'],
  ...['SETFCAP', 'SETGID', 'SETPCAP', 'SETUID', 'SYS_CHROOT'],
]);

/** Whether it asks for what is the node's, which no security context replaces. */
export function needsNode(spec: PodSpec): boolean {
  const ports = allOf(spec).flatMap(({ ports: own = [] }) => own);
  return (
    spec.hostNetwork === true ||
    spec.hostPID === true ||
    spec.hostIPC === true ||
    (spec.volumes ?? []).some(({ hostPath }) => hostPath !== undefined) ||
    ports.some(({ hostPort = 0 }) => hostPort !== 0)
  );
}

/**
 * The spec with what a level demands and nothing taken away that it allows; `user` alone only keeps its containers from running as root.
 * `known`: a user that the program ran as before.
 */
export function meeting(spec: PodSpec, level: Level | 'user', known: number | undefined): PodSpec {
  const asUser = { runAsNonRoot: true, runAsUser: userOf(spec.securityContext?.runAsUser, known) };
  const seccomp = { seccompProfile: { type: 'RuntimeDefault' } };
  const pod = { ...spec.securityContext, ...(level !== 'baseline' && asUser), ...(level === 'restricted' && seccomp) };
  const change = (one: Container): Container => containerMeeting(one, level);
  return {
    ...spec,
    ...(Object.keys(pod).length > 0 && { securityContext: pod }),
    containers: spec.containers.map(change),
    ...(spec.initContainers !== undefined && { initContainers: spec.initContainers.map(change) }),
  } as PodSpec;
}

function userOf(stated: number | undefined, known: number | undefined): number {
  return stated !== undefined && stated > 0 ? stated : (known ?? UNPRIVILEGED);
}

function containerMeeting(container: Container, level: Level | 'user'): Container {
  const own = container.securityContext ?? {};
  // The pod's holds for it then; what it says itself would hold before.
  const isRoot = own.runAsUser === 0 || own.runAsNonRoot === false;
  const unrooted = level !== 'baseline' && isRoot ? without(own, 'runAsUser', 'runAsNonRoot') : own;
  if (level === 'user') return isRoot ? ({ ...container, securityContext: unrooted } as Container) : container;
  const free = without(unrooted, 'privileged', 'procMount');
  const allowed = (capability: string) =>
    level === 'restricted' ? capability === 'NET_BIND_SERVICE' : USUAL.has(capability);
  const add = (own.capabilities?.add ?? []).filter(allowed);
  const capabilities = {
    ...(level === 'restricted' ? { drop: ['ALL'] } : without(own.capabilities ?? {}, 'add')),
    ...(add.length > 0 && { add }),
  };
  const context = {
    ...free,
    ...(level === 'restricted' && { allowPrivilegeEscalation: false }),
    ...(Object.keys(capabilities).length > 0 && { capabilities }),
  };
  return { ...container, ...(Object.keys(context).length > 0 && { securityContext: context }) } as Container;
}

function allOf(spec: PodSpec): readonly Container[] {
  return [...(spec.initContainers ?? []), ...spec.containers];
}
