/** What in a policy contradicts itself, or could never be kept: told before anything is planned under it. */
import { editDistance, KIND_GROUPS, LIST_PRICES, nextTime, parseZonedSchedule, patternOf } from '@aia/cluster';
import type { Role } from '@aia/contract';
import type { Policy } from './policy.ts';

/** One fault of a policy. */
export interface PolicyFault {
  /** Where it stands in the file, as in `['windows', 0, 'schedule']`. */
  readonly path: readonly (string | number)[];
  /** What is wrong and what to write instead. */
  readonly message: string;
}

/** Kinds of Kubernetes itself and of what is often added to it; protection of a misspelt one would protect nothing. */
const KNOWN_KINDS: readonly string[] = Object.keys(KIND_GROUPS).toSorted();

/** All roles; a policy that lets none of them do anything allows no plan. */
const ROLES: readonly Role[] = [
  'main-orchestrator',
  'gcp-deployment-orchestrator',
  'cryptography-agent',
  'production-readiness-assessor',
  'mlops-specialist',
  'threejs-ui-optimizer',
];

/** All faults, in the order of the file. `kinds`: names of all kinds of action. */
export function contradictionsOf(policy: Policy, kinds: readonly string[]): readonly PolicyFault[] {
  return [
    ...protectionFaults(policy),
    ...roleFaults(policy),
    ...kindFaults(policy, kinds),
    ...windowFaults(policy),
    ...approverFaults(policy),
    ...figureFaults(policy),
  ];
}

function protectionFaults({ protected: guarded }: Policy): readonly PolicyFault[] {
  const { namespaces, kinds, objects } = guarded;
  const all = (path: string, patterns: readonly string[]) =>
    patterns.flatMap((pattern, i): readonly PolicyFault[] =>
      /^[*\s/]+$/.test(pattern)
        ? [
            {
              path: ['protected', path, i],
              message: `"${pattern}" protects everything, so that no plan could change anything; name what is not to be touched`,
            },
          ]
        : [],
    );
  const unread = objects.flatMap((object, i): readonly PolicyFault[] =>
    /^\S+ \S+$/.test(object.trim())
      ? []
      : [
          {
            path: ['protected', 'objects', i],
            message: `"${object}" is no KIND NAME or KIND NAMESPACE/NAME, as in "Deployment shop/web"`,
          },
        ],
  );
  return [...all('namespaces', namespaces), ...all('kinds', kinds), ...unread, ...unmatched(guarded)];
}

/** Namespaces and labels have such characters, and a pattern of others matches none. */
const NAMESPACE_PATTERN = /^[-a-z0-9*]+$/;
const LABEL_KEY = /^(?:[a-z0-9][-a-z0-9.]*\/)?[A-Za-z0-9](?:[-\w.]*[A-Za-z0-9])?$/;

/** What protects nothing, whatever the cluster: whoever wrote it believes that something is safe. */
function unmatched({ namespaces, kinds, objects, labels }: Policy['protected']): readonly PolicyFault[] {
  const misnamed = (path: PolicyFault['path'], word: string, all: string): readonly PolicyFault[] => {
    const [kind = ''] = word.split('.');
    const meant = kind.includes('*') || KNOWN_KINDS.includes(kind) ? [] : kindsMeant(kind);
    if (meant.length === 0) return [];
    return [{ path, message: `"${all}" protects nothing: there is no kind "${kind}"; did you mean "${meant[0]}"?` }];
  };
  return [
    ...namespaces.flatMap((pattern, i): readonly PolicyFault[] =>
      NAMESPACE_PATTERN.test(pattern) || /^[*\s/]+$/.test(pattern)
        ? []
        : [
            {
              path: ['protected', 'namespaces', i],
              message: `"${pattern}" protects nothing: names of namespaces have lower-case letters, digits and "-"; "*" stands for any text`,
            },
          ],
    ),
    ...kinds.flatMap((pattern, i) => misnamed(['protected', 'kinds', i], pattern, pattern)),
    ...objects.flatMap((object, i) =>
      misnamed(['protected', 'objects', i], object.trim().split(/\s/)[0] ?? '', object),
    ),
    ...Object.keys(labels).flatMap((key): readonly PolicyFault[] =>
      LABEL_KEY.test(key)
        ? []
        : [{ path: ['protected', 'labels', key], message: `"${key}" protects nothing: it is no key of a label` }],
    ),
  ];
}

/** Kinds that somebody means who writes a kind as kubectl takes it (`deployments`, `svc` apart) or mistypes it. */
function kindsMeant(asked: string): readonly string[] {
  const plain = asked.toLowerCase();
  const spelled = KNOWN_KINDS.filter((kind) => {
    const one = kind.toLowerCase();
    return [one, `${one}s`, `${one}es`, one.replace(/y$/, 'ies')].includes(plain);
  });
  if (spelled.length > 0) return spelled;
  return KNOWN_KINDS.filter((kind) => kind.length > 5 && editDistance(plain.slice(0, 100), kind.toLowerCase()) <= 2);
}

function roleFaults({ roles }: Policy): readonly PolicyFault[] {
  return ROLES.every((role) => roles[role]?.length === 0)
    ? [{ path: ['roles'], message: 'no role may do anything; give at least one of them a verb' }]
    : [];
}

