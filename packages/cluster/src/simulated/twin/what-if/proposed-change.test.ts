import { describe, expect, it } from 'vitest';
import { CHANGE_FORMS, parseChange } from './proposed-change.ts';

describe('parseChange', () => {
  it.each([
    ['quota.CPUS=+8', { verb: 'quota', subject: 'CPUS', field: '', value: '+8' }],
    ['quota.global/CPUS_ALL_REGIONS=96', { verb: 'quota', subject: 'global/CPUS_ALL_REGIONS', value: '96' }],
    ['pool.spot-pool.machineType=e2-standard-8', { verb: 'pool', subject: 'spot-pool', field: 'machineType' }],
    ['requests.shop/web.v2.cpu=100m', { verb: 'requests', subject: 'shop/web.v2', field: 'cpu', value: '100m' }],
    ['limits.shop/web/app.ephemeral-storage=1Gi', { subject: 'shop/web/app', field: 'ephemeral-storage' }],
    ['image.shop/web/app=registry:5000/web:2@sha256:0a=b', { value: 'registry:5000/web:2@sha256:0a=b' }],
    ['delete.Service/shop/web', { verb: 'delete', subject: 'Service/shop/web', value: '' }],
    ['drain.ip-10-0-0-1.ec2.internal', { verb: 'drain', subject: 'ip-10-0-0-1.ec2.internal' }],
    ['node.ip-10-0-0-1.ec2.internal=off', { subject: 'ip-10-0-0-1.ec2.internal', value: 'off' }],
  ])('takes %s apart', (text, parts) => {
    expect(parseChange(text)).toMatchObject({ text, ...parts });
  });

  it.each([
    ['', /no change ""/],
    ['qota.CPUS=8', /no change "qota"; did you mean quota\?/],
    ['quota.CPUS', /lacks a value; it is written quota\./],
    ['quota=8', /names nothing/],
    ['cordon.n1=yes', /takes no value/],
    ['pool.default.size=3', /"size" is none of maxNodes, minNodes, machineType/],
    ['requests.shop/web=100m', /is none of cpu/],
  ])('refuses %j', (text, message) => {
    expect(() => parseChange(text)).toThrow(message);
    expect(() => parseChange(text)).toThrow(RangeError);
  });

  it('knows a form for every verb', () => {
    expect(CHANGE_FORMS.every((form) => /^[A-Za-z]+\./.test(form))).toBe(true);
  });
});
