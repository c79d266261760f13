import { describe, expect, it } from 'vitest';
import { decodeProtobuf } from './decode.ts';
import { WireError } from './wire.ts';

/** A field with bytes or text. */
function bytes(number: number, value: readonly number[] | string): readonly number[] {
  const content = typeof value === 'string' ? [...new TextEncoder().encode(value)] : value;
  return [(number << 3) | 2, content.length, ...content];
}
function integer(number: number, value: number): readonly number[] {
  return [number << 3, value];
}

/** As Go writes it: `k8s`, a zero, and an object with its kind around the message. */
function envelope(apiVersion: string, kind: string, message: readonly number[]): Uint8Array {
  return Uint8Array.from([
    0x6b,
    0x38,
    0x73,
    0,
    ...bytes(1, [...bytes(1, apiVersion), ...bytes(2, kind)]),
    ...bytes(2, message),
  ]);
}

const NAMED = bytes(1, bytes(1, 'web'));

describe('decodeProtobuf', () => {
  it('reads maps, and leaves out what is empty', () => {
    const data = bytes(2, [...bytes(1, 'mode'), ...bytes(2, 'fast')]);
    const metadata = bytes(1, [...bytes(1, 'web'), ...bytes(2, ''), ...bytes(8, [])]);
    expect(decodeProtobuf(envelope('v1', 'ConfigMap', [...metadata, ...data]))).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'web' },
      data: { mode: 'fast' },
    });
  });

  it('keeps a zero that says something, and drops one that is only written', () => {
    // replicas (1) is a pointer in Go, minReadySeconds (5) is not.
    const spec = bytes(2, [...integer(1, 0), ...integer(5, 0)]);
    expect(decodeProtobuf(envelope('apps/v1', 'Deployment', [...NAMED, ...spec]))).toEqual({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: { replicas: 0 },
    });
  });

  it('puts the fields of inlined messages where JSON has them', () => {
    const source = bytes(2, bytes(2, bytes(1, 'Memory')));
    const volume = bytes(1, [...bytes(1, 'scratch'), ...source]);
    const object = decodeProtobuf(envelope('v1', 'Pod', bytes(2, volume)));
    expect(object).toMatchObject({ spec: { volumes: [{ name: 'scratch', emptyDir: { medium: 'Memory' } }] } });
  });

  it('reads quantities, times, whole numbers or texts, and bytes', () => {
    const port = bytes(1, [
      ...bytes(1, 'http'),
      ...integer(3, 80),
      ...bytes(4, [...integer(1, 1), ...bytes(3, 'http')]),
    ]);
    expect(decodeProtobuf(envelope('v1', 'Service', bytes(2, port)))).toMatchObject({
      spec: { ports: [{ name: 'http', port: 80, targetPort: 'http' }] },
    });
    const secret = bytes(2, [...bytes(1, 'key'), ...bytes(2, [0xff, 0x00])]);
    expect(decodeProtobuf(envelope('v1', 'Secret', secret))).toMatchObject({ data: { key: '/wA=' } });
    const time = bytes(1, bytes(8, [8, 0x80, 0x8b, 0xd2, 0xbb, 0x06]));
    expect(decodeProtobuf(envelope('v1', 'ConfigMap', time))).toMatchObject({
      metadata: { creationTimestamp: '2025-01-01T00:00:00Z' },
    });
  });

  it('knows no custom resources', () => {
    expect(decodeProtobuf(envelope('example.com/v1', 'Thing', []))).toBeUndefined();
  });

  it.each([
    ['no magic', [1, 2, 3, 4]],
    ['a length beyond the end', [0x6b, 0x38, 0x73, 0, 0x0a, 0x7f, 1]],
    ['a number without an end', [0x6b, 0x38, 0x73, 0, 0x08, ...Array<number>(12).fill(0xff)]],
    ['a wire type that is none', [0x6b, 0x38, 0x73, 0, 0x0b]],
    ['field 0', [0x6b, 0x38, 0x73, 0, 0x00, 0x00]],
    ['a number where bytes belong', [...envelope('v1', 'ConfigMap', integer(1, 1))]],
  ])('refuses %s', (_, content) => {
    expect(() => decodeProtobuf(Uint8Array.from(content))).toThrow(WireError);
  });
});
