/** Which of some images was meant by a name that is wrong. */
import { nearName } from '../../revisions/near-names.ts';

/** An image, and why it. */
export interface NearImage {
  readonly image: string;
  readonly confidence: number;
  /** Completes "…, which …". */
  readonly because: string;
}

interface Parts {
  readonly repository: string;
  readonly tag: string;
}

/** `undefined` where none of them, or more than one, may have been meant. */
export function nearImage(wrong: string, images: readonly string[]): NearImage | undefined {
  const others = images.filter((image) => image !== wrong);
  return wellFormed(wrong, others) ?? sameRepository(wrong, others) ?? sameTag(wrong, others);
}

/** Without a scheme, in lower case, without a tag that a template left empty. */
function wellFormed(wrong: string, images: readonly string[]): NearImage | undefined {
  const { repository, tag } = partsOf(wrong.replace(/^[a-z]+:\/\//, ''));
  const meant = repository.toLowerCase();
  if (meant === repository && tag !== '' && !wrong.includes('://')) return undefined;
  const same = images.filter((image) => {
    const parts = partsOf(image);
    return parts.repository === meant && (tag === '' || parts.tag === tag);
  });
  const [image] = same;
  return same.length === 1 && image !== undefined
    ? { image, confidence: tag === '' ? 0.75 : 0.9, because: 'is the same name, written as image names are' }
    : undefined;
}

function sameRepository(wrong: string, images: readonly string[]): NearImage | undefined {
  const { repository, tag } = partsOf(wrong);
  const tags = images.map(partsOf).filter((one) => one.repository === repository && one.tag !== '');
  const bare = tags.find((one) => one.tag.replace(/^v/, '') === tag.replace(/^v/, ''));
  const near =
    bare === undefined
      ? nearName(
          tag,
          tags.map((one) => one.tag),
        )
      : { name: bare.tag, confidence: 0.9 };
  return (
    near && {
      image: `${repository}:${near.name}`,
      confidence: near.confidence * 0.9,
      because: 'has a tag of the same repository that differs by a slip of the pen',
    }
  );
}

function sameTag(wrong: string, images: readonly string[]): NearImage | undefined {
  const { repository, tag } = partsOf(wrong);
  if (tag === '') return undefined;
  const near = nearName(
    repository,
    images
      .map(partsOf)
      .filter((one) => one.tag === tag)
      .map((one) => one.repository),
  );
  return (
    near && {
      image: `${near.name}:${tag}`,
      confidence: near.confidence * 0.9,
      because: 'has the same tag, and a repository that differs by a slip of the pen',
    }
  );
}

/** The tag stands after the last colon behind the last slash; digests are left with the repository. */
function partsOf(image: string): Parts {
  const at = image.lastIndexOf(':');
  if (at < image.lastIndexOf('/') || image.includes('@')) return { repository: image, tag: '' };
  return at < 0 ? { repository: image, tag: '' } : { repository: image.slice(0, at), tag: image.slice(at + 1) };
}
