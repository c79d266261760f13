import { describe, expect, it } from 'vitest';
import { parseStatement, STATEMENTS } from './statement.ts';

describe('parseStatement', () => {
  const rows = STATEMENTS.flatMap(({ family, rows: own }) => own.map((row) => ({ family, ...row })));

  it.each(rows)('$family, $versions: $example', ({ family, reasons, cause, pattern, example }) => {
    expect(example).toMatch(pattern);
    for (const reason of reasons) expect(parseStatement(reason, example)).toMatchObject({ family, cause });
  });

  it('gives each wording a row of its own, which is the first to read it', () => {
    const others = rows.filter(({ reasons, pattern, example }) =>
      reasons.some(
        (reason) => rows.find((one) => one.reasons.includes(reason) && one.pattern.test(example))?.pattern !== pattern,
      ),
    );
    expect(others.map(({ example }) => example)).toEqual([]);
  });

  it.each<[string, string, Record<string, string>]>([
    ['ProgressDeadlineExceeded', 'ReplicaSet "web-5d8f" has timed out progressing.', { name: 'web-5d8f' }],
    [
      'PodFailurePolicy',
      'Container main for pod shop/sum-x7k failed with exit code 42 matching FailJob rule at index 0',
      { container: 'main', pod: 'shop/sum-x7k', code: '42' },
    ],
    [
      'PortRangeFull',
      'Port range 30000-30010 is full; you must widen the port range in order to create new services',
      { range: '30000-30010' },
    ],
    [
      'SyncNetworkEndpointGroupFailed',
      'Failed to sync NEG "k8s1-a" (will retry): googleapi: Error 503: backend error',
      { name: 'k8s1-a' },
    ],
    ['Nominated', 'Pod should schedule on: nodeclaim/default-x7k2f', { name: 'default-x7k2f' }],
  ])('takes the names out of %s', (reason, text, names) => {
    expect(parseStatement(reason, text)?.names).toEqual(names);
  });

  it('asks the reason first: a sentence under another reason is not read', () => {
    expect(parseStatement('NoPods', 'Job has failed indexes')).toBeUndefined();
    expect(parseStatement('', 'Job has failed indexes')).toBeUndefined();
    expect(parseStatement('__proto__', 'Job has failed indexes')).toBeUndefined();
  });

  it.each([
    ['TooManyReplicas', 'the desired replica count is more than'],
    ['NoPods', ''],
    ['FailedScheduling', '0/3 nodes are available: 3 Insufficient cpu.'],
    ['Sync', 'Something new'],
  ])('reads nothing into %s: %s', (reason, text) => {
    expect(parseStatement(reason, text)).toBeUndefined();
  });
});
