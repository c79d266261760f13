import { createSnapshot, SAFE_TO_EVICT, type KubeObject } from '@aia/cluster';
import { expect, it } from 'vitest';
import { Examination } from '../../examination.ts';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  const found = (change: (object: KubeObject) => object) => {
    const objects = failing.snapshot.objects.map((one) => change(one) as KubeObject);
    return check(rule, new Examination(createSnapshot({ ...failing.snapshot, objects })));
  };
  const isOf = (kind: string, name: string) => (one: KubeObject) => one.kind === kind && one.metadata.name === name;
  const plain = (one: KubeObject) => ({ ...one, metadata: { ...one.metadata, annotations: {} } });

  it('names the workload, and the node that could go', () => {
    const [finding] = check(rule, failing);
    expect(finding?.resource).toMatchObject({ kind: 'ReplicaSet', name: 'api' });
    expect(finding?.facts).toEqual({ nodes: ['node-1'], pods: 2 });
  });

  it('says nothing where a node could go all the same', () => {
    expect(found((one) => (isOf('Pod', 'api-1')(one) ? plain(one) : one))).toEqual([]);
  });

  it('says nothing where the pods fit nowhere else', () => {
    const allocatable = { cpu: '900m', memory: '8Gi', pods: '110' };
    expect(
      found((one) =>
        one.kind === 'Node' ? { ...one, status: { ...(one as { status?: object }).status, allocatable } } : one,
      ),
    ).toEqual([]);
  });

  it('leaves marks of Jobs alone', () => {
    const job = [{ apiVersion: 'batch/v1', kind: 'Job', name: 'api', uid: 'x', controller: true }];
    expect(
      found((one) => (one.kind === 'Pod' ? { ...one, metadata: { ...one.metadata, ownerReferences: job } } : one)),
    ).toEqual([]);
    expect(
      found((one) => one)
        .map(({ evidence }) => JSON.stringify(evidence))
        .join(),
    ).toContain(SAFE_TO_EVICT);
  });
});
