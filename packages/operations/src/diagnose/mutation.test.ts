/** Every fixture with one field after the other taken out: rules neither fail nor write nonsense. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { RULES } from './catalogue.ts';
import { findAll } from './findings.ts';
import { examineAsRead, type Scene } from './rule.suite.ts';

const folder = new URL('rules/', import.meta.url);
/** Fields taken out per scene; the rest is skipped in even steps. */
const MOST = 150;

type Path = readonly (string | number)[];

function* pathsOf(value: unknown, path: Path = []): Iterable<Path> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, child] of Object.entries(value)) {
    const at = [...path, Array.isArray(value) ? Number(key) : key];
    yield at;
    yield* pathsOf(child, at);
  }
}

function without(scene: Scene, path: Path): Scene {
  const copy = structuredClone(scene);
  const parent = path.slice(0, -1).reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], copy.objects);
  const last = path.at(-1) as string | number;
  if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else Reflect.deleteProperty(parent as object, last);
  return copy;
}

/** Without kind or name it is no object, and admission says so. */
const isIdentity = (path: Path): boolean =>
  path.length < 2 ||
  ['apiVersion', 'kind'].includes(String(path[1])) ||
  (path[1] === 'metadata' && path.length < 4 && path[2] !== 'labels' && path[2] !== 'creationTimestamp');

describe.each(readdirSync(folder))('%s', (code) => {
  const scenes = parse(readFileSync(new URL(`${code}/cluster.yaml`, folder), 'utf8'), {
    maxAliasCount: 1000,
  }) as Record<string, Scene>;
  it.each(Object.keys(scenes))('%s', (name) => {
    const scene = scenes[name] as Scene;
    const paths = [...pathsOf(scene.objects ?? [])].filter((path) => !isIdentity(path));
    const step = Math.max(1, Math.ceil(paths.length / MOST));
    for (const path of paths.filter((_, i) => i % step === 0)) {
      const { findings } = findAll(examineAsRead(without(scene, path)), RULES);
      for (const { id, message, evidence, facts } of findings) {
        expect(evidence.length, id).toBeGreaterThan(0);
        expect(
          `${message}${JSON.stringify(evidence)}${JSON.stringify(facts)}`,
          `${id} without ${path.join('.')}`,
        ).not.toMatch(/undefined|NaN|\[object|Infinity|Invalid Date/);
      }
    }
  });
});
