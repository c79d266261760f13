/** `--namespace`: what lies outside is not judged, by any rule. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { RULES } from './catalogue.ts';
import { Examination } from './examination.ts';
import { findAll } from './findings.ts';
import { examine, type Scene } from './rule.suite.ts';

const folder = new URL('rules/', import.meta.url);

it.each(readdirSync(folder))('%s', (code) => {
  const { failing } = parse(readFileSync(new URL(`${code}/cluster.yaml`, folder), 'utf8'), {
    maxAliasCount: 1000,
  }) as Record<string, Scene>;
  const { snapshot } = examine(failing ?? {});
  const elsewhere = new Examination(snapshot, { namespaces: new Set(['elsewhere']) });
  const namespaces = findAll(elsewhere, RULES).findings.map(({ resource }) => resource.namespace);
  // Of cluster-wide things the autoscaler alone has a namespace, where it runs.
  expect(namespaces.filter((namespace) => !['', 'kube-system'].includes(namespace))).toEqual([]);
});
