/** The tests that every rule passes; each rule's own test adds what is special about it. */
import { readFileSync } from 'node:fs';
import {
  NO_CLOUD,
  NO_USAGE,
  SnapshotBuilder,
  type CertificateFacts,
  type EndpointProbeResult,
  type UnreadableCertificate,
  type CloudSnapshot,
  type UsageHistory,
} from '@aia/cluster';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { Examination } from './examination.ts';
import type { Finding } from './finding.ts';
import { findAll } from './findings.ts';
import type { Rule } from './rule.ts';
import type { Suppression } from './suppressions/suppression.ts';

/** One half of a rule's `cluster.yaml`: raw Kubernetes objects and, where the rule reads them, the other inputs. */
export interface Scene {
  readonly observedAt?: string;
  readonly serverVersion?: string;
  readonly objects?: readonly unknown[];
  readonly cloud?: Partial<CloudSnapshot>;
  readonly usage?: UsageHistory;
  readonly certificates?: readonly CertificateFacts[];
  readonly unreadableCertificates?: readonly UnreadableCertificate[];
  readonly endpoints?: readonly EndpointProbeResult[];
  readonly missing?: readonly string[];
  readonly suppressions?: readonly Suppression[];
}

/** Both halves, as examinations: `failing` must raise the rule's code, `passing` must not. */
export interface Fixture {
  readonly failing: Examination;
  readonly passing: Examination;
}

/** Reads `cluster.yaml` beside a rule's test. */
function loadFixture(testUrl: string): Fixture {
  const { failing, passing } = parse(readFileSync(new URL('cluster.yaml', testUrl), 'utf8'), {
    maxAliasCount: 1000,
  }) as Record<string, Scene>;
  return { failing: examine(failing ?? {}), passing: examine(passing ?? {}) };
}

/** An examination of one scene; also for tests that build their objects in code. */
export function examine(scene: Scene): Examination {
  const examination = examineAsRead(scene);
  expect(examination.snapshot.problems).toEqual([]);
  return examination;
}

/** The same of a scene that admission may find fault with. */
export function examineAsRead(scene: Scene): Examination {
  const builder = new SnapshotBuilder();
  for (const object of structuredClone(scene.objects ?? [])) builder.add(object, 'cluster.yaml');
  const snapshot = builder.build({
    source: { kind: 'dump', name: 'fixture' },
    observedAt: scene.observedAt === undefined ? builder.latestAt : Date.parse(scene.observedAt),
    serverVersion: scene.serverVersion,
    cloud: { ...NO_CLOUD, ...scene.cloud },
    usage: scene.usage ?? NO_USAGE,
    certificates: scene.certificates ?? [],
    unreadableCertificates: scene.unreadableCertificates ?? [],
    endpoints: scene.endpoints ?? [],
    missing: (scene.missing ?? []).map((input) => ({ input, reason: 'left out by the test', consequence: 'unknown' })),
  });
  return new Examination(snapshot, { suppressions: scene.suppressions });
}

/** Findings of one rule. */
export function check(rule: Rule, examination: Examination): readonly Finding[] {
  return findAll(examination, [rule]).findings;
}

/** Runs the common tests and gives the fixture to further ones. */
export function describeRule(rule: Rule, testUrl: string, more: (fixture: Fixture) => void = () => {}): void {
  const fixture = loadFixture(testUrl);
  describe(rule.code, () => {
    it('stands in a folder of its code', () => {
      expect(new URL('.', testUrl).pathname.split('/').at(-2)).toBe(rule.code);
    });
    it('fires on the failing scene, with evidence and a sentence', () => {
      const findings = check(rule, fixture.failing);
      expect(findings.length).toBeGreaterThan(0);
      for (const finding of findings) {
        expect(finding.evidence.length).toBeGreaterThan(0);
        expect(finding.message).toMatch(/\S/);
      }
    });
    it('stays silent on the passing scene', () => {
      expect(check(rule, fixture.passing)).toEqual([]);
    });
    it('says the same whatever the order of the objects', () => {
      const { snapshot } = fixture.failing;
      const builder = new SnapshotBuilder();
      for (const object of snapshot.objects.toReversed()) builder.add(structuredClone(object), 'reversed');
      const { observedAt, serverVersion, cloud, usage, certificates, missing, source } = snapshot;
      const { unreadableCertificates, endpoints } = snapshot;
      const surroundings = { cloud, usage, certificates, unreadableCertificates, endpoints, missing };
      const reversed = new Examination(builder.build({ source, observedAt, serverVersion, ...surroundings }), {
        suppressions: fixture.failing.suppressions,
      });
      expect(check(rule, reversed)).toEqual(check(rule, fixture.failing));
    });
    more(fixture);
  });
}
