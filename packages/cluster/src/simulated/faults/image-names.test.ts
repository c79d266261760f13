import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../clock/random.ts';
import { readImage } from '../kubelet/image-reference.ts';
import { misspelt, misspeltTag, nextImage, TAG_MISTAKES } from './image-names.ts';
import { registryOf } from '../kubelet/image-reference.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;

describe('names of images', () => {
  it.each([
    ['nginx', 'nginx:1.0.1'],
    ['nginx:1.27', 'nginx:1.28'],
    ['redis:7.4-alpine', 'redis:7.5-alpine'],
    ['localhost:5000/app', 'localhost:5000/app:1.0.1'],
    ['gcr.io/p/app:v9', 'gcr.io/p/app:v10'],
    ['app:latest', 'app:1.0.1'],
  ])('%s is followed by %s', (image, next) => {
    expect(nextImage(image)).toBe(next);
  });

  it('follows a digest by another', () => {
    const next = nextImage(`gcr.io/p/app@${DIGEST}`);
    expect(next).toMatch(/^gcr\.io\/p\/app@sha256:[0-9a-f]{64}$/);
    expect(next).not.toContain(DIGEST);
  });

  it.each([
    ['nginx', 'docker.io'],
    ['library/nginx:1', 'docker.io'],
    ['localhost/app', 'localhost'],
    ['registry:5000/app', 'registry:5000'],
    ['europe-west1-docker.pkg.dev/p/app:1', 'europe-west1-docker.pkg.dev'],
  ])('%s comes from %s', (image, host) => {
    expect(registryOf(image)).toBe(host);
  });

  it.each([
    ['not-pushed', 'app:2.31.1'],
    ['prefix', 'app:v2.31.1'],
    ['swapped', 'app:3.21.1'],
    ['cut-off', 'app:2.31'],
  ])('mistakes a tag: %s', (mistake, wrong) => {
    expect(misspeltTag('app:2.31.0', mistake)).toBe(wrong);
  });

  it('never mistakes an image for itself, and always for a valid name', () => {
    const tag = fc.stringMatching(/^[a-z0-9][a-z0-9.-]{0,12}$/);
    const image = fc.oneof(
      tag.map((text) => `gcr.io/p/app:${text}`),
      fc.constantFrom('app', 'app:1', `app@${DIGEST}`, `app:1.2@${DIGEST}`, 'app:v1', 'app:11.11'),
    );
    fc.assert(
      fc.property(image, fc.constantFrom(...TAG_MISTAKES), (name, mistake) => {
        const wrong = misspeltTag(name, mistake);
        expect(wrong).not.toBe(name);
        expect(readImage(wrong)).not.toBeTypeOf('string');
        expect(nextImage(name)).not.toBe(name);
      }),
    );
  });

  it('misspells words by letters that change places', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z][a-z0-9-]{0,20}[a-z0-9]$/), fc.string(), (word, seed) => {
        const wrong = misspelt(word, createRandom(seed));
        expect(wrong).not.toBe(word);
        if (!wrong.endsWith('-v2')) expect([...wrong].sort()).toEqual([...word].sort());
      }),
    );
  });
});
