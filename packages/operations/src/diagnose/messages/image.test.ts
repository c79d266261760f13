import { describe, expect, it } from 'vitest';
import { parseImage } from './image.ts';
import { describeParser } from './laws.suite.ts';
import { pulling, waiting } from './corpus/image.suite.ts';

describeParser('parseImage of a Failed event', {
  parse: (text) => parseImage('Failed', text),
  rows: pulling,
  weaker: ['unauthorized', 'not-found', 'network'],
});
describeParser('parseImage of ErrImagePull', {
  parse: (text) => parseImage('ErrImagePull', text),
  rows: waiting,
  weaker: ['not-found'],
});

describe('parseImage', () => {
  it.each([
    ['ErrImageNeverPull', 'never-pull'],
    ['InvalidImageName', 'invalid-name'],
    ['RegistryUnavailable', 'network'],
    ['SignatureValidationFailed', 'signature'],
    ['ImagePullBackOff', 'other'],
  ])('takes %s for %s whatever the text', (reason, cause) => {
    expect(parseImage(reason, '')?.cause).toBe(cause);
  });
});