function kindFaults({ actions: { off, only } }: Policy, kinds: readonly string[]): readonly PolicyFault[] {
  const unknown = (list: 'off' | 'only', patterns: readonly string[]) =>
    patterns.flatMap((pattern, i): readonly PolicyFault[] => {
      if (kinds.some(patternOf(pattern))) return [];
      return [
        {
          path: ['actions', list, i],
          message: `there is no kind of action "${pattern}"${nearest(pattern, kinds)}`,
        },
      ];
    });
  const faults = [...unknown('off', off), ...unknown('only', only ?? [])];
  const isOff = (kind: string) => off.some((pattern) => patternOf(pattern)(kind));
  const isOn = (kind: string) => only === undefined || only.some((pattern) => patternOf(pattern)(kind));
  const both = (only ?? []).flatMap((pattern, i): readonly PolicyFault[] => {
    const meant = kinds.filter(patternOf(pattern));
    return meant.length > 0 && meant.every(isOff)
      ? [
          {
            path: ['actions', 'only', i],
            message: `"${pattern}" is allowed here and taken out by actions.off; leave one of them out`,
          },
        ]
      : [];
  });
  if (faults.length + both.length > 0 || kinds.some((kind) => isOn(kind) && !isOff(kind))) return [...faults, ...both];
  return [
    { path: ['actions'], message: 'no kind of action is left; take something out of "off" or put it into "only"' },
  ];
}

function nearest(asked: string, names: readonly string[]): string {
  const close = names
    .map((name) => ({ name, distance: editDistance(asked.slice(0, 100).toLowerCase(), name) }))
    .filter(({ name, distance }) => distance <= Math.max(2, name.length / 3))
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, 3);
  return close.length === 0 ? '' : `; did you mean ${close.map(({ name }) => `"${name}"`).join(' or ')}?`;
}

function windowFaults({ windows }: Policy): readonly PolicyFault[] {
  return windows.flatMap(({ schedule, minutes, timeZone }, i): readonly PolicyFault[] => {
    const parsed = parseZonedSchedule(schedule, timeZone);
    const at = (field: string, message: string): PolicyFault => ({ path: ['windows', i, field], message });
    if ('problem' in parsed) {
      const isZone = !('problem' in parseZonedSchedule(schedule, undefined));
      return [at(isZone ? 'timeZone' : 'schedule', `"${isZone ? timeZone : schedule}": ${parsed.problem}`)];
    }
    const never = nextTime(parsed.schedule, 0) === undefined;
    return [
      ...(never ? [at('schedule', `"${schedule}" never comes; disruptive actions would wait for ever`)] : []),
      ...(minutes === 0 ? [at('minutes', 'a window of 0 minutes lets nothing happen; say how long it lasts')] : []),
    ];
  });
}

function approverFaults({ approvers }: Policy): readonly PolicyFault[] {
  return approvers.flatMap(({ name, for: scopes }, i): readonly PolicyFault[] => [
    ...(scopes.length === 0
      ? [{ path: ['approvers', i, 'for'], message: `"${name}" may approve nothing; name a scope, as in "everything"` }]
      : []),
    ...(approvers.findIndex((one) => one.name === name) < i
      ? [{ path: ['approvers', i, 'name'], message: `"${name}" stands here twice; join the scopes in one entry` }]
      : []),
  ]);
}

/** Figures that exclude each other. */
function figureFaults({ budgets, targets, rightSizing }: Policy): readonly PolicyFault[] {
  const { min, max } = targets.utilisation;
  const rows: readonly (PolicyFault & { readonly holds: boolean })[] = [
    {
      holds: budgets.actions === 0,
      path: ['budgets', 'blastRadius', 'actions'],
      message: 'a plan of 0 actions does nothing; allow at least 1',
    },
    {
      holds: budgets.currency !== LIST_PRICES.currency,
      path: ['budgets', 'money', 'currency'],
      message: `prices are known in ${LIST_PRICES.currency} alone, not in "${budgets.currency}"; state the budget in ${LIST_PRICES.currency}`,
    },
    {
      holds: rightSizing.cpuPercentile === 0,
      path: ['rightSizing', 'cpuPercentile'],
      message: 'requests by the least use ever measured serve nobody; write a share above 0, as in 0.95',
    },
    {
      holds: min >= max,
      path: ['targets', 'utilisation'],
      message: `min ${min} is not below max ${max}: no utilisation lies between them`,
    },
    {
      holds: targets.loadBalancers === 0,
      path: ['targets', 'loadBalancers'],
      message: 'fewer than 0 load balancers cannot be had; write at least 1',
    },
    {
      holds: targets.quotaShare === 0,
      path: ['targets', 'quotaShare'],
      message: 'no quota can be used less than not at all; write a share above 0, as in 0.8',
    },
  ];
  return rows.filter(({ holds }) => holds).map(({ path, message }) => ({ path, message }));
}

/** A fault in a line: `windows[0].schedule: …`. */
export function faultText({ path, message }: PolicyFault): string {
  const place = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('');
  return `${place.replace(/^\./, '')}: ${message}`;
}
