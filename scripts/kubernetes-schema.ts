/**
 * Writes what the simulated cluster knows of the fields of Kubernetes' own kinds: names, types, how lists and maps merge. No descriptions.
 *   node scripts/kubernetes-schema.ts FOLDER
 * FOLDER is `api/openapi-spec/v3` of a release of Kubernetes' sources. `simulated/api/schema/definitions.ts` says how to read the lines.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Schema {
  readonly type?: string;
  readonly format?: string;
  readonly $ref?: string;
  readonly allOf?: readonly { readonly $ref: string }[];
  readonly default?: unknown;
  readonly items?: Schema;
  readonly additionalProperties?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-map-type'?: string;
  readonly 'x-kubernetes-patch-strategy'?: string;
  readonly 'x-kubernetes-patch-merge-key'?: string;
  readonly 'x-kubernetes-group-version-kind'?: readonly { readonly kind: string }[];
}

/** By the file that is written. */
const PACKAGES: Readonly<Record<string, string>> = {
  'admissionregistration-v1': 'io.k8s.api.admissionregistration.v1',
  'apiextensions-v1': 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1',
  'apiregistration-v1': 'io.k8s.kube-aggregator.pkg.apis.apiregistration.v1',
  'apps-v1': 'io.k8s.api.apps.v1',
  'authentication-v1': 'io.k8s.api.authentication.v1',
  'authorization-v1': 'io.k8s.api.authorization.v1',
  'autoscaling-v1': 'io.k8s.api.autoscaling.v1',
  'autoscaling-v2': 'io.k8s.api.autoscaling.v2',
  'batch-v1': 'io.k8s.api.batch.v1',
  'certificates-v1': 'io.k8s.api.certificates.v1',
  'coordination-v1': 'io.k8s.api.coordination.v1',
  'core-v1': 'io.k8s.api.core.v1',
  'discovery-v1': 'io.k8s.api.discovery.v1',
  'events-v1': 'io.k8s.api.events.v1',
  'flowcontrol-v1': 'io.k8s.api.flowcontrol.v1',
  'meta-v1': 'io.k8s.apimachinery.pkg.apis.meta.v1',
  'networking-v1': 'io.k8s.api.networking.v1',
  'node-v1': 'io.k8s.api.node.v1',
  'policy-v1': 'io.k8s.api.policy.v1',
  'rbac-v1': 'io.k8s.api.rbac.v1',
  'resource-v1': 'io.k8s.api.resource.v1',
  'scheduling-v1': 'io.k8s.api.scheduling.v1',
  'storage-v1': 'io.k8s.api.storage.v1',
};
const NAMES = new Map(Object.entries(PACKAGES).map(([file, name]) => [name, file]));
const SCALARS: Readonly<Record<string, string>> = {
  string: 's',
  'integer/int32': 'i',
  'integer/int64': 'l',
  boolean: 'b',
  'number/double': 'd',
  'string/byte': 'y',
};
const OUTPUT = join(import.meta.dirname, '../packages/cluster/src/simulated/api/schema/kubernetes');

const [folder = ''] = process.argv.slice(2);
if (folder === '') throw new TypeError('a folder is needed: node scripts/kubernetes-schema.ts FOLDER');
const definitions = readDefinitions(folder);
rmSync(OUTPUT, { recursive: true, force: true });
mkdirSync(OUTPUT, { recursive: true });
for (const [file, name] of Object.entries(PACKAGES)) {
  const lines = [...definitions].flatMap(([full, schema]) => {
    const kind = full.slice(full.lastIndexOf('.') + 1);
    return full === `${name}.${kind}` && !isList(schema) ? [lineOf(kind, schema, name)] : [];
  });
  const constant = file.replaceAll('-', '_').toUpperCase();
  const text = `/** Fields of \`${name}\`. Made by \`scripts/kubernetes-schema.ts\`. */\nexport const ${constant} = \`\n${lines.sort().join('\n')}\n\`;\n`;
  writeFileSync(join(OUTPUT, `${file}.ts`), text);
}

function readDefinitions(from: string): ReadonlyMap<string, Schema> {
  const found = new Map<string, Schema>();
  for (const file of readdirSync(from).sort()) {
    const document = JSON.parse(readFileSync(join(from, file), 'utf8')) as {
      components?: { schemas?: Record<string, Schema> };
    };
    for (const [name, schema] of Object.entries(document.components?.schemas ?? {})) found.set(name, schema);
  }
  return found;
}

/** Lists of a kind all have the same form. */
function isList({ properties }: Schema): boolean {
  return properties?.['items'] !== undefined && refOf(properties['metadata'] ?? {})?.endsWith('.ListMeta') === true;
}

/** `Name@~atomic field:type …`. */
function lineOf(name: string, schema: Schema, home: string): string {
  const kind = schema['x-kubernetes-group-version-kind']?.some((one) => one.kind === name) === true ? '@' : '';
  const atomic = schema['x-kubernetes-map-type'] === 'atomic' ? '~atomic' : '';
  const fields = Object.entries(schema.properties ?? {}).map(([field, type]) => {
    const required = schema.required?.includes(field) === true ? '!' : '';
    return `${field}${required}:${typeOf(type, home)}${traitsOf(type)}${defaultOf(type)}`;
  });
  return [`${name}${kind}${atomic}`, ...fields].join(' ');
}

function typeOf(schema: Schema, home: string): string {
  const ref = refOf(schema);
  if (ref !== undefined) return nameOf(ref, home);
  if (schema.type === 'array') return `[${typeOf(schema.items ?? {}, home)}]`;
  if (schema.type === 'object') return `{${typeOf(schema.additionalProperties ?? {}, home)}}`;
  const { type = '', format } = schema;
  const scalar = SCALARS[format === undefined ? type : `${type}/${format}`];
  if (scalar === undefined) throw new TypeError(`no sign for ${type} ${format ?? ''}`);
  return scalar;
}

function refOf({ $ref, allOf }: Schema): string | undefined {
  return ($ref ?? allOf?.[0]?.$ref)?.replace('#/components/schemas/', '');
}

function nameOf(ref: string, home: string): string {
  const dot = ref.lastIndexOf('.');
  const [place, name] = [ref.slice(0, dot), ref.slice(dot + 1)];
  if (place === home) return name;
  // What stands in packages of its own is no struct, and known by its name alone.
  return NAMES.has(place) ? `${NAMES.get(place) ?? ''}/${name}` : `/${name}`;
}

function traitsOf(schema: Schema): string {
  const keys = schema['x-kubernetes-list-map-keys'];
  const merges = schema['x-kubernetes-list-type'] ?? schema['x-kubernetes-map-type'];
  const patch = schema['x-kubernetes-patch-strategy'];
  const mergeKey = schema['x-kubernetes-patch-merge-key'];
  return [
    merges === undefined ? '' : `~${merges}${keys === undefined ? '' : `(${keys.join(',')})`}`,
    patch === undefined ? '' : `^${patch}${mergeKey === undefined ? '' : `(${mergeKey})`}`,
  ].join('');
}

/** A required scalar begins as nothing anyway; a struct with a default is always there. */
function defaultOf(schema: Schema): string {
  const value = schema.default;
  const isNothing = value === undefined || value === '' || value === 0 || value === false;
  return isNothing ? '' : `=${JSON.stringify(value)}`;
}
