/**
 * The structure of Kubernetes' own kinds, read from the lines in `kubernetes/` when somebody asks.
 *
 * A line is `Name` with its fields. `@` after the name: objects of this kind stand by themselves; `~atomic`: one value. A field is
 * `name:type`, `!` after the name where it is required. Types: `s` string, `i` int32, `l` int64, `b` boolean, `d` double, `y` bytes,
 * `[T]` list, `{T}` map, `Name` of the same file, `file/Name` of another, `/Name` of a scalar with its own form. Then `~` with how it
 * merges when applied, `^` with its patch strategy, each with keys in parentheses, and `=` with a default.
 */
import type { ResourceType } from '../resource-type.ts';
import {
  ANY,
  DEDUCED,
  type FieldSchema,
  type ListSchema,
  type PatchStrategy,
  type TypeSchema,
} from './field-schema.ts';
import type { ScalarName, StructSchema } from './field-schema.ts';
import { PACKAGES, type DefinitionPackage } from './packages.ts';

/** One definition. Its fields are read when first asked for. */
class Definition implements StructSchema {
  readonly is = 'struct';
  readonly open = false;
  readonly name: string;
  readonly atomic: boolean;
  /** Whether objects of it stand by themselves. */
  readonly isKind: boolean;
  readonly home: DefinitionPackage;
  readonly #fields: readonly string[];
  #parsed: ReadonlyMap<string, FieldSchema> | undefined;

  constructor(home: DefinitionPackage, line: string) {
    const [head = '', ...fields] = line.split(' ');
    const [name = ''] = head.split(/[@~]/);
    this.home = home;
    this.name = `${home.name}.${name}`;
    this.isKind = head.includes('@');
    this.atomic = head.endsWith('~atomic');
    this.#fields = fields;
  }

  get fields(): ReadonlyMap<string, FieldSchema> {
    this.#parsed ??= new Map(this.#fields.map((text) => fieldOf(text, this.home)));
    return this.#parsed;
  }
}

const SCALAR_SIGNS: Readonly<Record<string, ScalarName>> = {
  s: 'string',
  i: 'int32',
  l: 'int64',
  b: 'boolean',
  d: 'double',
  y: 'bytes',
};

/** Definitions without fields. */
const SPECIAL: Readonly<Record<string, TypeSchema>> = {
  '/Quantity': { is: 'scalar', scalar: 'quantity' },
  '/IntOrString': { is: 'scalar', scalar: 'int-or-string' },
  '/RawExtension': { ...ANY, name: 'io.k8s.apimachinery.pkg.runtime.RawExtension' },
  'meta-v1/Time': { is: 'scalar', scalar: 'time' },
  'meta-v1/MicroTime': { is: 'scalar', scalar: 'micro-time' },
  'meta-v1/Duration': { is: 'scalar', scalar: 'duration' },
  'meta-v1/FieldsV1': { ...DEDUCED, name: 'io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1' },
  'apiextensions-v1/CustomResourceSubresourceStatus': {
    ...DEDUCED,
    name: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresourceStatus',
  },
  'apiextensions-v1/JSON': ANY,
  'apiextensions-v1/JSONSchemaPropsOrArray': ANY,
  'apiextensions-v1/JSONSchemaPropsOrBool': ANY,
  'apiextensions-v1/JSONSchemaPropsOrStringArray': ANY,
};

const read = new Map<string, ReadonlyMap<string, Definition>>();

/** Definitions of one package by their short name. */
function definitionsOf(home: DefinitionPackage): ReadonlyMap<string, Definition> {
  const known = read.get(home.name);
  if (known !== undefined) return known;
  const lines = home.lines.trim().split('\n');
  const parsed = new Map(lines.map((line) => [line.slice(0, line.search(/[@~ ]|$/)), new Definition(home, line)]));
  read.set(home.name, parsed);
  return parsed;
}

/** The structure of a built-in kind's objects; `undefined` for a kind that is not Kubernetes' own. */
export function builtInSchema({
  group,
  version,
  kind,
}: Pick<ResourceType, 'group' | 'version' | 'kind'>): StructSchema | undefined {
  const home = PACKAGES.find((one) => one.group === group && one.version === version && one.file !== 'meta-v1');
  const found = home === undefined ? undefined : definitionsOf(home).get(kind);
  return found?.isKind === true ? found : undefined;
}

