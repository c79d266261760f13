import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { Collection, SeenRequest } from './api-server.suite.ts';
import { closeServers, read, start } from './loopback-cluster.suite.ts';
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

/** One line for each verb on each resource. */
function granted(...roles: readonly (Manifest | undefined)[]): string[] {
  return roles
    .flatMap((role) => role?.rules ?? [])
    .flatMap(({ apiGroups, resources, verbs }) =>
      apiGroups.flatMap((group) => resources.flatMap((name) => verbs.map((verb) => `${verb} ${group}/${name}`))),
    )
    .sort();
}

const CRASHING = {
  metadata: { name: 'web-0', namespace: 'shop' },
  status: {
    containerStatuses: [
      {
        name: 'web',
        image: '',
        imageID: '',
        ready: false,
        restartCount: 3,
        state: { waiting: { reason: 'CrashLoopBackOff' } },
      },
    ],
  },
};

/** A cluster that serves every resource that AIA knows, with a pod whose logs are worth reading. */
function everything(): Collection[] {
  const custom = Object.entries(WELL_KNOWN_CUSTOM).flatMap(([group, names]) =>
    names.map((resource) => ({ group, resource, kind: `Kind-${resource}`, namespaced: true, versions: ['v1'] })),
  );
  return [...BUILT_IN_RESOURCES, ...custom].map(({ versions, ...resource }) => ({
    ...resource,
    version: versions[0] ?? 'v1',
    items: resource.group === '' && resource.kind === 'Pod' ? [CRASHING] : [],
  }));
}

/** The rules that the API server would ask for, by the requests it saw (Kubernetes "Authorization", request attributes). */
function needed(requests: readonly SeenRequest[]): string[] {
  const rules = requests.flatMap(({ method, path }) => {
    expect(method).toBe('GET');
    const [, group = '', rest = ''] = /^\/(?:api|apis\/([^/]+))\/[^/]+\/(.+)$/.exec(path) ?? [];
    if (rest === '') return [];
    const [resource = '', name, subresource] = rest.replace(/^namespaces\/[^/]+\/(?=.)/, '').split('/');
    const whole = subresource === undefined ? resource : `${resource}/${subresource}`;
    return [`${name === undefined ? 'list' : 'get'} ${group}/${whole}`];
  });
  return [...new Set(rules)].sort();
}

describe('deploy/rbac', () => {
  const always = manifests('./');
  const optional = manifests('./optional/');
  const reader = always.find(({ kind }) => kind === 'ClusterRole');
  afterEach(closeServers);

  it.each([true, false])(
    'grants exactly what a whole reading asks for (aggregated discovery: %s)',
    async (aggregated) => {
      const server = await start({ collections: everything(), aggregatedDiscovery: aggregated });
      await read(server, { logs: true, includeTlsSecrets: true });
      expect(granted(reader, ...optional)).toEqual(needed(server.requests));
      const plain = await start({ collections: everything(), aggregatedDiscovery: aggregated });
      await read(plain, { logs: false });
      expect(granted(reader)).toEqual(needed(plain.requests).filter((rule) => rule !== 'list /secrets'));
    },
  );

  it('names beforehand only what counts as a custom resource', () => {
    const named = Object.entries(WELL_KNOWN_CUSTOM).flatMap(([group, names]) =>
      names.map((resource) => ({ group, resource })),
    );
    expect(named.filter((resource) => !isCustom(resource))).toEqual([]);
  });

  it('grants reading only, nothing by wildcard', () => {
    for (const { rules = [] } of [...always, ...optional]) {
      for (const rule of rules) {
        expect(rule.verbs.filter((verb) => verb !== 'get' && verb !== 'list')).toEqual([]);
        expect([...rule.apiGroups, ...rule.resources].join(' ')).not.toContain('*');
      }
    }
  });

  it('grants Secrets and logs only by choice', () => {
    expect(granted(...always).filter((rule) => /secrets|\/.*\//.test(rule))).toEqual([]);
    expect(
      optional.filter(({ kind }) => kind === 'ClusterRole').map((role) => [role.metadata.name, granted(role)]),
    ).toEqual([
      ['aia-reader-logs', ['get /pods/log']],
      ['aia-reader-secrets', ['list /secrets']],
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
