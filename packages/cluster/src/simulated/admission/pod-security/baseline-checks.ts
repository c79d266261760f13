/** What the level `baseline` forbids. Source: https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline */
import type { Container, PodSpec } from '../../../model/kinds.ts';
import { containersOf, namesWhere, plural, quoted, sorted, titled, type SecurityCheck } from './check.ts';

const USUAL_CAPABILITIES: ReadonlySet<string> = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]);

export const unusualCapabilities: SecurityCheck = (spec) => {
  const added = (container: Container) =>
    (container.securityContext?.capabilities?.add ?? []).filter((one) => !USUAL_CAPABILITIES.has(one));
  const names = namesWhere(spec, (container) => added(container).length > 0);
  if (names.length === 0) return undefined;
  const capabilities = quoted(sorted(containersOf(spec).flatMap(added)));
  return {
    reason: 'non-default capabilities',
    detail: `${titled('container', names)} must not include ${capabilities} in securityContext.capabilities.add`,
  };
};

export const hostNamespaces: SecurityCheck = (spec) => {
  const shared = (['hostNetwork', 'hostPID', 'hostIPC'] as const).filter((field) => spec[field] === true);
  if (shared.length === 0) return undefined;
  return { reason: 'host namespaces', detail: shared.map((field) => `${field}=true`).join(', ') };
};

export const hostPaths: SecurityCheck = (spec) => {
  const names = (spec.volumes ?? []).filter(({ hostPath }) => hostPath !== undefined).map(({ name }) => name);
  return names.length === 0 ? undefined : { reason: 'hostPath volumes', detail: titled('volume', names) };
};

export const hostPorts: SecurityCheck = (spec) => {
  const ports = (container: Container) =>
    (container.ports ?? []).map(({ hostPort = 0 }) => hostPort).filter((port) => port !== 0);
  const names = namesWhere(spec, (container) => ports(container).length > 0);
  if (names.length === 0) return undefined;
  const numbers = sorted(containersOf(spec).flatMap(ports).map(String));
  const use = names.length === 1 ? 'uses' : 'use';
  return {
    reason: 'hostPort',
    detail: `${titled('container', names)} ${use} ${plural('hostPort', numbers)} ${numbers.join(', ')}`,
  };
};

type Handler = { readonly httpGet?: { readonly host?: string }; readonly tcpSocket?: { readonly host?: string } };

function hostsOf({ livenessProbe, readinessProbe, startupProbe, lifecycle }: Container): readonly string[] {
  const handlers: readonly (Handler | undefined)[] = [
    livenessProbe,
    readinessProbe,
    startupProbe,
    lifecycle?.postStart,
    lifecycle?.preStop,
  ];
  return handlers
    .flatMap((handler) => [handler?.httpGet?.host, handler?.tcpSocket?.host])
    .filter((host): host is string => host !== undefined && host !== '');
}

export const probeHosts: SecurityCheck = (spec) => {
  const names = sorted(namesWhere(spec, (container) => hostsOf(container).length > 0));
  if (names.length === 0) return undefined;
  const hosts = sorted(containersOf(spec).flatMap(hostsOf));
  const use = names.length === 1 ? 'uses' : 'use';
  return {
    reason: 'probe or lifecycle host',
    detail: `${titled('container', names)} ${use} ${plural('probe or lifecycle host', hosts)} ${quoted(hosts)}`,
  };
};

export const privileged: SecurityCheck = (spec) => {
  const names = namesWhere(spec, ({ securityContext }) => securityContext?.privileged === true);
  if (names.length === 0) return undefined;
  return { reason: 'privileged', detail: `${titled('container', names)} must not set securityContext.privileged=true` };
};

export const procMount: SecurityCheck = (spec) => {
  // A user namespace of its own makes it harmless.
  if (spec.hostUsers === false) return undefined;
  const mount = (container: Container) => container.securityContext?.procMount ?? 'Default';
  const names = namesWhere(spec, (container) => mount(container) !== 'Default');
  if (names.length === 0) return undefined;
  const values = quoted(sorted(containersOf(spec).map(mount)).filter((value) => value !== 'Default'));
  return {
    reason: 'procMount',
    detail: `${titled('container', names)} must not set securityContext.procMount to ${values}`,
  };
};

const SELINUX_TYPES: ReadonlySet<string> = new Set([
  '',
  'container_t',
  'container_init_t',
  'container_kvm_t',
  'container_engine_t',
]);

type SeLinux = { readonly type?: string; readonly user?: string; readonly role?: string };

function isForbiddenSeLinux({ type = '', user = '', role = '' }: SeLinux = {}): boolean {
  return !SELINUX_TYPES.has(type) || user !== '' || role !== '';
}

export const seLinux: SecurityCheck = (spec) => {
  const own = spec.securityContext?.seLinuxOptions;
  const names = namesWhere(spec, ({ securityContext }) => isForbiddenSeLinux(securityContext?.seLinuxOptions));
  const setters = settersOf(isForbiddenSeLinux(own), names);
  if (setters.length === 0) return undefined;
  const options = [own, ...containersOf(spec).map(({ securityContext }) => securityContext?.seLinuxOptions)];
  const types = sorted(options.map((one) => one?.type ?? '')).filter((type) => !SELINUX_TYPES.has(type));
  const details = [
    ...(types.length === 0 ? [] : [`${plural('type', types)} ${quoted(types)}`]),
    ...(options.some((one) => (one?.user ?? '') !== '') ? ['user may not be set'] : []),
    ...(options.some((one) => (one?.role ?? '') !== '') ? ['role may not be set'] : []),
  ];
  return {
    reason: 'seLinuxOptions',
    detail: `${setters.join(' and ')} set forbidden securityContext.seLinuxOptions: ${details.join('; ')}`,
  };
};

/** Who sets something wrong: `pod`, `container "a"`. */
export function settersOf(isPod: boolean, names: readonly string[]): readonly string[] {
  return [...(isPod ? ['pod'] : []), ...(names.length === 0 ? [] : [titled('container', names)])];
}

export const unconfinedSeccomp: SecurityCheck = (spec) => {
  const isWrong = (context: PodSpec['securityContext']) => context?.seccompProfile?.type === 'Unconfined';
  const setters = settersOf(
    isWrong(spec.securityContext),
    namesWhere(spec, ({ securityContext }) => securityContext?.seccompProfile?.type === 'Unconfined'),
  );
  if (setters.length === 0) return undefined;
  return {
    reason: 'seccompProfile',
    detail: `${setters.join(' and ')} must not set securityContext.seccompProfile.type to "Unconfined"`,
  };
};

const SAFE_SYSCTLS: ReadonlySet<string> = new Set([
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_wmem',
]);

export const sysctls: SecurityCheck = (spec) => {
  const names = (spec.securityContext?.sysctls ?? []).map(({ name }) => name).filter((name) => !SAFE_SYSCTLS.has(name));
  return names.length === 0 ? undefined : { reason: 'forbidden sysctls', detail: names.join(', ') };
};

export const windowsHostProcess: SecurityCheck = (spec) => {
  const names = namesWhere(spec, ({ securityContext }) => securityContext?.windowsOptions?.hostProcess === true);
  const setters = settersOf(spec.securityContext?.windowsOptions?.hostProcess === true, names);
  if (setters.length === 0) return undefined;
  return {
    reason: 'hostProcess',
    detail: `${setters.join(' and ')} must not set securityContext.windowsOptions.hostProcess=true`,
  };
};
