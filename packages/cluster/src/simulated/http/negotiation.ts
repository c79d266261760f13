/**
 * In which form a client wants its answer. Protobuf and CBOR are not spoken; clients that prefer them name JSON beside them.
 * Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#alternate-representations-of-resources
 */
import { apiError, type ApiError } from '../api/api-error.ts';

/** The form of an answer. */
export interface Form {
  readonly encoding: 'json' | 'yaml';
  /** Indented, for people. */
  readonly pretty: boolean;
  /** Instead of the object itself. */
  readonly as: 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList' | undefined;
}

/** One entry of an Accept header. */
export interface MediaRange {
  readonly type: string;
  readonly parameters: Readonly<Record<string, string>>;
}

const ACCEPTED = 'application/json, application/yaml, application/vnd.kubernetes.protobuf';
/** More entries than any client sends. */
const MOST_RANGES = 64;

/** Entries of an Accept header, the preferred ones first. */
export function mediaRanges(accept: string): readonly MediaRange[] {
  return accept
    .slice(0, 8192)
    .split(',', MOST_RANGES)
    .map((entry) => {
      const [type = '', ...pairs] = entry.split(';').map((part) => part.trim());
      const parameters = Object.fromEntries(
        pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
      );
      return { type: type.toLowerCase(), parameters, weight: Number(parameters['q'] ?? 1) };
    })
    .filter(({ type, weight }) => type !== '' && weight > 0)
    .sort((a, b) => b.weight - a.weight);
}

/** Which transformations an endpoint offers. */
export type Transformations = 'none' | 'object' | 'list';

/** @throws ApiError 406 where nothing that the client takes is offered */
export function formOf(headers: Headers, query: URLSearchParams, offers: Transformations = 'none'): Form {
  const accept = headers.get('accept') ?? '';
  const pretty = wantsPretty(headers, query);
  if (accept.trim() === '') return { encoding: 'json', pretty, as: undefined };
  for (const { type, parameters } of mediaRanges(accept)) {
    const encoding = encodingOf(type);
    if (encoding === undefined) continue;
    const as = parameters['as'];
    if (as === undefined) return { encoding, pretty, as: undefined };
    if (isOffered(as, parameters, offers)) return { encoding, pretty, as: as as NonNullable<Form['as']> };
  }
  throw notAcceptable();
}

function notAcceptable(): ApiError {
  return apiError(406, 'NotAcceptable', `only the following media types are accepted: ${ACCEPTED}`);
}

function encodingOf(type: string): Form['encoding'] | undefined {
  if (type === 'application/json' || type === '*/*' || type === 'application/*') return 'json';
  return type === 'application/yaml' ? 'yaml' : undefined;
}

function isOffered(as: string, { g, v }: Readonly<Record<string, string>>, offers: Transformations): boolean {
  if (g !== 'meta.k8s.io' || (v !== 'v1' && v !== 'v1beta1') || offers === 'none') return false;
  if (as === 'Table') return true;
  return as === (offers === 'list' ? 'PartialObjectMetadataList' : 'PartialObjectMetadata');
}

/** Said by the query, else guessed from who asks: people use browsers and these programs. */
function wantsPretty(headers: Headers, query: URLSearchParams): boolean {
  const said = query.get('pretty');
  if (said !== null) return said !== 'false' && said !== '0';
  return /^(?:curl|Wget|Mozilla\/5\.0)/.test(headers.get('user-agent') ?? '');
}

/** What a body claims to be, without parameters; `''` for nothing. */
export function contentType(headers: Headers): string {
  return ((headers.get('content-type') ?? '').split(';', 1)[0] as string).trim().toLowerCase();
}

/** A body in a form that is not understood. `accepted` for patches differ. */
export function unsupportedMediaType(accepted = ACCEPTED): ApiError {
  return apiError(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted}`,
  );
}
