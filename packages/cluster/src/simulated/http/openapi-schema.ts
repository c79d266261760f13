/** Types of fields as OpenAPI documents write them. Source: https://kubernetes.io/docs/concepts/overview/kubernetes-api/#openapi-interface-definition */
import { isRecord, type Json } from '../../model/unknown-json.ts';
import { apiVersionOf, type ResourceType } from '../api/resource-type.ts';
import { metaSchema, schemaOf } from '../api/schema/definitions.ts';
import type { FieldSchema, ScalarName, StructSchema, TypeSchema } from '../api/schema/field-schema.ts';

/** What differs between the two versions of OpenAPI. */
export interface Dialect {
  readonly version: 2 | 3;
  /** Before the name of a definition. */
  readonly prefix: string;
}

export const V2: Dialect = { version: 2, prefix: '#/definitions/' };
export const V3: Dialect = { version: 3, prefix: '#/components/schemas/' };

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1';

/** Definitions without fields, by name. */
const SCALAR_DEFINITIONS: Readonly<Partial<Record<ScalarName, readonly [string, Json, Json]>>> = {
  time: [`${META}.Time`, { type: 'string', format: 'date-time' }, { type: 'string', format: 'date-time' }],
  'micro-time': [`${META}.MicroTime`, { type: 'string', format: 'date-time' }, { type: 'string', format: 'date-time' }],
  duration: [`${META}.Duration`, { type: 'string' }, { type: 'string' }],
  quantity: [
    'io.k8s.apimachinery.pkg.api.resource.Quantity',
    { type: 'string' },
    { oneOf: [{ type: 'string' }, { type: 'number' }] },
  ],
  'int-or-string': [
    'io.k8s.apimachinery.pkg.util.intstr.IntOrString',
    { type: 'string', format: 'int-or-string' },
    { format: 'int-or-string', oneOf: [{ type: 'integer' }, { type: 'string' }] },
  ],
};

const SCALARS: Readonly<Partial<Record<ScalarName, Json>>> = {
  string: { type: 'string' },
  int32: { type: 'integer', format: 'int32' },
  int64: { type: 'integer', format: 'int64' },
  double: { type: 'number', format: 'double' },
  boolean: { type: 'boolean' },
  bytes: { type: 'string', format: 'byte' },
};

/** As definitions name a kind: that of its Go type, or, for custom resources, its group backwards. */
function definitionName(type: ResourceType): string {
  const schema = schemaOf(type);
  if (schema !== undefined && schema.name !== '') return schema.name;
  return `${type.group.split('.').reverse().join('.')}.${type.version}.${type.kind}`;
}

