import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseVisibility } from './visibility.ts';

const log = (jsonPayload: unknown): unknown => ({
  logName: 'projects/p/logs/container.googleapis.com%2Fcluster-autoscaler-visibility',
  timestamp: '2025-09-27T08:00:00Z',
  jsonPayload,
});
const mig = (name: string): unknown => ({ mig: { name, nodepool: 'default-pool', zone: 'us-central1-a' } });

const decision = log({
  decision: {
    decideTime: '1758960000',
    eventId: 'e1',
    scaleUp: {
      increasedMigs: [{ ...(mig('g1') as object), requestedNodes: 1 }],
      triggeringPods: [{ name: 'web', namespace: 'shop' }],
      triggeringPodsTotalCount: 1,
    },
  },
});
const result = log({
  resultInfo: {
    measureTime: '1758960060',
    results: [
      { eventId: 'e0' },
      { eventId: 'e1', errorMsg: { messageId: 'scale.up.error.quota.exceeded', parameters: ['g1'] } },
    ],
  },
});
const refusal = log({
  noDecisionStatus: {
    measureTime: '1758960120',
    noScaleUp: {
      skippedMigs: [
        {
          ...(mig('g1') as object),
          reason: { messageId: 'no.scale.up.mig.skipped', parameters: ['max size reached'] },
        },
      ],
      unhandledPodGroups: [
        {
          podGroup: { samplePod: { name: 'api', namespace: 'shop' }, totalPodCount: 5 },
          napFailureReasons: [{ messageId: 'no.scale.up.nap.disabled' }],
          rejectedMigs: [mig('g1'), mig('g2')].map((item) => ({
            ...(item as object),
            reason: {
              messageId: 'no.scale.up.mig.failing.predicate',
              parameters: ['NodeResourcesFit', 'Insufficient cpu'],
            },
          })),
        },
      ],
    },
  },
});

describe('parseVisibility', () => {
  it('flattens decisions, results and refusals, oldest first', () => {
    const { value, problems } = parseVisibility([refusal, result, decision]);
    expect(problems).toEqual([]);
    expect(value).toEqual([
      {
        at: 1758960000_000,
        type: 'scale-up',
        eventId: 'e1',
        messageId: '',
        parameters: [],
        pods: ['shop/web'],
        groups: ['g1'],
      },
      { at: 1758960060_000, type: 'result', eventId: 'e0', messageId: '', parameters: [], pods: [], groups: [] },
      {
        at: 1758960060_000,
        type: 'result',
        eventId: 'e1',
        messageId: 'scale.up.error.quota.exceeded',
        parameters: ['g1'],
        pods: [],
        groups: [],
      },
      {
        at: 1758960120_000,
        type: 'no-scale-up',
        eventId: '',
        messageId: 'no.scale.up.mig.skipped',
        parameters: ['max size reached'],
        pods: [],
        groups: ['g1'],
      },
      {
        at: 1758960120_000,
        type: 'no-scale-up',
        eventId: '',
        messageId: 'no.scale.up.nap.disabled',
        parameters: [],
        pods: ['shop/api'],
        groups: [],
      },
      {
        at: 1758960120_000,
        type: 'no-scale-up',
        eventId: '',
        messageId: 'no.scale.up.mig.failing.predicate',
        parameters: ['NodeResourcesFit', 'Insufficient cpu'],
        pods: ['shop/api'],
        groups: ['g1', 'g2'],
      },
    ]);
  });

  it('reads one entry alone, scale-downs, status and refusals without a reason', () => {
    const removed = { node: { name: 'n1', mig: { name: 'g1' } }, evictedPods: [{ name: 'a', namespace: 'b' }] };
    const down = {
      decision: { decideTime: '1758960000', eventId: 'e2', scaleDown: { nodesToBeRemoved: [removed, removed] } },
    };
    expect(parseVisibility(log(down)).value).toMatchObject([
      { type: 'scale-down', groups: ['g1'], pods: ['b/a', 'b/a'] },
    ]);
    expect(
      parseVisibility(log({ status: { autoscaledNodesCount: 3, measureTime: '1758960000' } })).value,
    ).toMatchObject([{ type: 'status' }]);
    expect(parseVisibility(log({ noDecisionStatus: { noScaleDown: {} } })).value).toMatchObject([
      { type: 'no-scale-down', at: Date.UTC(2025, 8, 27, 8) },
    ]);
    const node = {
      node: { name: 'n1', mig: { name: 'g1' } },
      reason: { messageId: 'no.scale.down.node.no.place.to.move.pods' },
    };
    expect(parseVisibility(log({ noDecisionStatus: { noScaleDown: { nodes: [node] } } })).value).toMatchObject([
      { messageId: 'no.scale.down.node.no.place.to.move.pods', groups: ['g1'] },
    ]);
  });

  it('names entries it cannot place', () => {
    const { value, problems } = parseVisibility([3, {}, { jsonPayload: { decision: { eventId: 'x' } } }]);
    expect(value).toEqual([]);
    expect(problems.map(({ place }) => place)).toEqual(['[0]', '[1].jsonPayload', '[2].jsonPayload.decision']);
  });

  it('never throws', () => {
    const branches = fc.constantFrom(
      'decision',
      'resultInfo',
      'noDecisionStatus',
      'status',
      'scaleUp',
      'scaleDown',
      'noScaleUp',
      'noScaleDown',
      'results',
      'nodes',
      'rejectedMigs',
      'unhandledPodGroups',
      'mig',
      'node',
      'reason',
      'measureTime',
    );
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom('1758960000', null, 1, 'x', []),
        fc.dictionary(branches, tie('tree'), { maxKeys: 4 }),
        fc.array(tie('tree'), { maxLength: 3 }),
      ),
    }));
    fc.assert(
      fc.property(tree, (payload) => void parseVisibility(log(payload))),
      { numRuns: 2000 },
    );
  });
});
