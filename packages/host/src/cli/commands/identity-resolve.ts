/** `aia identity resolve`. */
import {
  documentMetadata,
  keyUrlsFor,
  resolutionError,
  VERIFICATION_RELATIONSHIPS,
  type Resolution,
} from '@aia/identity';
import { resolverOf } from '../../identity/resolving.ts';
import { EXIT } from '../exit.ts';
import { withHomeOf, type HomeArguments } from '../identity/home-session.ts';
import { originReaderOf, type OriginArguments } from '../identity/origins.ts';
import { answeredText, askedText, told } from '../identity/tell.ts';

/** Options as the command line gives them. */
export interface ResolveArguments extends HomeArguments, OriginArguments {
  readonly forWrite?: boolean;
}

type Found = Extract<Resolution, { readonly kind: 'resolved' | 'deactivated' }>;

/** Prints the document with what is known about it, and sets the exit code. */
export async function runResolve(did: string, options: ResolveArguments): Promise<void> {
  const { forWrite = false, format } = options;
  const resolution = await withHomeOf(options, (home) => {
    const resolver = resolverOf(home, originReaderOf(options));
    return resolver.resolve(did, { at: Date.now(), purpose: forWrite ? 'write' : 'read' });
  });
  process.stdout.write(told(format, resultOf(resolution), () => linesOf(did, resolution)));
  process.exitCode = exitOf(resolution);
}

const UNREADABLE: ReadonlySet<string> = new Set(['unreachable', 'not-found', 'stale']);

function exitOf(resolution: Resolution): number {
  if (resolution.kind === 'refused') return UNREADABLE.has(resolution.reason) ? EXIT.unreadable : EXIT.found;
  return resolution.kind === 'resolved' ? EXIT.ok : EXIT.found;
}

/** The three parts of a result, and what they have no place for. Source: https://www.w3.org/TR/did-resolution/#did-resolution-result */
function resultOf(resolution: Resolution): unknown {
  const { attempts } = resolution;
  if (resolution.kind === 'refused') {
    const { reason, entry } = resolution;
    const didResolutionMetadata = { error: resolutionError(reason), reason, entry, attempts };
    return { didDocument: null, didDocumentMetadata: {}, didResolutionMetadata };
  }
  const { document, metadata, rung, ageMs, isStale } = resolution;
  const { concessions } = metadata;
  return {
    didDocument: document,
    didDocumentMetadata: documentMetadata(metadata),
    didResolutionMetadata: { rung, ageMs, isStale, concessions, attempts },
  };
}

function linesOf(did: string, resolution: Resolution): readonly string[] {
  const asked = resolution.attempts.map(askedText);
  if (resolution.kind === 'refused') {
    const { reason, entry } = resolution;
    const where = entry === undefined ? '' : ` at entry ${entry}`;
    return [`refused ${did}: ${reason}${where}`, ...(asked.length > 0 ? [`  Asked     ${asked.join(', ')}`] : [])];
  }
  const { document, metadata } = resolution;
  const { versionId, versionAt } = metadata;
  return [
    `${resolution.kind} ${document.id}`,
    `  Answered  ${answeredText(resolution)}`,
    ...(versionId === undefined ? [] : [`  Version   ${versionId}`]),
    ...(versionAt === undefined ? [] : [`  Since     ${new Date(versionAt).toISOString()}`]),
    ...(metadata.concessions.length === 0 ? [] : [`  Conceded  ${metadata.concessions.join(', ')}`]),
    ...keyLines(resolution),
  ];
}

function keyLines({ document }: Found): readonly string[] {
  return VERIFICATION_RELATIONSHIPS.flatMap((relationship) => {
    const urls = keyUrlsFor(document, relationship).map((url) => url.replace(document.id, ''));
    return urls.length === 0 ? [] : [`  ${relationship}: ${urls.join(', ')}`];
  });
}
