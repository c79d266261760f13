/** What pods are configured with is not there, or not as they need it. Source: https://kubernetes.io/docs/concepts/configuration/configmap/ */
import { CONFIG_MAPS } from '../api/built-in-types.ts';
import type { ConfigMap } from '../../model/kinds.ts';
import type { FaultKind } from './fault.ts';
import { flawedRollout, rowFor, type Rollout } from './flawed-rollout.ts';
import { misspelt } from './image-names.ts';
import { REFERENCE_FAULTS } from './reference-faults.ts';
import { SECURITY_FAULTS } from './security-faults.ts';

const CONFIGURE = 'https://kubernetes.io/docs/tasks/configure-pod-container/configure-pod-configmap/';

/** A variable of a container, its value, and where that is written. */
interface Variable {
  readonly name: string;
  readonly value: string;
  readonly map?: { readonly name: string; readonly key: string };
}

/** Variables whose values are not secret, those of ConfigMaps first. */
function variablesOf({ site, namespace, container }: Rollout): readonly Variable[] {
  const all = (container.env ?? []).flatMap(({ name, value, valueFrom }): readonly Variable[] => {
    const { name: map, key = '' } = valueFrom?.configMapKeyRef ?? {};
    if (map === undefined) return value === undefined || value === '' ? [] : [{ name, value }];
    const found = site.cluster.api.store.get(CONFIG_MAPS, namespace, map);
    const kept = found?.data?.[key];
    return kept === undefined || found?.immutable === true ? [] : [{ name, value: kept, map: { name: map, key } }];
  });
  const mapped = all.filter(({ map }) => map !== undefined);
  return mapped.length > 0 ? mapped : all;
}

/** A value as somebody mistypes it: a letter for a digit, a unit or a scheme left out, letters that changed places. */
function mistyped(value: string, { site }: Rollout): string {
  if (/^\w+:\/\//.test(value)) return value.replace('://', ':/');
  if (/^\d+[a-z]+$/i.test(value)) return value.replace(/[a-z]+$/i, '');
  if (/^\d+$/.test(value)) return `${value}O`;
  return /[a-z]{2}/i.test(value) ? misspelt(value, site.random) : `${value},`;
}

const wrongValue = flawedRollout({
  name: 'environment-value-wrong',
  family: 'configuration',
  summary: 'A value of the environment was mistyped, and the program refuses to start with it.',
  source: 'https://kubernetes.io/docs/tasks/inject-data-application/define-environment-variable-container/',
  parameters: { exitCode: { type: 'number', summary: 'with which it ends', ...{ min: 1, max: 78, default: 1 } } },
  classes: ['program-fails'],
  suits: (rollout) => variablesOf(rollout).length > 0,
  mistake: (rollout, { exitCode }) => {
    const { site, namespace, container } = rollout;
    const { name, value, map } = site.pick('variable', variablesOf(rollout));
    const wrong = mistyped(value, rollout);
    const lastWords = [`invalid configuration: ${name}: cannot use ${JSON.stringify(wrong)}`];
    const fails = { exitsAfterMs: 700, exitCode: Number(exitCode), startMs: 5000, lastWords };
    const row = rowFor(rollout, container.name, (place) => (place.env(name) === wrong ? fails : undefined));
    const remedy = `Set ${name} back to ${value}.`;
    if (map === undefined) {
      const env = (container.env ?? []).map((one) => (one.name === name ? { ...one, value: wrong } : one));
      return { first: { env }, row, remedy };
    }
    const set = (text: string) => writeKey(rollout, map.name, map.key, text);
    set(wrong);
    const entities = [`ConfigMap ${namespace}/${map.name}`];
    return { restarts: true, row, remedy, entities, takeBack: () => set(value) };
  },
});

function writeKey({ site, namespace }: Rollout, map: string, key: string, text: string): void {
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name: map } };
  site.change<ConfigMap>(CONFIG_MAPS, object, (now) => ({ ...now, data: { ...now.data, [key]: text } }));
}

/** As runc says that one is a directory and the other a file. */
const NOT_A_DIRECTORY =
  'not a directory: Are you trying to mount a directory onto a file (or vice-versa)? Check if the specified host path exists and is the expected type: unknown';

const mountOverFile = flawedRollout({
  name: 'mount-over-file',
  family: 'configuration',
  summary: 'A rollout mounts a whole ConfigMap where the image has a file, for want of a subPath.',
  source: `${CONFIGURE}#add-configmap-data-to-a-specific-path-in-the-volume`,
  classes: ['container-cannot-start'],
  mistake: (rollout) => {
    const { site, namespace, name, pod, container } = rollout;
    const map = `${name}-settings`;
    const mountPath = '/app/settings.yaml';
    site.create({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { namespace, name: map },
      data: { 'settings.yaml': 'features: []\n' },
    });
    const volume = 'settings';
    const startError = (uid: string) =>
      'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: ' +
      `error during container init: error mounting "/var/lib/kubelet/pods/${uid}/volumes/kubernetes.io~configmap/${volume}" to rootfs at "${mountPath}": ` +
      `mount src=/var/lib/kubelet/pods/${uid}/volumes/kubernetes.io~configmap/${volume}, dst=${mountPath}, dstFd=/proc/thread-self/fd/11, flags=MS_BIND|MS_REC: ${NOT_A_DIRECTORY}`;
    return {
      pod: { volumes: [...(pod.volumes ?? []), { name: volume, configMap: { name: map } }] },
      first: { volumeMounts: [...(container.volumeMounts ?? []), { name: volume, mountPath }] },
      row: rowFor(rollout, container.name, ({ uid, spec }) =>
        spec.volumeMounts?.some((one) => one.mountPath === mountPath && one.subPath === undefined) === true
          ? { startError: startError(uid) }
          : undefined,
      ),
      remedy: `Mount the one file: subPath settings.yaml at ${mountPath}.`,
    };
  },
});

export const CONFIGURATION_FAULTS: readonly FaultKind[] = [
  ...REFERENCE_FAULTS,
  wrongValue,
  mountOverFile,
  ...SECURITY_FAULTS,
];
