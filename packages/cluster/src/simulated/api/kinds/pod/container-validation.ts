/** Containers of all three kinds. Source: `validateContainers` and its neighbours in `pkg/apis/core/validation`. */
import type { Json } from '../../../../model/unknown-json.ts';
import { dnsLabelErrors, dnsSubdomainErrors, qualifiedNameErrors } from '../../names.ts';
import { listIn, objectIn, textIn, type Problems } from '../problems.ts';
import { checkResources } from '../resources-validation.ts';
import { checkReference, configKeyErrors, portNameErrors, variableNameErrors } from '../text-rules.ts';
import { checkProbes } from './probe-validation.ts';

/** What containers refer to in their pod. */
export interface ContainerPlaces {
  /** Volumes that are right, by name. */
  readonly volumes: ReadonlyMap<string, Json>;
  readonly graceSeconds: unknown;
}

const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];

export function checkContainers(
  problems: Problems,
  field: string,
  containers: readonly Json[],
  places: ContainerPlaces,
): void {
  if (containers.length === 0) problems.required(field);
  const names = new Set<string>();
  for (const [at, container] of containers.entries()) {
    const place = `${field}[${at}]`;
    checkContainer(problems, place, container, places);
    checkUnique(problems, `${place}.name`, textIn(container, 'name'), names);
    checkProbes(problems, place, container, places.graceSeconds);
  }
  checkHostPorts(problems, field, containers);
}

export function checkInitContainers(
  problems: Problems,
  field: string,
  containers: readonly Json[],
  regular: readonly Json[],
  places: ContainerPlaces,
): void {
  const names = new Set(regular.map((container) => textIn(container, 'name')));
  for (const [at, container] of containers.entries()) {
    const place = `${field}[${at}]`;
    checkContainer(problems, place, container, places);
    checkUnique(problems, `${place}.name`, textIn(container, 'name'), names);
    checkHostPorts(problems, field, [container]);
    if (container['restartPolicy'] === 'Always') checkProbes(problems, place, container, places.graceSeconds);
    else
      for (const name of ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'])
        if (container[name] !== undefined)
          problems.forbidden(`${place}.${name}`, 'may not be set for init containers without restartPolicy=Always');
  }
}

function checkUnique(problems: Problems, field: string, name: string, names: Set<string>): void {
  if (names.has(name)) problems.duplicate(field, name);
  else if (name !== '') names.add(name);
}

function checkContainer(problems: Problems, place: string, container: Json, { volumes }: ContainerPlaces): void {
  if (textIn(container, 'name') === '') problems.required(`${place}.name`);
  else problems.text(`${place}.name`, container['name'], dnsLabelErrors);
  if (textIn(container, 'image') === '') problems.required(`${place}.image`);
  problems.oneOf(`${place}.terminationMessagePolicy`, container['terminationMessagePolicy'], [
    'File',
    'FallbackToLogsOnError',
  ]);
  checkPorts(problems, `${place}.ports`, listIn(container, 'ports'));
  checkVariables(problems, `${place}.env`, listIn(container, 'env'));
  checkVariableSources(problems, `${place}.envFrom`, listIn(container, 'envFrom'));
  checkMounts(problems, `${place}.volumeMounts`, container, volumes);
  problems.oneOf(`${place}.imagePullPolicy`, container['imagePullPolicy'], ['Always', 'IfNotPresent', 'Never']);
  checkResources(problems, `${place}.resources`, objectIn(container, 'resources'));
  checkSecurity(problems, `${place}.securityContext`, objectIn(container, 'securityContext'));
}

function checkPorts(problems: Problems, field: string, ports: readonly Json[]): void {
  const names = new Set<string>();
  for (const [at, port] of ports.entries()) {
    const place = `${field}[${at}]`;
    const name = textIn(port, 'name');
    if (name !== '') {
      const wrong = portNameErrors(name);
      for (const detail of wrong) problems.invalid(`${place}.name`, name, detail);
      if (wrong.length === 0) checkUnique(problems, `${place}.name`, name, names);
    }
    if ((port['containerPort'] ?? 0) === 0) problems.required(`${place}.containerPort`);
    else problems.between(`${place}.containerPort`, port['containerPort'], 1, 65_535);
    if ((port['hostPort'] ?? 0) !== 0) problems.between(`${place}.hostPort`, port['hostPort'], 1, 65_535);
    problems.oneOf(`${place}.protocol`, port['protocol'], PROTOCOLS);
  }
}

function checkHostPorts(problems: Problems, field: string, containers: readonly Json[]): void {
  const taken = new Set<string>();
  for (const [at, container] of containers.entries())
    for (const [index, port] of listIn(container, 'ports').entries()) {
      if ((port['hostPort'] ?? 0) === 0) continue;
      const key = `${textIn(port, 'protocol')}/${textIn(port, 'hostIP')}/${String(port['hostPort'])}`;
      if (taken.has(key)) problems.duplicate(`${field}[${at}].ports[${index}].hostPort`, key);
      taken.add(key);
    }
}

const SOURCES = ['fieldRef', 'resourceFieldRef', 'configMapKeyRef', 'secretKeyRef'];
const POD_FIELDS = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];
/** Fields that other downward paths may name. */
const CONVERTIBLE = [
  'metadata.annotations',
  'metadata.labels',
  'spec.restartPolicy',
  'spec.schedulerName',
  'status.phase',
];
const CONTAINER_FIELDS = ['limits', 'requests'].flatMap((side) =>
  ['cpu', 'ephemeral-storage', 'memory'].map((name) => `${side}.${name}`),
);

