/** What is allowed in pods and templates and yet not meant so. Source: `pkg/api/pod/warnings.go`. */
import { amountText } from '../../../../model/amount.ts';
import { entryOf, type Json } from '../../../../model/unknown-json.ts';
import { listIn, objectIn, textIn } from '../problems.ts';
import { amountOf } from '../resources-validation.ts';

const OLD_NODE_LABELS: Readonly<Record<string, string>> = {
  'beta.kubernetes.io/arch': 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  'beta.kubernetes.io/os': 'deprecated since v1.14; use "kubernetes.io/os" instead',
  'failure-domain.beta.kubernetes.io/region': 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  'failure-domain.beta.kubernetes.io/zone': 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  'beta.kubernetes.io/instance-type': 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
};

const OLD_VOLUMES: Readonly<Record<string, string>> = {
  photonPersistentDisk: 'deprecated in v1.11, non-functional in v1.16+',
  gitRepo: 'deprecated in v1.11',
  scaleIO: 'deprecated in v1.16, non-functional in v1.22+',
  flocker: 'deprecated in v1.22, non-functional in v1.25+',
  storageos: 'deprecated in v1.22, non-functional in v1.25+',
  quobyte: 'deprecated in v1.22, non-functional in v1.25+',
  glusterfs: 'deprecated in v1.25, non-functional in v1.26+',
  cephfs: 'deprecated in v1.28, non-functional in v1.31+',
  rbd: 'deprecated in v1.28, non-functional in v1.31+',
};

/** Of a pod's spec at `field`. */
export function podWarnings(field: string, spec: Json): readonly string[] {
  return [
    ...nodeLabelWarnings(field, spec),
    ...listIn(spec, 'volumes').flatMap((volume, at) =>
      Object.keys(volume)
        .filter((name) => Object.hasOwn(OLD_VOLUMES, name))
        .map((name) => `${field}.volumes[${at}].${name}: ${OLD_VOLUMES[name] as string}`),
    ),
    ...pullSecretWarnings(field, spec),
    ...['initContainers', 'containers'].flatMap((name) =>
      listIn(spec, name).flatMap((container, at) => containerWarnings(`${field}.${name}[${at}]`, container)),
    ),
    ...portWarnings(field, spec),
  ];
}

function nodeLabelWarnings(field: string, spec: Json): readonly string[] {
  const selected = Object.keys(objectIn(spec, 'nodeSelector') ?? {})
    .filter((key) => Object.hasOwn(OLD_NODE_LABELS, key))
    .map((key) => `${field}.nodeSelector[${key}]: ${OLD_NODE_LABELS[key] as string}`);
  const spread = listIn(spec, 'topologySpreadConstraints').flatMap((constraint, at) => {
    const place = `${field}.topologySpreadConstraints[${at}]`;
    const key = textIn(constraint, 'topologyKey');
    const old = entryOf(OLD_NODE_LABELS, key);
    return [
      ...(old === undefined ? [] : [`${place}.topologyKey: ${key} is ${old}`]),
      ...(constraint['labelSelector'] === undefined
        ? [`${place}.labelSelector: a null labelSelector results in matching no pod`]
        : []),
    ];
  });
  return [...selected, ...spread];
}

function pullSecretWarnings(field: string, spec: Json): readonly string[] {
  const names = listIn(spec, 'imagePullSecrets').map((secret) => textIn(secret, 'name'));
  const place = (at: number) => `${field}.imagePullSecrets[${at}].name`;
  const twice = names.flatMap((name, at) =>
    names.indexOf(name) < at ? [`${place(at)}: duplicate name "${name}"`] : [],
  );
  return [...twice, ...names.flatMap((name, at) => (name === '' ? [`${place(at)}: invalid empty name ""`] : []))];
}

function containerWarnings(place: string, container: Json): readonly string[] {
  const resources = objectIn(container, 'resources');
  const fractions = ['memory', 'ephemeral-storage'].flatMap((name) =>
    ['limits', 'requests'].flatMap((side) => {
      const amount = amountOf(objectIn(resources, side)?.[name]);
      if (amount === undefined || amount.nano % 1_000_000_000n === 0n) return [];
      const text = `fractional byte value "${amountText(amount)}" is invalid, must be an integer`;
      return [`${place}.resources.${side}[${name}]: ${text}`];
    }),
  );
  return [...fractions, ...variableWarnings(`${place}.env`, listIn(container, 'env'))];
}

function variableWarnings(field: string, variables: readonly Json[]): readonly string[] {
  const known = new Set<string>();
  return variables.flatMap((variable, at) => {
    const name = textIn(variable, 'name');
    const reference = `$(${name})`;
    const value = textIn(variable, 'value');
    const builds = variable['valueFrom'] === undefined && value !== reference && value.includes(reference);
    const hides = known.has(name) && !builds;
    known.add(name);
    return hides
      ? [`${field}[${at}]: hides previous definition of "${name}", which may be dropped when using apply`]
      : [];
  });
}

function portWarnings(field: string, spec: Json): readonly string[] {
  const known = new Map<string, string>();
  return ['initContainers', 'containers'].flatMap((name) =>
    listIn(spec, name).flatMap((container, at) =>
      listIn(container, 'ports').flatMap((port, index) => {
        const place = `${field}.${name}[${at}].ports[${index}]`;
        const key = [port['containerPort'], port['protocol'], port['hostIP'] ?? '', port['hostPort'] ?? 0].join('/');
        const other = known.get(key);
        known.set(key, other ?? place);
        return other === undefined ? [] : [`${place}: duplicate port definition with ${other}`];
      }),
    ),
  );
}
