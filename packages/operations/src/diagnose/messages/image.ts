/**
 * Images that are not there, may not be pulled or cannot be named: waiting messages of ErrImagePull, ImagePullBackOff and their
 * siblings, events Failed, BackOff, InspectFailed. The words behind the kubelet's are those of containerd, CRI-O, Docker and
 * of registries, whatever the cluster's version.
 */
import { plainText } from './event-text.ts';
import type { ImageMessage } from './message.ts';
import { firstMatch, type Row } from './row.ts';

type ImageCause = ImageMessage['cause'];

const row = (versions: string, cause: ImageCause, pattern: RegExp): Row<ImageCause> => ({ versions, cause, pattern });

const ROWS: readonly Row<ImageCause>[] = [
  row('all', 'never-pull', /is not present with pull policy of Never|\bErrImageNeverPull\b/),
  row(
    'all',
    'invalid-name',
    /Failed to apply default image tag|couldn't parse image (?:reference|name)|invalid reference format|\bInvalidImageName\b/,
  ),
  row(
    '1.26–',
    'signature',
    /\bSignatureValidationFailed\b|signature (?:validation|verification) failed|A signature was required/i,
  ),
  row('all', 'rate-limited', /toomanyrequests|Too Many Requests|pull rate limit|pull QPS exceeded|\b429\b/i),
  row('all', 'no-space', /no space left on device/),
  row(
    'containerd',
    'architecture',
    /no match for platform in manifest|no matching manifest for \S{1,60}|does not match the specified platform/,
  ),
  row(
    'CRI-O',
    'architecture',
    /no image found in (?:manifest list|image index) for architecture|choosing an image from manifest list/i,
  ),
  row(
    'all',
    'unauthorized',
    /\bunauthorized\b|authentication required|authorization failed|insufficient_scope|pull access denied/i,
  ),
  row(
    'all',
    'unauthorized',
    /\bdenied:|40[13] \(?(?:Unauthorized|Forbidden)|status(?: code)?:? 40[13]\b|no basic auth credentials|\bUnauthenticated\b/i,
  ),
  row('GKE', 'unauthorized', /Permission "[^"]{1,160}" denied|code = PermissionDenied/),
  row(
    'all',
    'not-found',
    /code = NotFound|manifest unknown|manifest for .{0,300}not found|name unknown|: not found\b|\b404\b/i,
  ),
  row('all', 'not-found', /repository \S{0,300} ?not found|does not exist/i),
  row('CRI-O', 'not-found', /does not resolve to an image ID/),
  row(
    'all',
    'network',
    /no such host|i\/o timeout|connection refused|connection reset|TLS handshake timeout|server misbehaving/,
  ),
  row(
    'all',
    'network',
    /context deadline exceeded|DeadlineExceeded|context canceled|request canceled|no route to host|network is unreachable|\bEOF\b/,
  ),
  row(
    'all',
    'network',
    /x509: |\btls: |server gave HTTP response to HTTPS client|\b50[0234]\b|Service Unavailable|Bad Gateway/i,
  ),
  row('1.14–', 'network', /\bRegistryUnavailable\b/),
];

/** Waiting and event reasons that are about an image whatever the text. */
const REASONS: ReadonlyMap<string, ImageCause> = new Map([
  ['ErrImagePull', 'other'],
  ['ImagePullBackOff', 'other'],
  ['ImageInspectError', 'other'],
  ['InspectFailed', 'other'],
  ['FailedToRetrieveImagePullSecret', 'other'],
  ['ErrImageNeverPull', 'never-pull'],
  ['InvalidImageName', 'invalid-name'],
  ['RegistryUnavailable', 'network'],
  ['SignatureValidationFailed', 'signature'],
]);

/** The kubelet's own words around an image; `Failed` and `BackOff` events hold other texts as well. */
const SHAPE = new RegExp(
  '^(?:Failed to pull image|Back-off pulling image|Container image|Failed to apply default image tag|Failed to inspect image' +
    '|Error: (?:ErrImagePull|ImagePullBackOff|ErrImageNeverPull|InvalidImageName|ImageInspectError|RegistryUnavailable|SignatureValidationFailed)' +
    '|Error: reference "|Unable to retrieve (?:some|image) )',
);
const NAME = /\b(?:[Ii]mage|default image tag) \\?"(?<image>[^"\\]{1,600})\\?"/;

const OPEN_NAME = /\b(?:[Ii]mage|tag) \\?"/;

/**
 * Reads why an image is not available. `reason` is the waiting reason or the event's; with a reason that is not about images
 * alone (or an empty one) only texts that name an image are read. A known reason with unknown words gives `other`.
 */
export function parseImage(reason: string, message: string): ImageMessage | undefined {
  const text = plainText(message);
  const byReason = REASONS.get(reason);
  if (byReason === undefined && !SHAPE.test(text)) return undefined;
  const image = NAME.exec(text)?.groups?.['image'];
  // A name such as `registry/unauthorized:404` must not be taken for the registry's answer.
  const words = withoutName(text, image);
  const cause =
    byReason !== undefined && byReason !== 'other' ? byReason : (firstMatch(ROWS, words)?.row.cause ?? 'other');
  return { cause, ...(image === undefined ? {} : { image }), text };
}

function withoutName(text: string, image: string | undefined): string {
  if (image === undefined) {
    // A text that was cut inside the name holds no answer.
    const open = OPEN_NAME.exec(text);
    // What is quoted is the image's name or the registry's, never the answer.
    return open === null ? text.replaceAll(/"[^"]{0,600}"/g, '…') : text.slice(0, open.index);
  }
  const tag = /[:@][^/]{1,300}$/.exec(image)?.index ?? image.length;
  const repository = image.slice(0, tag);
  return repository.length < 2 ? text : text.replaceAll(image, '…').replaceAll(repository, '…');
}
