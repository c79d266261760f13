/** The wire format of protobuf. Source: https://protobuf.dev/programming-guides/encoding/ */

/** One field as it stands in a message: a number for varints and fixed ones, bytes for everything with a length. */
export interface WireField {
  readonly number: number;
  readonly value: bigint | Uint8Array;
}

/** Bytes that are no message. */
export class WireError extends Error {
  override readonly name = 'WireError';
}

/** Fields in the order in which they stand. @throws WireError */
export function* fieldsOf(bytes: Uint8Array): Iterable<WireField> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) throw new WireError('unexpected EOF');
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new WireError('proto: integer overflow');
  };
  const chunk = (length: number): Uint8Array => {
    if (length > bytes.length - at) throw new WireError('unexpected EOF');
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const tag = Number(varint() & 0xffffffffn);
    const [number, type] = [tag >>> 3, tag & 7];
    if (number === 0) throw new WireError(`proto: illegal tag ${number} (wire type ${type})`);
    if (type === 0) yield { number, value: varint() };
    else if (type === 2) yield { number, value: chunk(Number(varint())) };
    else if (type === 1) yield { number, value: view.getBigUint64(offset(chunk(8), bytes), true) };
    else if (type === 5) yield { number, value: BigInt(view.getUint32(offset(chunk(4), bytes), true)) };
    else throw new WireError(`proto: illegal wireType ${type}`);
  }
}

function offset(part: Uint8Array, whole: Uint8Array): number {
  return part.byteOffset - whole.byteOffset;
}

/** The last of the fields of a number. */
export function lastOf(bytes: Uint8Array, number: number): bigint | Uint8Array | undefined {
  let found: bigint | Uint8Array | undefined;
  for (const field of fieldsOf(bytes)) if (field.number === number) found = field.value;
  return found;
}
