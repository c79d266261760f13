/** Names of images as people write them, rightly and wrongly. */
import type { Random } from '../clock/random.ts';
import { drawInteger } from '../clock/random.ts';
import { fakeDigest } from '../kubelet/image-reference.ts';

/** Repository and tag; a digest counts as none. */
interface NamedImage {
  readonly repository: string;
  readonly tag: string;
  readonly isDigest: boolean;
}

/** `repository:tag` and `repository@sha256:…` taken apart. */
export function splitImage(image: string): NamedImage {
  const digest = /^(.*?)(?::([^:/@]*))?@(sha256:[0-9a-f]+)$/.exec(image);
  if (digest !== null) return { repository: digest[1] ?? '', tag: digest[2] ?? '', isDigest: true };
  const tagged = /^(.*):([^:/]*)$/.exec(image);
  return { repository: tagged?.[1] ?? image, tag: tagged?.[2] ?? '', isDigest: false };
}

/** The next version: the last number of the tag and one more. */
export function nextImage(image: string): string {
  const { repository, tag, isDigest } = splitImage(image);
  if (isDigest) return `${repository}@sha256:${fakeDigest(`${image}+`)}`;
  const [, head = '', number = '', tail = ''] = /^(.*?)(\d+)(\D*)$/.exec(tag) ?? [];
  return `${repository}:${number === '' ? '1.0.1' : `${head}${Number(number) + 1}${tail}`}`;
}

/** Ways in which a tag comes to name what nobody pushed. */
export const TAG_MISTAKES = ['not-pushed', 'prefix', 'swapped', 'cut-off'] as const;

/** The image with such a mistake in its tag; never the image itself. */
export function misspeltTag(image: string, mistake: string): string {
  const next = nextImage(image);
  const { repository, tag } = splitImage(next);
  if (tag === '' || splitImage(image).isDigest || mistake === 'not-pushed') return next;
  if (mistake === 'prefix') return `${repository}:${tag.startsWith('v') ? tag.slice(1) : `v${tag}`}`;
  const parts = tag.split('.');
  const wrong = mistake === 'cut-off' ? parts.slice(0, -1).join('.') : swapped(tag);
  const named = `${repository}:${wrong}`;
  return wrong === '' || wrong === tag || named === image ? `${repository}:v${tag}` : named;
}

/** The first two different digits that stand beside each other, or on both sides of a dot, change places. */
function swapped(tag: string): string {
  return tag.replace(/(\d)(\.?)(?!\1)(\d)/, '$3$2$1');
}

/** Two letters of a word change places, as in `cofnig`. */
export function misspelt(word: string, random: Random): string {
  const places = [...word].flatMap((letter, i) => {
    const next = word[i + 1];
    return i > 0 && next !== undefined && next !== letter && /[a-z]/i.test(letter) && /[a-z]/i.test(next) ? [i] : [];
  });
  const at = places[drawInteger(random, 0, places.length - 1)];
  if (at === undefined) return `${word}-v2`;
  return `${word.slice(0, at)}${word[at + 1] ?? ''}${word[at] ?? ''}${word.slice(at + 2)}`;
}
