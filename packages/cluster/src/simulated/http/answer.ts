/** Answers in the encoding that was asked for. */
import { stringify } from 'yaml';
import type { ApiError, Status } from '../api/api-error.ts';
import type { Form } from './negotiation.ts';

const MEDIA_TYPES = { json: 'application/json', yaml: 'application/yaml' } as const;
const PLAIN: Form = { encoding: 'json', pretty: false, as: undefined };

/** An object as an answer. `headers` beside the usual ones. */
export function answer(
  object: unknown,
  form: Form = PLAIN,
  code = 200,
  headers: Readonly<Record<string, string>> = {},
) {
  return new Response(encode(object, form), {
    status: code,
    headers: { 'cache-control': 'no-cache, private', 'content-type': MEDIA_TYPES[form.encoding], ...headers },
  });
}

function encode(object: unknown, { encoding, pretty }: Form): string {
  if (encoding === 'yaml') return stringify(object, { aliasDuplicateObjects: false, lineWidth: 0 });
  return pretty ? JSON.stringify(object, undefined, 2) : `${JSON.stringify(object)}\n`;
}

/** Plain text, as health checks answer. */
export function textAnswer(text: string, code = 200, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(text, {
    status: code,
    headers: {
      'cache-control': 'no-cache, private',
      'content-type': 'text/plain; charset=utf-8',
      'x-content-type-options': 'nosniff',
      ...headers,
    },
  });
}

/** A refusal as an answer. */
export function refusal(error: ApiError, form: Form = PLAIN): Response {
  const { status } = error;
  const retry = status.details?.retryAfterSeconds;
  return answer(
    wire(status),
    { ...form, as: undefined },
    status.code,
    retry === undefined ? {} : { 'retry-after': String(retry) },
  );
}

/** Fields in the order in which Kubernetes writes them. */
function wire({ metadata, status, message, reason, details, code }: Status) {
  return { kind: 'Status', apiVersion: 'v1', metadata, status, message, reason, details, code };
}
