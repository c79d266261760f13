import { describe } from 'vitest';
import { describeField } from './field.suite.ts';
import { parseImage } from './image.ts';
import { parseProbe } from './probe.ts';
import { parseSandbox } from './sandbox.ts';
import { parseStart } from './start.ts';
import { images, starts, sandboxes, probes } from './corpus/field-container.suite.ts';

describe('images in the field', () => {
  describeField(images, parseImage);
});
describe('starts in the field', () => {
  describeField(starts, parseStart);
});
describe('sandboxes in the field', () => {
  describeField(sandboxes, (_reason, text) => parseSandbox(text));
});
describe('probes in the field', () => {
  describeField(probes, (_reason, text) => parseProbe(text));
});
