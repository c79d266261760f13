/** ConfigMaps and Secrets, or keys of them, that pods name and that are not there. */
import type { ConfigMap, Container } from '../../model/kinds.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { CONFIG_MAPS, SECRETS } from '../api/built-in-types.ts';
import type { ResourceType } from '../api/resource-type.ts';
import type { BehaviourRow } from '../kubelet/behaviour-table.ts';
import type { FaultKind } from './fault.ts';
import { flawedRollout, rowFor, type Mistake, type Rollout } from './flawed-rollout.ts';
import { misspelt } from './image-names.ts';

const DEBUGGING = 'https://kubernetes.io/docs/concepts/configuration/configmap/#using-configmaps-as-files-from-a-pod';
const SECRET_SOURCE = 'https://kubernetes.io/docs/concepts/configuration/secret/#restriction-secret-must-exist';

/** How pods name one of the two kinds. */
interface Named {
  readonly kind: 'ConfigMap' | 'Secret';
  readonly type: ResourceType;
  readonly from: 'configMapRef' | 'secretRef';
  readonly key: 'configMapKeyRef' | 'secretKeyRef';
  /** What a rollout calls a new one. */
  readonly suffix: string;
  volume(name: string): Record<string, unknown>;
}

const CONFIG_MAP: Named = {
  ...{ kind: 'ConfigMap', type: CONFIG_MAPS, from: 'configMapRef', key: 'configMapKeyRef', suffix: 'features' },
  volume: (name) => ({ configMap: { name } }),
};
const SECRET: Named = {
  ...{ kind: 'Secret', type: SECRETS, from: 'secretRef', key: 'secretKeyRef', suffix: 'oauth' },
  volume: (secretName) => ({ secret: { secretName } }),
};

/** A key that a container's environment takes from an object that is there. */
interface UsedKey {
  readonly variable: string;
  readonly object: KubeObject;
  readonly key: string;
  /** It takes every key of the object, so that one that is missing is missed by the program alone. */
  readonly isWhole?: boolean;
}

function usedKeys({ site, namespace, container }: Rollout, named: Named): readonly UsedKey[] {
  return (container.env ?? []).flatMap(({ name: variable, valueFrom }) => {
    const { name = '', key = '', optional = false } = valueFrom?.[named.key] ?? {};
    const object = site.cluster.api.store.get(named.type, namespace, name);
    return object === undefined || optional ? [] : [{ variable, object, key }];
  });
}

const MISTAKES = ['not-created', 'misspelt', 'deleted'] as const;

/** The kind of fault in which a whole object is missing. */
function missing(named: Named, name: string, summary: string, source: string): FaultKind {
  return flawedRollout({
    ...{ name, family: 'configuration', summary, source },
    parameters: {
      used: {
        type: 'choice',
        summary: 'whether the environment needs it, or a volume',
        choices: ['environment', 'volume'],
        default: 'environment',
      },
      mistake: {
        type: 'choice',
        summary:
          'how it came to be missing: a new one that nobody made; else, where the environment uses one, a name that was mistyped, or a deletion',
        choices: MISTAKES,
        default: 'not-created',
      },
    },
    classes: [named === CONFIG_MAP ? 'config-map-missing' : 'secret-missing'],
    mistake: (rollout, { used, mistake }) => {
      const [known] = used === 'volume' ? [] : usedKeys(rollout, named);
      if (known === undefined || mistake === 'not-created') return notCreated(rollout, named, used === 'volume');
      return mistake === 'deleted' ? deleted(rollout, named, known) : mistypedName(rollout, named, known);
    },
  });
}

function remedyOf({ namespace }: Rollout, { kind }: Named, name: string): string {
  return `Make the ${kind} ${namespace}/${name}, or name one that is there.`;
}

function notCreated(rollout: Rollout, named: Named, isVolume: boolean): Mistake {
  const { namespace, name, pod, container } = rollout;
  const wanted = `${name}-${named.suffix}`;
  const told = { entities: [`${named.kind} ${namespace}/${wanted}`], remedy: remedyOf(rollout, named, wanted) };
  if (!isVolume)
    return { first: { envFrom: [...(container.envFrom ?? []), { [named.from]: { name: wanted } }] }, ...told };
  const mount = { name: named.suffix, mountPath: `/etc/${named.suffix}`, readOnly: true };
  return {
    pod: { volumes: [...(pod.volumes ?? []), { name: named.suffix, ...named.volume(wanted) }] },
    first: { volumeMounts: [...(container.volumeMounts ?? []), mount] },
    ...told,
  };
}

function deleted(rollout: Rollout, named: Named, { object }: UsedKey): Mistake {
  const restore = rollout.site.remove(named.type, object);
  const { name } = object.metadata;
  return {
    restarts: true,
    entities: [`${named.kind} ${rollout.namespace}/${name}`],
    remedy: `Make the ${named.kind} ${rollout.namespace}/${name} again, as it was.`,
    takeBack: restore,
  };
}

function mistypedName(rollout: Rollout, named: Named, { object }: UsedKey): Mistake {
  const { name } = object.metadata;
  const wrong = misspelt(name, rollout.site.random);
  const env = (rollout.container.env ?? []).map((one) => {
    const reference = one.valueFrom?.[named.key];
    return reference?.name === name ? { ...one, valueFrom: { [named.key]: { ...reference, name: wrong } } } : one;
  });
  return {
    first: { env } as Partial<Container>,
    entities: [`${named.kind} ${rollout.namespace}/${wrong}`],
    remedy: remedyOf(rollout, named, wrong),
  };
}

