import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { BUILT_IN_RESOURCES, isCustom, WELL_KNOWN_CUSTOM } from './resources.ts';

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly roleRef?: { readonly name: string };
  readonly rules?: readonly {
    readonly apiGroups: readonly string[];
    readonly resources: readonly string[];
    readonly verbs: readonly string[];
  }[];
}

const FOLDER = new URL('../../../../deploy/rbac/', import.meta.url);

function manifests(folder: string): Manifest[] {
  const url = new URL(folder, FOLDER);
  const files = readdirSync(url).filter((file) => file.endsWith('.yaml'));
  return files.flatMap((file) =>
    parseAllDocuments(readFileSync(new URL(file, url), 'utf8')).map((document) => document.toJS() as Manifest),
  );
}

function granted(manifest: Manifest | undefined): string[] {
  return (manifest?.rules ?? [])
    .flatMap(({ apiGroups, resources }) =>
      apiGroups.flatMap((group) => resources.map((resource) => `${group}/${resource}`)),
    )
    .sort();
}

describe('deploy/rbac', () => {
  const always = manifests('./');
  const optional = manifests('./optional/');
  const reader = always.find(({ kind }) => kind === 'ClusterRole');

  it('grants exactly what the live reader lists by default, without Secrets', () => {
    const builtIn = BUILT_IN_RESOURCES.map(({ group, resource }) => `${group}/${resource}`).filter(
      (key) => key !== '/secrets',
    );
    const custom = Object.entries(WELL_KNOWN_CUSTOM).flatMap(([group, resources]) =>
      resources.map((resource) => `${group}/${resource}`),
    );
    expect(granted(reader)).toEqual([...builtIn, ...custom].sort());
    expect(
      Object.entries(WELL_KNOWN_CUSTOM).every(([group, resources]) =>
        resources.every((resource) => isCustom({ group, resource })),
      ),
    ).toBe(true);
  });

  it('grants reading only, nothing by wildcard', () => {
    for (const { rules = [] } of [...always, ...optional]) {
      for (const rule of rules) {
        expect(new Set(['get', 'list', 'watch', ...rule.verbs])).toEqual(new Set(['get', 'list', 'watch']));
        expect([...rule.apiGroups, ...rule.resources].join(' ')).not.toContain('*');
      }
    }
  });

  it('grants Secrets and logs only by choice', () => {
    expect(always.flatMap(granted).filter((key) => /secrets|\//.test(key.slice(key.indexOf('/') + 1)))).toEqual([]);
    expect(
      optional.filter(({ kind }) => kind === 'ClusterRole').map((role) => [role.metadata.name, granted(role)]),
    ).toEqual([
      ['aia-reader-logs', ['/pods/log']],
      ['aia-reader-secrets', ['/secrets']],
    ]);
  });

  it('binds each role by its name', () => {
    for (const set of [always, optional]) {
      const roles = set.filter(({ kind }) => kind === 'ClusterRole').map(({ metadata }) => metadata.name);
      const bound = set.filter(({ kind }) => kind === 'ClusterRoleBinding').map(({ roleRef }) => roleRef?.name);
      expect(bound).toEqual(roles);
    }
  });
});
