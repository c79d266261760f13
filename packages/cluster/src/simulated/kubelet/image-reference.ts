/** Names of images. Source: `github.com/distribution/reference`; https://kubernetes.io/docs/concepts/containers/images/#image-names */

/** A name that was understood: `docker.io/library/nginx`, and its tag or digest. */
export interface ImageReference {
  readonly repository: string;
  readonly tag: string;
  /** `sha256:…`; `''` without. */
  readonly digest: string;
}

const COMPONENT = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const DOMAIN = String.raw`(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*|\[[0-9a-fA-F:]+\])(?::[0-9]+)?`;
const GRAMMAR = new RegExp(
  String.raw`^(?:(${DOMAIN})/)?(${COMPONENT}(?:/${COMPONENT})*)(?::([\w][\w.-]{0,127}))?(?:@([A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}))?$`,
);

/** Reads an image name with the defaults that a runtime gives it; a text says what is wrong with it. */
export function readImage(image: string): ImageReference | string {
  const slash = image.indexOf('/');
  const first = slash < 0 ? '' : image.slice(0, slash);
  const hasDomain = slash >= 0 && (/[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase());
  const full = hasDomain ? image : `docker.io/${slash < 0 ? 'library/' : ''}${image}`;
  const match = GRAMMAR.exec(full);
  if (match === null) return wrongWith(full.slice(full.indexOf('/') + 1));
  const [, domain = '', path = '', tag = '', digest = ''] = match;
  return { repository: `${domain}/${path}`, tag: tag === '' && digest === '' ? 'latest' : tag, digest };
}

function wrongWith(remainder: string): string {
  const path = remainder.replace(/[:@][^/]*$/, '');
  return path !== path.toLowerCase()
    ? `invalid reference format: repository name (${path}) must be lowercase`
    : 'invalid reference format';
}

/** As runtimes name an image in statuses: `docker.io/library/nginx:1.27`. */
export function imageTitle({ repository, tag, digest }: ImageReference): string {
  return digest !== '' ? `${repository}@${digest}` : `${repository}:${tag}`;
}

/** As {@link imageTitle}, of an image as a pod names it; `undefined` for what is no name. */
export function imageTitleOf(image: string): string | undefined {
  const reference = readImage(image);
  return typeof reference === 'string' ? undefined : imageTitle(reference);
}

/** The host of the registry that an image comes from. Source: https://github.com/distribution/reference */
export function registryOf(image: string): string {
  const first = image.slice(0, Math.max(0, image.indexOf('/')));
  return /[.:]/.test(first) || first === 'localhost' ? first : 'docker.io';
}

/** `docker.io/library/nginx@sha256:…`. Tags of one name point to contents that follow from the name and tag alone. */
export function imageIdOf(reference: ImageReference): string {
  return `${reference.repository}@${reference.digest === '' ? `sha256:${fakeDigest(imageTitle(reference))}` : reference.digest}`;
}

/** 64 hexadecimal digits that follow from a text. */
export function fakeDigest(text: string): string {
  let digits = '';
  for (let part = 0; part < 8; part++) {
    // FNV-1a, begun differently for each part.
    let hash = (2_166_136_261 ^ Math.imul(part + 1, 2_654_435_761)) | 0;
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16_777_619);
    hash = Math.imul(hash ^ (hash >>> 15), 2_246_822_507);
    digits += ((hash ^ (hash >>> 13)) >>> 0).toString(16).padStart(8, '0');
  }
  return digits;
}
