import { describe } from 'vitest';
import { parseClaim } from './claim.ts';
import { parseCreation } from './creation.ts';
import { parseEviction } from './eviction.ts';
import { describeField } from './field.suite.ts';
import { parseLoadBalancer } from './load-balancer.ts';
import { creations, evictions, balancers, claims } from './corpus/field-control.suite.ts';

describe('creation in the field', () => {
  describeField(creations, (_reason, text) => parseCreation(text));
});
describe('evictions in the field', () => {
  describeField(evictions, parseEviction);
});
describe('load balancers in the field', () => {
  describeField(balancers, parseLoadBalancer);
});
describe('claims in the field', () => {
  describeField(claims, parseClaim);
});
