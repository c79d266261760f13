import { describe, expect, it } from 'vitest';
import { specDiff } from './spec-diff.ts';

describe('specDiff', () => {
  it('shows what differs by its Go name, and counts the rest', () => {
    const before = { hostname: 'a', nodeName: 'n', containers: [{ name: 'c', image: 'i', args: ['x'] }] };
    const after = { nodeName: 'n', containers: [{ name: 'c', image: 'i', args: ['y'] }], subdomain: 's' };
    expect(specDiff('core.PodSpec', before, after)).toBe(
      [
        '  core.PodSpec{',
        '  \t... // 1 identical field',
        '  \tContainers: {',
        '  \t\t{',
        '  \t\t\t... // 2 identical fields',
        '  \t\t\tArgs: {',
        '- \t\t\t\t"x",',
        '+ \t\t\t\t"y",',
        '  \t\t\t},',
        '  \t\t},',
        '  \t},',
        '- \tHostname: "a",',
        '+ \tHostname: nil,',
        '- \tSubdomain: nil,',
        '+ \tSubdomain: "s",',
        '  }',
        '',
      ].join('\n'),
    );
  });
});
