/** Where a resource lies, as a path relative to where AIA was run, so that code scanning can show it. */
import type { ResourceRef } from '@aia/cluster';
import type { Assessment } from '@aia/contract';

/** Characters of one part of a path. */
const LONGEST = 200;

/**
 * The artifact of a resource, or of everything that was read. An object of a dump stands in the dump. What a live cluster holds has no file; its path
 * there, `kubernetes/CONTEXT/NAMESPACE/KIND/NAME`, is one in name only, and the same in every run.
 */
export function artifactOf(
  { kind, name }: Assessment['cluster']['source'],
  resource?: ResourceRef,
): { readonly uri: string } {
  if (kind === 'dump') return { uri: encoded(relative(name)) };
  const place = resource === undefined ? [] : [resource.namespace || '-', resource.kind, resource.name];
  return { uri: encoded(['kubernetes', name || kind, ...place.map((part) => part.replaceAll('/', '_'))]) };
}

/** A dump outside the working directory is known by its name alone: paths of one machine mean nothing on another. */
function relative(path: string): readonly string[] {
  if (path === '-' || path === '') return ['standard-input'];
  const parts = path.split(/[\\/]/).filter((part) => part !== '' && part !== '.');
  const isOutside = /^(?:[\\/]|[A-Za-z]:)/.test(path) || parts.includes('..');
  return isOutside ? parts.slice(-1) : parts;
}

function encoded(parts: readonly string[]): string {
  return parts.map((part) => encodeURIComponent(part.toWellFormed().slice(0, LONGEST).toWellFormed()) || '-').join('/');
}
