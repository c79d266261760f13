/** Holds a value against a schema, and says of each fault where it is and what could stand there. */
import * as z from 'zod';

/** A fault of a value. */
export interface SchemaFault {
  /** Where; ends in the name that is wrong, where a name is. */
  readonly path: readonly PropertyKey[];
  /** What is wrong, with the value that stands there. */
  readonly message: string;
  /** The name or text that is not known, and those that are. */
  readonly unknown?: { readonly asked: string; readonly known: readonly string[] };
}

/** A checked value, or its faults, at least one. */
export type Checked<T> = { readonly value: T } | { readonly faults: readonly SchemaFault[] };

const LONGEST_VALUE = 60;

/** Checks a value. Never throws. */
export function check<T>(schema: z.ZodType<T>, value: unknown): Checked<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return { value: parsed.data };
  return { faults: parsed.error.issues.flatMap((issue) => faultsOf(issue, value, schema)) };
}

function faultsOf(issue: z.core.$ZodIssue, content: unknown, schema: z.ZodType): readonly SchemaFault[] {
  const { path, message } = issue;
  const found = path.reduce(
    (value: unknown, key) => (value as Record<PropertyKey, unknown> | null | undefined)?.[key],
    content,
  );
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((asked) => ({
        ...{ path: [...path, asked], message: 'there is no such field' },
        unknown: { asked, known: namesAt(schema, path) },
      }));
    case 'invalid_key':
      return [
        {
          ...{ path, message: 'there is no such name' },
          unknown: { asked: String(path.at(-1)), known: namesAt(schema, path.slice(0, -1)) },
        },
      ];
    case 'invalid_value':
      return [
        {
          ...{ path, message: `${shown(found)} is not possible` },
          unknown: { asked: typeof found === 'string' ? found : '', known: issue.values.map(String) },
        },
      ];
    default:
      return [{ path, message: found === undefined ? message : `${message}, is ${shown(found)}` }];
  }
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}

interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  readonly propertyNames?: SchemaNode;
  readonly enum?: readonly string[];
  /** Schemas with an id of their own are referred to. */
  readonly $ref?: string;
  readonly additionalProperties?: SchemaNode;
}

/** Names of fields that may stand at a path. */
function namesAt(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  const root = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as SchemaNode & {
    readonly $defs?: Readonly<Record<string, SchemaNode>>;
  };
  const resolved = (node: SchemaNode | undefined) => root.$defs?.[node?.$ref?.replace('#/$defs/', '') ?? ''] ?? node;
  const node = path.reduce<SchemaNode | undefined>(
    (at, key) =>
      resolved(typeof key === 'number' ? at?.items : (at?.properties?.[String(key)] ?? at?.additionalProperties)),
    root,
  );
  return resolved(node?.propertyNames)?.enum ?? Object.keys(node?.properties ?? {});
}
