/** What the behaviour of a recorded container rests on: with any of it changed nobody knows that it goes on. */
import type { Container } from '../../model/kinds.ts';
import { wholeUnits } from '../../model/quantity.ts';
import { dataOf } from './container-config.ts';
import type { RecordedProgram } from './lasting-part.ts';
import type { Kubelet, PodRuntime } from './pod-runtime.ts';

type Volume = NonNullable<NonNullable<PodRuntime['object']['spec']>['volumes']>[number];

/** Of a container of a pod as it is asked for now. */
export function recordedProgram(kubelet: Kubelet, pod: PodRuntime, spec: Container): RecordedProgram {
  const { image, command, args, env, envFrom, workingDir, securityContext, volumeMounts = [] } = spec;
  const mounted = new Set(volumeMounts.map(({ name }) => name));
  const volumes = (pod.object.spec?.volumes ?? []).filter(({ name }) => mounted.has(name));
  const maps = [
    ...(env ?? []).map(({ valueFrom }) => valueFrom?.configMapKeyRef?.name),
    ...(envFrom ?? []).map(({ configMapRef }) => configMapRef?.name),
    ...volumes.flatMap(mapsOf),
  ];
  const contents = [...new Set(maps)].map((name) =>
    name === undefined ? undefined : dataOf(kubelet, pod, 'ConfigMap', name),
  );
  // A program that may not write to its root ends where nothing else is mounted to write to.
  const writable =
    securityContext?.readOnlyRootFilesystem === true
      ? volumeMounts.filter(({ name }) => volumes.some((one) => one.name === name && one.emptyDir !== undefined))
      : [];
  return {
    program: JSON.stringify([image, command, args, env, envFrom, workingDir, securityContext, contents, writable]),
    mounts: JSON.stringify([volumeMounts.map(withoutToken), volumes.filter(isOwn)]),
    probes: {
      startup: JSON.stringify(spec.startupProbe ?? null),
      // A program that starts is spared by its startup probe.
      liveness: JSON.stringify([spec.livenessProbe ?? null, spec.startupProbe ?? null]),
      readiness: JSON.stringify(spec.readinessProbe ?? null),
    },
    memoryRequest: wholeUnits(spec.resources?.requests?.['memory'] ?? '0') ?? 0,
  };
}

function mapsOf({ configMap, projected }: Volume): readonly (string | undefined)[] {
  return [configMap?.name, ...(projected?.sources ?? []).map((source) => source.configMap?.name)];
}

/** Volumes of tokens are named anew in each pod. */
function isOwn({ name }: Volume): boolean {
  return !TOKEN.test(name);
}

function withoutToken(mount: NonNullable<Container['volumeMounts']>[number]): unknown {
  return TOKEN.test(mount.name) ? '' : mount;
}

const TOKEN = /^kube-api-access-|^default-token-|-token-[a-z0-9]{5}$/;
