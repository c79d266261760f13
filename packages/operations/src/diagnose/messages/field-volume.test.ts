import { describe } from 'vitest';
import { parseContainerConfig, parseMount } from './configuration.ts';
import { describeField } from './field.suite.ts';
import { mounts, container } from './corpus/field-volume.suite.ts';

describe('volumes in the field', () => {
  describeField(mounts, (_reason, text) => parseMount(text));
});
describe('container configuration in the field', () => {
  describeField(container, (_reason, text) => parseContainerConfig(text));
});
