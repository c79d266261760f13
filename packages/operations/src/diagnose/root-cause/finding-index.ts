/** Findings by code, resource and workload, for the tables that join them. */
import { refKey, type ClusterSnapshot, type ResourceRef } from '@aia/cluster';
import type { Finding } from '../finding.ts';

export class FindingIndex {
  readonly all: readonly Finding[];
  readonly #byId: ReadonlyMap<string, Finding>;
  readonly #byCode: ReadonlyMap<string, readonly Finding[]>;
  readonly #byResource: ReadonlyMap<string, readonly Finding[]>;
  readonly #byWorkload: ReadonlyMap<string, readonly Finding[]>;
  #byNode: ReadonlyMap<string, readonly Finding[]> | undefined;
  readonly #byListed = new Map<string, ReadonlyMap<string, readonly Finding[]>>();

  constructor(findings: readonly Finding[]) {
    this.all = findings;
    this.#byId = new Map(findings.map((finding) => [finding.id, finding]));
    this.#byCode = Map.groupBy(findings, (finding) => finding.code);
    this.#byResource = Map.groupBy(findings, (finding) => refKey(finding.resource));
    this.#byWorkload = Map.groupBy(findings, (finding) => text(finding, 'workload'));
  }

  get(id: string): Finding | undefined {
    return this.#byId.get(id);
  }

  ofCode(...codes: readonly string[]): readonly Finding[] {
    return codes.flatMap((code) => this.#byCode.get(code) ?? []);
  }

  about(resource: ResourceRef, ...codes: readonly string[]): readonly Finding[] {
    const findings = this.#byResource.get(refKey(resource)) ?? [];
    return codes.length === 0 ? findings : findings.filter((finding) => codes.includes(finding.code));
  }

  /** The same by a `refKey`, as facts hold it. */
  aboutKey(key: string, ...codes: readonly string[]): readonly Finding[] {
    return (this.#byResource.get(key) ?? []).filter((finding) => codes.includes(finding.code));
  }

  /** Findings of a code in whose list of that name a text stands, as in `listing('claim-pending', 'pods', 'shop/web-0')`. */
  listing(code: string, fact: string, entry: string): readonly Finding[] {
    const key = `${code} ${fact}`;
    const known = this.#byListed.get(key) ?? byEntry(this.ofCode(code), fact);
    this.#byListed.set(key, known);
    return known.get(entry) ?? [];
  }

  /** Findings about pods on a node. */
  onNode(node: string, snapshot: ClusterSnapshot, ...codes: readonly string[]): readonly Finding[] {
    this.#byNode ??= Map.groupBy(
      this.all.filter(({ resource }) => resource.kind === 'Pod'),
      ({ resource: { namespace, name } }) => snapshot.get('Pod', namespace, name)?.spec?.nodeName ?? '',
    );
    return (this.#byNode.get(node) ?? []).filter((finding) => codes.includes(finding.code));
  }

  /** Findings whose `workload` fact is this resource: those about its pods. */
  ofWorkload(workload: ResourceRef): readonly Finding[] {
    return this.ofWorkloadKey(refKey(workload));
  }

  /** The same by its `refKey`. */
  ofWorkloadKey(key: string): readonly Finding[] {
    return this.#byWorkload.get(key) ?? [];
  }
}

function byEntry(findings: readonly Finding[], fact: string): ReadonlyMap<string, readonly Finding[]> {
  const entries = new Map<string, Finding[]>();
  for (const finding of findings) {
    for (const entry of new Set(texts(finding, fact))) {
      const found = entries.get(entry);
      if (found === undefined) entries.set(entry, [finding]);
      else found.push(finding);
    }
  }
  return entries;
}

/** A fact as text, `''` when absent. */
export function text(finding: Finding, fact: string): string {
  const value = finding.facts[fact];
  return typeof value === 'string' ? value : '';
}

/** A fact as a number. */
export function amount(finding: Finding, fact: string): number | undefined {
  const value = finding.facts[fact];
  return typeof value === 'number' ? value : undefined;
}

/** A fact as a list of texts, empty when absent. */
export function texts(finding: Finding, fact: string): readonly string[] {
  const value = finding.facts[fact];
  return Array.isArray(value) ? (value as readonly string[]) : [];
}
