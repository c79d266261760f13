/** Secrets that workloads need and that are gone. Their values are known to nobody here, and none is ever made up. */
import { refText, type KubeObject } from '@aia/cluster';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import { shellWord } from '../../effects/shell.ts';
import type { Planning } from '../../planning.ts';
import type { ActionKind, Remedy } from '../../remedy.ts';
import { keysOf, missingReferences, workloadsOf, type MissingReference } from '../../revisions/missing-references.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Proposes how whoever may read its values brings a missing Secret back. */
export const restoreSecret: ActionKind = {
  kind: 'restore-secret',
  title: 'Bring a missing Secret or key back',
  explanation:
    'Says how a person brings back a Secret, or a key of one, that workloads need: by what makes it (an ExternalSecret or SealedSecret of that name), from the Secret of the same name in another namespace, or from where its values are kept, with the keys that are needed. Values are never read, copied or invented.',
  capability: 'access',
  prior: { alpha: 4, beta: 1, basis: 'people keep what they made' },
  durationMs: { optimistic: 10 * MINUTE, likely: HOUR, pessimistic: 24 * HOUR },
  baseRisk: 0.05,
  propose: (planning) =>
    missingReferences(planning, 'secret-missing', 'secret-key-missing').map((one) => remedyFor(one, planning)),
};

/** What may make Secrets, by group and kind, and how it is told to do so again. */
const MAKERS: readonly (readonly [string, string, (name: string, namespace: string) => string])[] = [
  [
    'external-secrets.io',
    'ExternalSecret',
    (name, namespace) =>
      `ExternalSecret ${name} makes it: see why it does not (kubectl describe externalsecret ${shellWord(name)} -n ${shellWord(namespace)}), then have it look again (kubectl annotate externalsecret ${shellWord(name)} -n ${shellWord(namespace)} force-sync=again --overwrite)`,
  ],
  [
    'bitnami.com',
    'SealedSecret',
    (name, namespace) =>
      `SealedSecret ${name} makes it: see why it was not unsealed (kubectl describe sealedsecret ${shellWord(name)} -n ${shellWord(namespace)}); one that was sealed for another cluster or namespace must be sealed anew (kubeseal)`,
  ],
];

function remedyFor(missing: MissingReference, planning: Planning): Remedy {
  const { cause, object, key, keys, uses } = missing;
  const source = sourceOf(missing, planning);
  const what = key === undefined ? refText(object) : `key ${key} of ${refText(object)}`;
  const users = workloadsOf(uses).map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  const needed = keys.length === 0 ? '' : ` with the ${keys.length === 1 ? 'key' : 'keys'} ${keys.join(', ')}`;
  const title = `Have ${what} brought back`;
  return {
    title,
    resolves: [cause.id],
    fit: 0.4,
    drafts: [
      {
        kind: restoreSecret.kind,
        title,
        target: object,
        ...(key !== undefined && { part: key }),
        reason: `${cause.statement} ${source === undefined ? 'Nothing that was read makes it.' : source.because}`,
        evidence: [
          ...(source === undefined ? [] : [fieldEvidence(source.object, 'metadata.name', source.object.metadata.name)]),
          ...cause.evidence.slice(0, 3),
        ],
        confidence: 0.9,
        changes: [
          {
            kind: 'manual',
            instruction: `Bring ${what} back${needed}. ${source === undefined ? 'Take its values from where they are kept (password store, cloud secret manager, whoever issued them)' : source.instruction}. ${users.join(', ')} in namespace ${object.namespace} ${users.length === 1 ? 'waits' : 'wait'} for it.`,
          },
        ],
        probe: { conditions: [{ kind: 'told', statement: `${what} is there.` }] },
      },
    ],
  };
}

interface Source {
  readonly object: KubeObject;
  readonly because: string;
  readonly instruction: string;
}

function sourceOf({ object: { namespace, name }, keys }: MissingReference, { snapshot }: Planning): Source | undefined {
  for (const [group, kind, instruction] of MAKERS) {
    const maker = snapshot
      .listOf(group, kind)
      .find((one) => one.metadata.namespace === namespace && targetName(one) === name);
    if (maker !== undefined)
      return {
        object: maker,
        because: `${kind} ${maker.metadata.name} is to make it.`,
        instruction: instruction(maker.metadata.name, namespace),
      };
  }
  const other = snapshot
    .list('Secret')
    .filter(({ metadata }) => metadata.name === name && metadata.namespace !== namespace)
    .find((one) => keys.every((key) => keysOf(one).includes(key)));
  if (other === undefined) return undefined;
  const home = other.metadata.namespace ?? '';
  return {
    object: other,
    because: `Namespace ${home} has a Secret of the same name with these keys; whether it may be used here is for its owner to say.`,
    instruction: `If its owner agrees, copy it from namespace ${home}: kubectl get secret ${shellWord(name)} -n ${shellWord(home)} -o json | jq '{apiVersion, kind, type, data, metadata: {name: .metadata.name}}' | kubectl create -n ${shellWord(namespace)} -f -`,
  };
}

/** An ExternalSecret may name its Secret otherwise than itself. */
function targetName(maker: KubeObject): string {
  const { spec } = maker as { readonly spec?: { readonly target?: { readonly name?: unknown } } };
  const named = spec?.target?.name;
  return typeof named === 'string' && named !== '' ? named : maker.metadata.name;
}
