import { describe, expect, it } from 'vitest';
import {
  behaving,
  configMap,
  ref,
  rehearsedOn,
  remediesOf,
  workload,
  workloadScene,
  type WorkloadScene,
} from '../../revisions/workload-scene.suite.ts';
import { fixEnvironment } from './fix-environment.ts';

const URL = 'http:/query:8080';
const fails = { startMs: 5000, exitsAfterMs: 700, exitCode: 1 };

/** A program that refuses the value, and says of which variable. */
function refusing(
  env: readonly object[],
  says: string,
  ...others: readonly Readonly<Record<string, unknown>>[]
): WorkloadScene {
  const scene = workloadScene(workload('Deployment', 'web', { container: { env } }), ...others);
  behaving(scene, (place) => place.env('QUERY_URL') === URL, { ...fails, lastWords: [says] });
  for (const { metadata } of scene.observe().listIn('Pod', 'shop')) scene.remove(ref('Pod', metadata.name));
  scene.wait(20);
  return scene;
}

function changes(scene: WorkloadScene) {
  return remediesOf(scene, fixEnvironment).flatMap(({ drafts }) => drafts.flatMap((draft) => draft.changes));
}

const FROM_MAP = [{ name: 'QUERY_URL', valueFrom: { configMapKeyRef: { name: 'web-config', key: 'query' } } }];
const WORDS = `invalid configuration: QUERY_URL: cannot use "${URL}"`;

describe('fix-environment', () => {
  it('corrects the ConfigMap that the value comes from', () => {
    expect(changes(refusing(FROM_MAP, WORDS, configMap('web-config', { query: URL })))).toMatchObject([
      {
        target: { kind: 'ConfigMap' },
        patch: { operations: [{ op: 'replace', path: '/data/query', value: 'http://query:8080' }] },
      },
    ]);
  });

  it('corrects the template that the value stands in', () => {
    expect(changes(refusing([{ name: 'QUERY_URL', value: URL }], WORDS))).toMatchObject([
      { target: { kind: 'Deployment' }, patch: { type: 'strategic' } },
    ]);
  });

  it('refuses where the program names no variable, or two', () => {
    expect(changes(refusing([{ name: 'QUERY_URL', value: URL }], 'fatal error'))).toEqual([]);
    const two = [
      { name: 'QUERY_URL', value: URL },
      { name: 'OTHER', value: 'x:/y' },
    ];
    expect(changes(refusing(two, `${WORDS} OTHER`))).toEqual([]);
  });

  it('lets the program run on the twin', () => {
    const { before, held, remaining } = rehearsedOn(refusing(FROM_MAP, WORDS, configMap('web-config', { query: URL })));
    expect(before).toContain('program-fails');
    expect(held).toContain('fix-environment');
    expect(remaining).not.toContain('program-fails');
  });
});