/** The structure of a kind's objects; `undefined` where nobody said what it is. */
export function schemaOf(type: ResourceType): StructSchema | undefined {
  return type.schema ?? builtInSchema(type);
}

/** A definition of `meta/v1`, such as `ObjectMeta`. */
export function metaSchema(name: string): StructSchema {
  const type = referredType(`meta-v1/${name}`, PACKAGES[0] as DefinitionPackage);
  if (type.is !== 'struct') throw new TypeError(`meta/v1 has no struct ${name}`);
  return type;
}

function fieldOf(text: string, home: DefinitionPackage): readonly [string, FieldSchema] {
  const [, name = '', required = '', type = '', applied, patched, value] =
    /^([^:!]+)(!?):([^~^=]+)(?:~([^^=]+))?(?:\^([^=]+))?(?:=(.*))?$/.exec(text) ?? [];
  const patch = patched === undefined ? undefined : patchOf(patched);
  const field: FieldSchema = {
    get type() {
      const found = withMerging(typeOf(type, home), applied, patch);
      Object.defineProperty(field, 'type', { value: found });
      return found;
    },
    required: required === '!',
    ...(value === undefined ? {} : { default: JSON.parse(value) as unknown }),
    ...(patch === undefined ? {} : { patch }),
  };
  return [name, field];
}

function typeOf(sign: string, home: DefinitionPackage): TypeSchema {
  if (sign.startsWith('[')) return { is: 'list', items: typeOf(sign.slice(1, -1), home), listType: 'atomic', keys: [] };
  if (sign.startsWith('{')) return { is: 'map', values: typeOf(sign.slice(1, -1), home), atomic: false };
  const scalar = SCALAR_SIGNS[sign];
  return scalar === undefined ? referredType(sign, home) : { is: 'scalar', scalar };
}

function referredType(sign: string, home: DefinitionPackage): TypeSchema {
  const full = sign.includes('/') ? sign : `${home.file}/${sign}`;
  const special = SPECIAL[full];
  if (special !== undefined) return special;
  const [file, name = ''] = full.split('/');
  const place = PACKAGES.find((one) => one.file === file);
  const found = place === undefined ? undefined : definitionsOf(place).get(name);
  if (found === undefined) throw new TypeError(`no definition ${full}`);
  return found;
}

/** Where only the patch strategy says how a list merges, that holds for applying as well. Source: `k8s.io/kube-openapi/pkg/schemaconv`. */
function withMerging(type: TypeSchema, applied: string | undefined, patch: PatchStrategy | undefined): TypeSchema {
  const { word, keys } = wordAndKeys(applied ?? '');
  if (type.is === 'map') return { ...type, atomic: word === 'atomic' };
  if (type.is === 'struct' && word !== '') return merging(type, word === 'atomic');
  if (type.is !== 'list') return type;
  if (word !== '') return { ...type, listType: word as ListSchema['listType'], keys };
  if (patch?.merge !== true) return type;
  return patch.mergeKey === '' ? { ...type, listType: 'set' } : { ...type, listType: 'map', keys: [patch.mergeKey] };
}

/** A field may say otherwise than the type it has. */
function merging(type: StructSchema, atomic: boolean): StructSchema {
  return {
    is: 'struct',
    name: type.name,
    open: type.open,
    atomic,
    definition: type,
    get fields() {
      return type.fields;
    },
  };
}

function patchOf(text: string): PatchStrategy {
  const { word, keys } = wordAndKeys(text);
  const words = word.split(',');
  return {
    merge: words.includes('merge'),
    retainKeys: words.includes('retainKeys'),
    replace: words.includes('replace'),
    mergeKey: keys[0] ?? '',
  };
}

/** `map(a,b)` → `map` and its keys. */
function wordAndKeys(text: string): { readonly word: string; readonly keys: readonly string[] } {
  const open = text.indexOf('(');
  return open < 0 ? { word: text, keys: [] } : { word: text.slice(0, open), keys: text.slice(open + 1, -1).split(',') };
}