const keyRenamed = flawedRollout({
  name: 'config-map-key-renamed',
  family: 'configuration',
  summary: 'A key was renamed in a ConfigMap, and not in the workload whose environment takes it from there.',
  source: DEBUGGING,
  classes: ['config-map-key-missing'],
  suits: (rollout) => renamable(rollout).length > 0,
  mistake: (rollout) => {
    const { object, key, isWhole = false } = rollout.site.pick('key', renamable(rollout));
    const { name } = object.metadata;
    const other = /[A-Z]/.test(key) ? key.toLowerCase().replaceAll('_', '-') : `app.${key}`;
    const rename = (from: string, to: string) =>
      rollout.site.change<ConfigMap>(CONFIG_MAPS, object, (now) => {
        const { [from]: value = '', ...rest } = now.data ?? {};
        return { ...now, data: { ...rest, [to]: value } };
      });
    rename(key, other);
    return {
      restarts: true,
      ...(isWhole ? { row: rowWithout(rollout, key), classes: ['config-map-key-missing', 'program-fails'] } : {}),
      entities: [`ConfigMap ${rollout.namespace}/${name}`],
      remedy: `Let the environment take ${other} from the ConfigMap ${name}, or name the key ${key} again.`,
      takeBack: () => rename(other, key),
    };
  },
});

/** Keys of ConfigMaps that may be changed, those first of which the kubelet itself would miss one. */
function renamable(rollout: Rollout): readonly UsedKey[] {
  const isKept = ({ object, key }: UsedKey) => {
    const { data = {}, immutable = false } = object as ConfigMap;
    return data[key] !== undefined && !immutable;
  };
  const single = usedKeys(rollout, CONFIG_MAP).filter(isKept);
  return single.length > 0 ? single : wholeKeys(rollout).filter(isKept);
}

/** Keys of ConfigMaps that the environment takes as a whole. */
function wholeKeys({ site, namespace, container }: Rollout): readonly UsedKey[] {
  return (container.envFrom ?? []).flatMap(({ configMapRef, prefix = '' }) => {
    const object = site.cluster.api.store.get(CONFIG_MAPS, namespace, configMapRef?.name ?? '');
    if (object === undefined || prefix !== '') return [];
    return Object.keys(object.data ?? {}).map((key) => ({ variable: key, object, key, isWhole: true }));
  });
}

/** The program refuses to start without a variable. */
function rowWithout(rollout: Rollout, variable: string): BehaviourRow {
  const lastWords = [`required environment variable ${variable} is not set`];
  const ends = { exitsAfterMs: 600, exitCode: 1, startMs: 5000, lastWords };
  return rowFor(rollout, rollout.container.name, ({ env }) => (env(variable) === undefined ? ends : undefined));
}

const itemMissing = flawedRollout({
  name: 'config-map-item-missing',
  family: 'configuration',
  summary: 'A rollout mounts a key that the ConfigMap does not have.',
  source:
    'https://kubernetes.io/docs/tasks/configure-pod-container/configure-pod-configmap/#add-configmap-data-to-a-volume',
  classes: ['config-map-key-missing'],
  suits: (rollout) => mountedMap(rollout) !== undefined,
  mistake: (rollout) => {
    const { site, namespace, pod } = rollout;
    const wanted = mountedMap(rollout);
    const name = wanted?.configMap?.name ?? '';
    const { data = {} } = site.cluster.api.store.get(CONFIG_MAPS, namespace, name) ?? {};
    const key = Object.keys(data).includes('application.yaml') ? 'application-v2.yaml' : 'application.yaml';
    const volumes = (pod.volumes ?? []).map((one) =>
      one === wanted ? { ...one, configMap: { ...one.configMap, items: [{ key, path: key }] } } : one,
    );
    return {
      pod: { volumes },
      entities: [`ConfigMap ${namespace}/${name}`],
      remedy: `Add the key ${key} to the ConfigMap ${name}, or mount one that it has.`,
    };
  },
});

/** A volume of a ConfigMap that is there, which a container of the pod mounts. */
function mountedMap({ site, namespace, pod }: Rollout) {
  const mounted = new Set(pod.containers.flatMap(({ volumeMounts = [] }) => volumeMounts.map(({ name }) => name)));
  return pod.volumes?.find(
    ({ name, configMap }) =>
      mounted.has(name) &&
      configMap?.name !== undefined &&
      configMap.optional !== true &&
      site.cluster.api.store.get(CONFIG_MAPS, namespace, configMap.name) !== undefined,
  );
}

const secretKeyMissing = flawedRollout({
  name: 'secret-key-missing',
  family: 'configuration',
  summary: 'A rollout takes a key from a Secret that does not have it yet.',
  source: SECRET_SOURCE,
  classes: ['secret-key-missing'],
  suits: (rollout) => usedKeys(rollout, SECRET).length > 0,
  mistake: (rollout) => {
    const { container, namespace, site } = rollout;
    const { object, key, variable } = site.pick('key', usedKeys(rollout, SECRET));
    const { name } = object.metadata;
    const wanted = `${key}_NEXT`;
    const valueFrom = { secretKeyRef: { name, key: wanted } };
    return {
      first: { env: [...(container.env ?? []), { name: `${variable}_NEXT`, valueFrom }] },
      entities: [`Secret ${namespace}/${name}`],
      remedy: `Add the key ${wanted} to the Secret ${name}, or roll back.`,
    };
  },
});

/** Kinds of the family `configuration` that lie in objects and keys. */
export const REFERENCE_FAULTS: readonly FaultKind[] = [
  missing(CONFIG_MAP, 'config-map-missing', 'A rollout needs a ConfigMap that is not there.', DEBUGGING),
  missing(SECRET, 'secret-missing', 'A rollout needs a Secret that is not there.', SECRET_SOURCE),
  keyRenamed,
  itemMissing,
  secretKeyMissing,
];
