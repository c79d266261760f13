/** Objects are written in an API version that Kubernetes stops serving (popeye 403, kube-score stable-version, kube-no-trouble). */
import { refKey, refOf, type KubeObject } from '@aia/cluster';
import { isEverRemoved, minorOf, removalOf, type ApiRemoval } from '../../extensions/api-removals.ts';
import { fieldEvidence, inOrder, type Examination } from '../../examination.ts';
import type { Evidence } from '../../evidence.ts';
import type { FindingDraft, Severity } from '../../finding.ts';
import { listAt, textAt } from '../../open-fields.ts';
import { unique } from '../../order.ts';
import type { Rule } from '../../rule.ts';

/** Facts: api (`group/version Kind`), removedIn (minor release of 1.x), instead, count, objects (keys, at most 50), managers (who writes it). */
export const rule: Rule = {
  code: 'api-deprecated-in-use',
  title: 'Deprecated API version is in use',
  severity: 'low',
  explanation:
    'Objects are written in an API version that a release of Kubernetes stops serving. What is stored stays readable in the newer version, but ' +
    'whoever writes the old one (a chart, a pipeline, an operator) fails after the upgrade. Medium when the next minor release ' +
    'removes it, or when the release at hand has removed it and the object is a manifest that cannot be applied any more; low when there is more ' +
    'time or the version of the API server is not known. Seen are the version in which an object was dumped, and the versions in which its ' +
    'managers last wrote it; calls that leave no trace in an object are not seen. One finding stands for all objects of a kind and version.',
  remediation: {
    class: 'restore-configuration',
    text: 'Have whoever writes these objects use the version named, before the control plane is upgraded.',
  },
  aliases: { popeye: ['403'], 'kube-score': ['stable-version'], 'kube-linter': ['no-extensions-v1beta'] },
  needs: [],
  *check(examination) {
    const uses = Map.groupBy(usesIn(examination), ({ api }) => api);
    for (const api of [...uses.keys()].sort()) yield draftOf(examination, uses.get(api) ?? []);
  },
};

interface Use {
  readonly object: KubeObject;
  /** `policy/v1beta1 PodDisruptionBudget`. */
  readonly api: string;
  readonly removal: ApiRemoval;
  /** Who wrote it; `''` for the version of the object itself. */
  readonly manager: string;
  readonly evidence: Evidence;
}

function usesIn(examination: Examination): readonly Use[] {
  const server = minorOf(examination.snapshot.serverVersion);
  const judged = examination.snapshot.objects.filter(
    ({ kind, metadata }) => isEverRemoved(kind) && examination.judges(metadata.namespace ?? ''),
  );
  return judged.flatMap((object) => ownVersion(object) ?? managersOf(object, server));
}

function ownVersion(object: KubeObject): readonly Use[] | undefined {
  const { apiVersion, kind } = object;
  const removal = removalOf(apiVersion, kind);
  if (removal === undefined) return undefined;
  const evidence = fieldEvidence(object, 'apiVersion', apiVersion);
  return [{ object, api: `${apiVersion} ${kind}`, removal, manager: '', evidence }];
}

/** A manager that has since written another version has moved on; a version that is gone is written by nobody. */
function managersOf(object: KubeObject, server: number | undefined): readonly Use[] {
  const entries = listAt(object.metadata, 'managedFields').flatMap((entry, i) => {
    const [version, manager, time] = [textAt(entry, 'apiVersion'), textAt(entry, 'manager'), textAt(entry, 'time')];
    return version === undefined ? [] : [{ version, manager: manager ?? '', time: time ?? '', at: i }];
  });
  return entries.flatMap(({ version, manager, time, at }): readonly Use[] => {
    const removal = removalOf(version, object.kind);
    if (removal === undefined || server === undefined || server >= removal.minor) return [];
    if (entries.some((other) => other.manager === manager && other.version !== version && other.time > time)) return [];
    const evidence = fieldEvidence(object, `metadata.managedFields[${at}].apiVersion`, version);
    return [{ object, api: `${version} ${object.kind}`, removal, manager, evidence }];
  });
}

const NAMED = 50;

function draftOf({ snapshot }: Examination, uses: readonly Use[]): FindingDraft {
  const objects = inOrder([...new Set(uses.map(({ object }) => object))]);
  const [first] = objects as [KubeObject];
  const [{ api, removal }] = uses as [Use];
  const managers = unique(uses.map(({ manager }) => manager).filter((name) => name !== ''));
  const who =
    objects.length === 1
      ? `${first.kind} ${nameOf(first)} is`
      : `${objects.length} objects of kind ${first.kind}, among them ${nameOf(first)}, are`;
  const by = managers.length === 0 ? '' : ` by ${managers.join(', ')}`;
  const server = minorOf(snapshot.serverVersion);
  const when = server !== undefined && server >= removal.minor ? 'no longer serves' : 'stops serving';
  return {
    resource: refOf(first),
    part: api.replace(' ', '/'),
    severity: severityOf(server, removal.minor),
    message: `${who} written in ${api.split(' ', 1)[0] ?? ''}${by}, which Kubernetes 1.${removal.minor} ${when}; use ${removal.instead}.`,
    evidence: uses.slice(0, 3).map(({ evidence }) => evidence),
    facts: {
      api,
      removedIn: removal.minor,
      instead: removal.instead,
      count: objects.length,
      objects: objects.slice(0, NAMED).map((object) => refKey(refOf(object))),
      managers,
    },
  };
}

function severityOf(server: number | undefined, removedIn: number): Severity {
  return server !== undefined && removedIn <= server + 1 ? 'medium' : 'low';
}

function nameOf({ metadata }: KubeObject): string {
  return metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;
}
