/** Bodies of requests: read up to a bound, parsed as JSON, YAML or protobuf, and shallow enough for everything behind. */
import { concatBytes } from '@noble/hashes/utils.js';
import { LineCounter, parseDocument } from 'yaml';
import { isRecord, type Json } from '../../model/unknown-json.ts';
import { apiError, badRequest } from '../api/api-error.ts';
import { duplicateFields } from '../api/schema/duplicate-fields.ts';
import { decodeProtobuf } from './protobuf/decode.ts';
import { WireError } from './protobuf/wire.ts';
import { contentType, unsupportedMediaType } from './negotiation.ts';

/** Source: `k8s.io/apiserver/pkg/server/config.go`, `MaxRequestBodyBytes`. */
const MOST_BODY_BYTES = 3 * 1024 * 1024;
/** Deeper than any schema of Kubernetes, and far from the end of the stack. */
const MOST_LEVELS = 256;
/** More objects and lists than a body of the largest size holds in JSON; aliases of YAML stand for any number. */
const MOST_PARTS = 1_500_000;
const MOST_ALIASES = 100;

/** @throws ApiError 413 */
export async function readText(request: Request): Promise<string> {
  return new TextDecoder().decode(await readBytes(request));
}

async function readBytes(request: Request, limit = MOST_BODY_BYTES): Promise<Uint8Array> {
  if (request.body === null) return new Uint8Array();
  if (Number(request.headers.get('content-length') ?? 0) > limit) throw tooLarge(limit);
  const reader = request.body.getReader();
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return concatBytes(...parts);
    bytes += value.byteLength;
    if (bytes > limit) {
      await reader.cancel();
      throw tooLarge(limit);
    }
    parts.push(value);
  }
}

function tooLarge(limit: number) {
  return apiError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${limit}`);
}

/**
 * The object in a body; `undefined` for an empty one. `noteDuplicates` is told of fields that a text of JSON gives twice.
 * @throws ApiError 413, 415, 400
 */
export async function readObject(
  request: Request,
  kind: string,
  noteDuplicates: (errors: readonly string[]) => void = () => {},
): Promise<Json | undefined> {
  const type = contentType(request.headers);
  if (!['', 'application/json', 'application/yaml', PROTOBUF].includes(type)) throw unsupportedMediaType();
  const bytes = await readBytes(request);
  if (type === PROTOBUF) return bytes.length === 0 ? undefined : parseProtobuf(bytes, kind);
  const text = new TextDecoder().decode(bytes);
  if (text.trim() === '') return undefined;
  const value = type === 'application/yaml' ? parseYaml(text, kind) : parseJson(text, kind);
  if (!isRecord(value)) throw unrecognised(kind, `json: cannot unmarshal ${goType(value)} into Go value`, text);
  if (type !== 'application/yaml') noteDuplicates(duplicateFields(text));
  return value;
}

const PROTOBUF = 'application/vnd.kubernetes.protobuf';

function parseProtobuf(bytes: Uint8Array, kind: string): Json {
  try {
    const object = decodeProtobuf(bytes);
    if (object === undefined) throw unsupportedMediaType();
    return shallow(object) as Json;
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    throw badRequest(`the object provided is unrecognized (must be of type ${kind}): ${error.message}`);
  }
}

/** Any JSON, checked for depth. @throws ApiError 400 */
export function parseJson(text: string, kind: string): unknown {
  try {
    return shallow(JSON.parse(text));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw unrecognised(
      kind,
      `couldn't get version/kind; json parse error: ${error.message.replace(/\s+/g, ' ')}`,
      text,
    );
  }
}

/** Any YAML 1.2 document, checked for depth. @throws ApiError 400 */
export function parseYaml(text: string, kind: string): unknown {
  try {
    const document = parseDocument(text, { lineCounter: new LineCounter(), logLevel: 'silent' });
    const [error] = document.errors;
    if (error !== undefined) throw error;
    return shallow(document.toJS({ maxAliasCount: MOST_ALIASES }) as unknown);
  } catch (error) {
    if (!(error instanceof Error) || error.name === 'ClusterError') throw error;
    throw unrecognised(kind, `error converting YAML to JSON: ${error.message.split('\n', 1)[0] ?? ''}`, text);
  }
}

function unrecognised(kind: string, why: string, text: string) {
  const start = text.length > 30 ? `${text.slice(0, 30)} ...` : text;
  return badRequest(`the object provided is unrecognized (must be of type ${kind}): ${why} (${start})`);
}

function goType(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return value === null ? 'null' : typeof value;
}

/** Level by level, so that nothing that came from outside can exhaust the stack. */
function shallow(value: unknown): unknown {
  let level: unknown[] = [value];
  let parts = 0;
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MOST_LEVELS) throw badRequest(`the object is nested deeper than ${MOST_LEVELS} levels`);
    const next: unknown[] = [];
    for (const one of level) {
      if (next.length > MOST_PARTS) break;
      if (typeof one !== 'object' || one === null) continue;
      // Assigned to a plain object somewhere behind, it would change more than that object.
      if (Object.hasOwn(one, '__proto__')) throw badRequest('a field must not be named "__proto__"');
      for (const inner of Object.values(one) as unknown[])
        if (typeof inner === 'object' && inner !== null) next.push(inner);
    }
    parts += next.length;
    if (parts > MOST_PARTS) throw badRequest(`the object has more than ${MOST_PARTS} parts`);
    level = next;
  }
  return value;
}
