/** Volumes of pods and templates. Source: `ValidateVolumes` in `pkg/apis/core/validation`. */
import type { Json } from '../../../../model/unknown-json.ts';
import { dnsLabelErrors } from '../../names.ts';
import { listIn, objectIn, textIn, type Problems } from '../problems.ts';
import { checkClaimSpec } from '../storage-validation.ts';
import { configKeyErrors } from '../text-rules.ts';

const MODE = 'must be a number between 0 and 0777 (octal), both inclusive';
const HOST_PATH_TYPES = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
];

type CheckSource = (problems: Problems, place: string, source: Json) => void;

const noMore: CheckSource = () => {};

/** In the order in which the API server looks. */
const SOURCES: Readonly<Record<string, CheckSource>> = {
  emptyDir: noMore,
  hostPath: (problems, place, source) => {
    const path = textIn(source, 'path');
    if (path === '') return problems.required(`${place}.path`);
    if (path.split('/').includes('..')) problems.invalid(`${place}.path`, path, "must not contain '..'");
    const type = source['type'] ?? '';
    if (!HOST_PATH_TYPES.includes(String(type))) problems.notSupported(`${place}.type`, type, HOST_PATH_TYPES);
  },
  gitRepo: (problems, place, source) => {
    if (textIn(source, 'repository') === '') problems.required(`${place}.repository`);
  },
  gcePersistentDisk: noMore,
  awsElasticBlockStore: noMore,
  secret: (problems, place, source) => {
    if (textIn(source, 'secretName') === '') problems.required(`${place}.secretName`);
    checkFiles(problems, place, source);
  },
  nfs: (problems, place, source) => {
    if (textIn(source, 'server') === '') problems.required(`${place}.server`);
    const path = textIn(source, 'path');
    if (path === '') problems.required(`${place}.path`);
    else if (!path.startsWith('/')) problems.invalid(`${place}.path`, path, 'must be an absolute path');
  },
  iscsi: noMore,
  glusterfs: noMore,
  flocker: noMore,
  persistentVolumeClaim: (problems, place, source) => {
    if (textIn(source, 'claimName') === '') problems.required(`${place}.claimName`);
  },
  rbd: noMore,
  cinder: noMore,
  cephfs: noMore,
  quobyte: noMore,
  downwardAPI: (problems, place, source) => checkMode(problems, `${place}.defaultMode`, source['defaultMode']),
  fc: noMore,
  flexVolume: noMore,
  configMap: (problems, place, source) => {
    if (textIn(source, 'name') === '') problems.required(`${place}.name`);
    checkFiles(problems, place, source);
  },
  azureFile: noMore,
  vsphereVolume: noMore,
  photonPersistentDisk: noMore,
  portworxVolume: noMore,
  azureDisk: noMore,
  storageos: noMore,
  projected: (problems, place, source) => checkProjected(problems, place, source),
  scaleIO: noMore,
  csi: (problems, place, source) => {
    if (textIn(source, 'driver') === '') problems.required(`${place}.driver`);
  },
  ephemeral: (problems, place, source) => {
    const template = objectIn(source, 'volumeClaimTemplate');
    if (template === undefined) problems.required(`${place}.volumeClaimTemplate`);
    else checkClaimSpec(problems, `${place}.volumeClaimTemplate.spec`, objectIn(template, 'spec') ?? {});
  },
  image: (problems, place, source) => {
    if (textIn(source, 'reference') === '') problems.required(`${place}.reference`);
  },
};

/** Looks at volumes; gives those that are right, by name. */
export function checkVolumes(problems: Problems, field: string, volumes: readonly Json[]): ReadonlyMap<string, Json> {
  const right = new Map<string, Json>();
  for (const [at, volume] of volumes.entries()) {
    const place = `${field}[${at}]`;
    const before = problems.found.length;
    checkSources(problems, place, volume);
    const name = textIn(volume, 'name');
    if (name === '') problems.required(`${place}.name`);
    else problems.text(`${place}.name`, name, dnsLabelErrors);
    if (right.has(name)) problems.duplicate(`${place}.name`, name);
    if (problems.found.length === before) right.set(name, volume);
  }
  return right;
}

function checkSources(problems: Problems, place: string, volume: Json): void {
  let isGiven = false;
  // Almost always there are two fields: the name and the source.
  for (const name in volume) {
    const check = SOURCES[name];
    const source = objectIn(volume, name);
    if (check === undefined || source === undefined) continue;
    if (isGiven) problems.forbidden(`${place}.${name}`, 'may not specify more than 1 volume type');
    else check(problems, `${place}.${name}`, source);
    isGiven = true;
  }
  if (!isGiven) problems.required(place, 'must specify a volume type');
}

function checkMode(problems: Problems, field: string, mode: unknown): void {
  if (typeof mode === 'number' && (mode < 0 || mode > 0o777)) problems.invalid(field, mode, MODE);
}

function checkFiles(problems: Problems, place: string, source: Json): void {
  checkMode(problems, `${place}.defaultMode`, source['defaultMode']);
  for (const [at, item] of listIn(source, 'items').entries()) {
    const where = `${place}.items[${at}]`;
    if (textIn(item, 'key') === '') problems.required(`${where}.key`);
    else problems.text(`${where}.key`, item['key'], configKeyErrors);
    checkPath(problems, `${where}.path`, textIn(item, 'path'));
    checkMode(problems, `${where}.mode`, item['mode']);
  }
}

function checkPath(problems: Problems, field: string, path: string): void {
  if (path === '') problems.required(field);
  else if (path.startsWith('/')) problems.invalid(field, path, 'must be a relative path');
  else if (path.split('/').includes('..')) problems.invalid(field, path, "must not contain '..'");
}

function checkProjected(problems: Problems, place: string, source: Json): void {
  checkMode(problems, `${place}.defaultMode`, source['defaultMode']);
  for (const [at, part] of listIn(source, 'sources').entries()) {
    const where = `${place}.sources[${at}]`;
    for (const name of ['secret', 'configMap']) {
      const files = objectIn(part, name);
      if (files === undefined) continue;
      if (textIn(files, 'name') === '') problems.required(`${where}.${name}.name`);
      checkFiles(problems, `${where}.${name}`, files);
    }
    const token = objectIn(part, 'serviceAccountToken');
    if (token !== undefined) checkToken(problems, `${where}.serviceAccountToken`, token);
  }
}

function checkToken(problems: Problems, place: string, token: Json): void {
  const seconds = Number(token['expirationSeconds'] ?? 3600);
  if (seconds < 600)
    problems.invalid(`${place}.expirationSeconds`, seconds, 'may not specify a duration less than 10 minutes');
  if (seconds > 2 ** 32)
    problems.invalid(`${place}.expirationSeconds`, seconds, 'may not specify a duration larger than 2^32 seconds');
  if (textIn(token, 'path') === '') problems.required(`${place}.path`);
}