/** Collects definitions while it writes types, so that each stands once in the document. */
export class OpenApiDefinitions {
  readonly #dialect: Dialect;
  readonly #definitions = new Map<string, Json>();

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
    for (const name of ['DeleteOptions', 'Status', 'APIResourceList']) this.#refer(metaSchema(name));
    this.#add(`${META}.Patch`, () => ({ type: 'object' }));
    this.#add(`${META}.WatchEvent`, () => ({
      type: 'object',
      required: ['type', 'object'],
      properties: { type: { type: 'string' }, object: { type: 'object' } },
    }));
  }

  /** By name, sorted. */
  get all(): Json {
    return Object.fromEntries([...this.#definitions].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** A reference to the definition of a kind. */
  kind(type: ResourceType): Json {
    const name = definitionName(type);
    const schema = schemaOf(type);
    return this.#add(name, () => ({
      ...this.#object(schema),
      'x-kubernetes-group-version-kind': [groupVersionKind(type, type.kind)],
    }));
  }

  #object(schema: StructSchema | undefined): Json {
    if (schema === undefined) return { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
    const { published } = schema;
    if (published === undefined) return this.#struct(schema);
    const envelope = ['apiVersion', 'kind', 'metadata'].flatMap((name) => {
      const field = schema.fields.get(name);
      return field === undefined ? [] : [[name, this.#field(field)] as const];
    });
    const own = isRecord(published['properties']) ? published['properties'] : {};
    return { ...published, properties: { ...own, ...Object.fromEntries(envelope) } };
  }

  /** A reference to the definition of the lists of a kind. */
  list(type: ResourceType): Json {
    const item = this.kind(type);
    return this.#add(`${definitionName(type)}List`, () => this.#list(type, item));
  }

  #list(type: ResourceType, item: Json): Json {
    return {
      type: 'object',
      required: ['items'],
      properties: {
        apiVersion: { type: 'string' },
        items: { type: 'array', items: this.#dialect.version === 3 ? { allOf: [item], default: {} } : item },
        kind: { type: 'string' },
        metadata: this.#field({ type: metaSchema('ListMeta'), required: false, default: {} }),
      },
      'x-kubernetes-group-version-kind': [groupVersionKind(type, `${type.kind}List`)],
    };
  }

  #struct(schema: StructSchema): Json {
    const required = [...schema.fields].filter(([, field]) => field.required).map(([name]) => name);
    const fields = [...schema.fields].map(([name, field]) => [name, this.#field(field)] as const);
    return {
      type: 'object',
      ...(required.length > 0 && { required }),
      ...(fields.length > 0 && { properties: Object.fromEntries(fields) }),
      ...(schema.atomic && { 'x-kubernetes-map-type': 'atomic' }),
      ...(schema.open && { 'x-kubernetes-preserve-unknown-fields': true }),
    };
  }

  #field({ type, patch, default: value }: FieldSchema): Json {
    const strategies = [patch?.merge && 'merge', patch?.retainKeys && 'retainKeys', patch?.replace && 'replace'];
    const strategy = strategies.filter((one) => typeof one === 'string').join(',');
    const { $ref, ...written } = this.#type(type);
    const isWrapped = this.#dialect.version === 3 && $ref !== undefined;
    return {
      ...(isWrapped && { allOf: [{ $ref }] }),
      ...(!isWrapped && $ref !== undefined && { $ref }),
      ...written,
      ...(value !== undefined && this.#dialect.version === 3 && { default: value }),
      ...(strategy !== '' && { 'x-kubernetes-patch-strategy': strategy }),
      ...(patch !== undefined && patch.mergeKey !== '' && { 'x-kubernetes-patch-merge-key': patch.mergeKey }),
    };
  }

  #type(type: TypeSchema): Json {
    switch (type.is) {
      case 'scalar':
        return this.#scalar(type.scalar);
      case 'struct':
        return this.#structOrReference(type);
      case 'map':
        return {
          type: 'object',
          additionalProperties: this.#type(type.values),
          ...(type.atomic && { 'x-kubernetes-map-type': 'atomic' }),
        };
      case 'list':
        return {
          type: 'array',
          items: this.#type(type.items),
          'x-kubernetes-list-type': type.listType,
          ...(type.keys.length > 0 && { 'x-kubernetes-list-map-keys': type.keys }),
        };
      case 'any':
        return type.name === undefined
          ? { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }
          : this.#add(type.name, () => ({ type: 'object' }));
    }
  }

  #structOrReference(type: StructSchema): Json {
    if (type.name === '') return this.#struct(type);
    if (type.definition === undefined) return this.#refer(type);
    return { ...this.#refer(type.definition), 'x-kubernetes-map-type': type.atomic ? 'atomic' : 'granular' };
  }

  #scalar(scalar: ScalarName): Json {
    const [name, v2, v3] = SCALAR_DEFINITIONS[scalar] ?? [];
    if (name === undefined) return SCALARS[scalar] ?? {};
    return this.#add(name, () => (this.#dialect.version === 2 ? v2 : v3) ?? {});
  }

  #refer(schema: StructSchema): Json {
    return this.#add(schema.name, () => this.#struct(schema));
  }

  #add(name: string, write: () => Json): Json {
    if (!this.#definitions.has(name)) {
      // Types that hold themselves meet a definition that is there.
      this.#definitions.set(name, {});
      this.#definitions.set(name, write());
    }
    return this.#ref(name);
  }

  #ref(name: string): Json {
    return { $ref: `${this.#dialect.prefix}${name}` };
  }
}

/** How documents name a kind. */
export function groupVersionKind({ group, version }: Pick<ResourceType, 'group' | 'version'>, kind: string): Json {
  return { group, kind, version };
}

/** `/api/v1`, `/apis/apps/v1`. */
export function rootOf(type: Pick<ResourceType, 'group' | 'version'>): string {
  return type.group === '' ? `/api/${type.version}` : `/apis/${apiVersionOf(type)}`;
}
