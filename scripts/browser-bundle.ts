/** Joins a module and what it imports for browsers, as a page would be given it. */
import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';

/** One script that sets one global name. */
export interface BrowserBundle {
  readonly code: string;
  /** Bytes that go over the wire. */
  readonly gzipped: number;
  /** Paths of all modules in it. */
  readonly modules: readonly string[];
  /** Names that it would still have to import: what a browser has not. */
  readonly imports: readonly string[];
}

/** Bundles the module under a path; its exports become properties of the global `name`. */
export async function bundleForBrowser(path: string, name: string): Promise<BrowserBundle> {
  const build = await rolldown({
    input: path,
    platform: 'browser',
    resolve: { conditionNames: ['source', 'browser', 'import', 'default'] },
    // Shown as an import of the result, which is what the caller looks at.
    external: /^node:/,
    logLevel: 'silent',
  });
  try {
    const { output } = await build.generate({ format: 'iife', name, minify: true, codeSplitting: false });
    const chunks = output.filter((one) => one.type === 'chunk');
    const [chunk, ...others] = chunks;
    if (chunk === undefined || others.length > 0) throw new Error(`${path}: gave ${chunks.length} chunks`);
    const { code, moduleIds: modules, imports, dynamicImports } = chunk;
    return { code, gzipped: gzipSync(code, { level: 9 }).length, modules, imports: [...imports, ...dynamicImports] };
  } finally {
    await build.close();
  }
}
