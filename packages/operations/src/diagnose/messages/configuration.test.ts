import { parseContainerConfig, parseMount } from './configuration.ts';
import { describeParser } from './laws.suite.ts';
import { mounts, containers } from './corpus/configuration.suite.ts';

describeParser('parseMount', { parse: parseMount, rows: mounts, weaker: ['device'] });
describeParser('parseContainerConfig', { parse: parseContainerConfig, rows: containers });
