/** What the documentation promises stands there still, and a test that is named holds it: the table is `docs/promises.json`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

interface DocumentedPromise {
  readonly page: string;
  readonly says: string;
  readonly test: string;
  /** Title of the test, or of the group of tests. */
  readonly title: string;
}

const read = (path: string): string => readFileSync(join(import.meta.dirname, '..', path), 'utf8');
const promises = JSON.parse(read('docs/promises.json')) as readonly DocumentedPromise[];

describe('promises', () => {
  it.each(promises)('$page: $says', ({ page, says, test, title }) => {
    expect(read(page).replaceAll(/\s+/g, ' ')).toContain(says);
    const quoted = ["'", '"', '`'].map((mark) => `${mark}${title}${mark}`);
    expect(
      quoted.some((text) => read(test).includes(text)),
      `${test}: ${title}`,
    ).toBe(true);
  });
});
