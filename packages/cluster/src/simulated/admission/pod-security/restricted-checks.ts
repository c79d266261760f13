/** What the level `restricted` asks for beyond `baseline`. Source: https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted */
import type { Container } from '../../../model/kinds.ts';
import { settersOf } from './baseline-checks.ts';
import { containersOf, namesWhere, plural, quoted, sorted, titled, type SecurityCheck } from './check.ts';

export const privilegeEscalation: SecurityCheck = (spec) => {
  if (spec.os?.name === 'windows') return undefined;
  const names = namesWhere(spec, ({ securityContext }) => securityContext?.allowPrivilegeEscalation !== false);
  if (names.length === 0) return undefined;
  return {
    reason: 'allowPrivilegeEscalation != false',
    detail: `${titled('container', names)} must set securityContext.allowPrivilegeEscalation=false`,
  };
};

export const undroppedCapabilities: SecurityCheck = (spec) => {
  if (spec.os?.name === 'windows') return undefined;
  const added = ({ securityContext }: Container) =>
    (securityContext?.capabilities?.add ?? []).filter((one) => one !== 'NET_BIND_SERVICE');
  const keeping = namesWhere(
    spec,
    ({ securityContext }) => !(securityContext?.capabilities?.drop ?? []).includes('ALL'),
  );
  const adding = namesWhere(spec, (container) => added(container).length > 0);
  const capabilities = quoted(sorted(containersOf(spec).flatMap(added)));
  const details = [
    ...(keeping.length === 0
      ? []
      : [`${titled('container', keeping)} must set securityContext.capabilities.drop=["ALL"]`]),
    ...(adding.length === 0
      ? []
      : [`${titled('container', adding)} must not include ${capabilities} in securityContext.capabilities.add`]),
  ];
  return details.length === 0 ? undefined : { reason: 'unrestricted capabilities', detail: details.join('; ') };
};

const PLAIN_VOLUMES: ReadonlySet<string> = new Set([
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
]);

export const volumeTypes: SecurityCheck = (spec) => {
  const typeOf = (volume: object) => Object.keys(volume).find((field) => field !== 'name') ?? '';
  const wrong = (spec.volumes ?? []).filter((volume) => !PLAIN_VOLUMES.has(typeOf(volume)));
  if (wrong.length === 0) return undefined;
  const types = sorted(wrong.map(typeOf));
  const names = wrong.map(({ name }) => name);
  const use = names.length === 1 ? 'uses' : 'use';
  return {
    reason: 'restricted volume types',
    detail: `${titled('volume', names)} ${use} ${plural('restricted volume type', types)} ${quoted(types)}`,
  };
};

export const rootAllowed: SecurityCheck = (spec) => {
  if (spec.hostUsers === false) return undefined;
  const own = spec.securityContext?.runAsNonRoot;
  const refusing = namesWhere(spec, ({ securityContext }) => securityContext?.runAsNonRoot === false);
  const setters = settersOf(own === false, refusing);
  const reason = 'runAsNonRoot != true';
  if (setters.length > 0)
    return { reason, detail: `${setters.join(' and ')} must not set securityContext.runAsNonRoot=false` };
  const silent = namesWhere(spec, ({ securityContext }) => securityContext?.runAsNonRoot === undefined);
  if (own === true || silent.length === 0) return undefined;
  return { reason, detail: `pod or ${titled('container', silent)} must set securityContext.runAsNonRoot=true` };
};

export const rootUser: SecurityCheck = (spec) => {
  if (spec.hostUsers === false) return undefined;
  const names = namesWhere(spec, ({ securityContext }) => securityContext?.runAsUser === 0);
  const setters = settersOf(spec.securityContext?.runAsUser === 0, names);
  return setters.length === 0
    ? undefined
    : { reason: 'runAsUser=0', detail: `${setters.join(' and ')} must not set runAsUser=0` };
};

const CONFINED: ReadonlySet<string> = new Set(['RuntimeDefault', 'Localhost']);

export const confinedSeccomp: SecurityCheck = (spec) => {
  if (spec.os?.name === 'windows') return undefined;
  const typeOf = (holder: Pick<Container, 'securityContext'>) => holder.securityContext?.seccompProfile?.type;
  const isWrong = (type: string | undefined) => type !== undefined && !CONFINED.has(type);
  const own = spec.securityContext?.seccompProfile?.type;
  const names = namesWhere(spec, (container) => isWrong(typeOf(container)));
  const setters = settersOf(isWrong(own), names);
  const reason = 'seccompProfile';
  if (setters.length > 0) {
    const types = [own, ...containersOf(spec).map(typeOf)].filter((type): type is string => isWrong(type));
    const what = `must not set securityContext.seccompProfile.type to ${quoted(sorted(types))}`;
    return { reason, detail: `${setters.join(' and ')} ${what}` };
  }
  const silent = namesWhere(spec, (container) => typeOf(container) === undefined);
  if (own !== undefined || silent.length === 0) return undefined;
  const what = 'must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"';
  return { reason, detail: `pod or ${titled('container', silent)} ${what}` };
};
