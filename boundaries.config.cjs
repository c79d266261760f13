// The import table of ARCHITECTURE.md as a gate. Directions are between packages, and between stages inside operations.
const inside = (path) => `^packages/${path}`;

/** Package → packages of ours that it may import. */
const packages = {
  identity: [],
  cluster: [],
  contract: [],
  operations: ['cluster', 'identity', 'contract'],
  learning: ['operations', 'cluster', 'identity', 'contract'],
  host: ['operations', 'learning', 'cluster', 'identity', 'contract'],
  web: ['contract', 'identity'],
};

/** Stage of operations → stages it may import, itself included. */
const stages = {
  priors: ['priors'],
  policy: ['policy'],
  diagnose: ['diagnose', 'priors'],
  plan: ['plan', 'diagnose', 'priors', 'policy'],
  rehearse: ['rehearse', 'plan', 'policy', 'diagnose'],
  agents: ['agents', 'plan', 'rehearse', 'diagnose'],
  agree: ['agree', 'agents', 'plan', 'rehearse', 'diagnose'],
  execute: ['execute', 'agree', 'plan', 'policy'],
};

const packageRules = Object.entries(packages).map(([from, to]) => ({
  name: `from-${from}`,
  comment: `${from} may import of ours: ${to.join(', ') || 'nothing'}`,
  severity: 'error',
  from: { path: inside(`${from}/`) },
  to: { path: '^packages/', pathNot: [from, ...to].map((name) => inside(`${name}/`)) },
}));

const stageRules = Object.entries(stages).map(([from, to]) => ({
  name: `stage-${from}`,
  comment: `inside operations, ${from} may import ${to.join(', ')}`,
  severity: 'error',
  from: { path: inside(`operations/src/${from}/`), pathNot: '\\.(test|suite)\\.ts$' },
  to: { path: inside('operations/src/'), pathNot: to.map((name) => inside(`operations/src/${name}/`)) },
}));

const diagnoseBlind = ['diagnose', 'plan', 'rehearse'].map((stage) => ({
  name: `${stage}-does-not-see-faults`,
  severity: 'error',
  from: { path: inside(`operations/src/${stage}/`) },
  to: { path: inside('cluster/src/(faults\\.ts|simulated/(faults|contexts|oracle)/|writer)') },
}));

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    ...packageRules,
    ...stageRules,
    ...diagnoseBlind,
    {
      name: 'door-without-faults',
      comment: 'what the door of the cluster leads to holds no truth about faults; theirs is a door of its own',
      severity: 'error',
      from: {
        path: inside('cluster/src/'),
        pathNot: [inside('cluster/src/(faults\\.ts|simulated/(faults|contexts|oracle)/)'), '\\.(test|suite)\\.ts$'],
      },
      to: { path: inside('cluster/src/(faults\\.ts|simulated/(faults|contexts|oracle)/)') },
    },
    {
      name: 'through-the-door',
      comment:
        'another package is imported by its name, not by a path into it; suites that adapters share are doors of their own',
      severity: 'error',
      from: { path: '^packages/([^/]+)/' },
      to: {
        path: '^packages/[^/]+/',
        pathNot: [
          '^packages/$1/',
          '^packages/[^/]+/src/(index|[a-z-]+\\.suite)\\.ts$',
          '^packages/cluster/src/faults\\.ts$',
        ],
      },
    },
    {
      name: 'pure-packages',
      comment: 'these packages open no files and no sockets; identity calculates with node:crypto in one place',
      severity: 'error',
      from: {
        path: inside('(cluster|operations|contract|identity|learning)/src/'),
        pathNot: ['\\.(test|suite)\\.ts$', inside('identity/src/provider/node\\.ts$')],
      },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'native-cryptography',
      comment: 'of Node the package identity uses node:crypto alone',
      severity: 'error',
      from: { path: inside('identity/src/provider/node\\.ts$') },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?crypto$' },
    },
    {
      name: 'one-kubernetes-client',
      severity: 'error',
      from: { path: '^packages/', pathNot: inside('host/src/live/') },
      to: { path: '@kubernetes/client-node' },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'declared',
      comment: 'what is imported stands in the package manifest',
      severity: 'error',
      from: { path: '^packages/', pathNot: '\\.(test|suite)\\.ts$' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/(dist|bundle)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.check.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'types', 'import', 'node', 'default'],
    },
  },
};