function checkVariables(problems: Problems, field: string, variables: readonly Json[]): void {
  for (const [at, variable] of variables.entries()) {
    const place = `${field}[${at}]`;
    if (textIn(variable, 'name') === '') problems.required(`${place}.name`);
    else problems.text(`${place}.name`, variable['name'], variableNameErrors);
    const source = objectIn(variable, 'valueFrom');
    if (source !== undefined) checkSource(problems, `${place}.valueFrom`, source, textIn(variable, 'value'));
  }
}

function checkSource(problems: Problems, place: string, source: Json, value: string): void {
  const given = SOURCES.filter((name) => source[name] !== undefined);
  const { fieldRef, resourceFieldRef } = source as Readonly<Record<string, Json | undefined>>;
  if (fieldRef !== undefined) checkFieldPath(problems, `${place}.fieldRef`, textIn(fieldRef, 'fieldPath'));
  if (resourceFieldRef !== undefined) {
    const name = textIn(resourceFieldRef, 'resource');
    if (name === '') problems.required(`${place}.resourceFieldRef.resource`);
    else if (!CONTAINER_FIELDS.includes(name) && !/^(limits|requests)\.hugepages-/.test(name))
      problems.notSupported(`${place}.resourceFieldRef.resource`, name, CONTAINER_FIELDS);
  }
  for (const name of ['configMapKeyRef', 'secretKeyRef']) {
    const reference = objectIn(source, name);
    if (reference !== undefined) checkKey(problems, `${place}.${name}`, reference);
  }
  if (given.length === 0)
    problems.invalid(
      place,
      '',
      'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`',
    );
  else if (value !== '') problems.invalid(place, '', 'may not be specified when `value` is not empty');
  else if (given.length > 1) problems.invalid(place, '', 'may not have more than one field specified at a time');
}

function checkFieldPath(problems: Problems, place: string, path: string): void {
  if (path === '') return problems.required(`${place}.fieldPath`);
  const subscript = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path);
  if (subscript !== null) problems.text(place, subscript[2], qualifiedNameErrors);
  else if (CONVERTIBLE.includes(path)) problems.notSupported(`${place}.fieldPath`, path, POD_FIELDS);
  else if (!POD_FIELDS.includes(path))
    problems.invalid(`${place}.fieldPath`, path, `error converting fieldPath: field label not supported: ${path}`);
}

function checkKey(problems: Problems, place: string, reference: Json): void {
  problems.text(`${place}.name`, reference['name'], dnsSubdomainErrors);
  if (textIn(reference, 'key') === '') problems.required(`${place}.key`);
  else problems.text(`${place}.key`, reference['key'], configKeyErrors);
}

function checkVariableSources(problems: Problems, field: string, sources: readonly Json[]): void {
  for (const [at, source] of sources.entries()) {
    const given = ['configMapRef', 'secretRef'].filter((name) => source[name] !== undefined);
    for (const name of given)
      checkReference(problems, `${field}[${at}].${name}.name`, textIn(objectIn(source, name), 'name'));
    if (given.length === 0) problems.invalid(field, '', 'must specify one of: `configMapRef` or `secretRef`');
    if (given.length > 1) problems.invalid(field, '', 'may not have more than one field specified at a time');
  }
}

function checkMounts(problems: Problems, field: string, container: Json, volumes: ReadonlyMap<string, Json>): void {
  const paths = new Set<string>();
  for (const [at, mount] of listIn(container, 'volumeMounts').entries()) {
    const place = `${field}[${at}]`;
    const name = textIn(mount, 'name');
    const path = textIn(mount, 'mountPath');
    if (name === '') problems.required(`${place}.name`);
    if (!volumes.has(name)) problems.notFound(`${place}.name`, name);
    if (path === '') problems.required(`${place}.mountPath`);
    if (paths.has(path)) problems.invalid(`${place}.mountPath`, path, 'must be unique');
    paths.add(path);
    checkSubPath(problems, field, mount);
  }
  for (const [at, device] of listIn(container, 'volumeDevices').entries()) {
    const place = `${field.replace(/volumeMounts$/, 'volumeDevices')}[${at}]`;
    const name = textIn(device, 'name');
    const volume = volumes.get(name);
    if (volume === undefined) problems.notFound(`${place}.name`, name);
    else if (volume['persistentVolumeClaim'] === undefined && volume['ephemeral'] === undefined)
      problems.invalid(
        `${place}.name`,
        name,
        'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode',
      );
    if (textIn(device, 'devicePath') === '') problems.required(`${place}.devicePath`);
  }
}

function checkSubPath(problems: Problems, field: string, mount: Json): void {
  for (const name of ['subPath', 'subPathExpr']) {
    const path = textIn(mount, name);
    if (path.startsWith('/')) problems.invalid(`${field}.${name}`, path, 'must be a relative path');
    if (path.split('/').includes('..')) problems.invalid(`${field}.${name}`, path, "must not contain '..'");
  }
}

const MOST_ID = 2_147_483_647;

function checkSecurity(problems: Problems, field: string, context: Json | undefined): void {
  if (context === undefined) return;
  problems.between(`${field}.runAsUser`, context['runAsUser'], 0, MOST_ID);
  problems.between(`${field}.runAsGroup`, context['runAsGroup'], 0, MOST_ID);
  if (context['allowPrivilegeEscalation'] !== false) return;
  if (context['privileged'] === true)
    problems.invalid(field, context, 'cannot set `allowPrivilegeEscalation` to false and `privileged` to true');
  const added = (objectIn(context, 'capabilities')?.['add'] ?? []) as readonly unknown[];
  if (added.includes('CAP_SYS_ADMIN'))
    problems.invalid(
      field,
      context,
      'cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN',
    );
}
