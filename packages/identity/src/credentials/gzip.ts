/** GZIP (RFC 1952) by the platform's own streams, which browsers and Node have; they are asynchronous, so whoever calls this is. */

/** Compressed. */
export async function gzip(bytes: Uint8Array): Promise<Uint8Array> {
  const all = await collected(bytes, new CompressionStream('gzip'), Infinity);
  return all ?? new Uint8Array(0);
}

/** Expanded; `undefined` for what is not GZIP, is damaged, has bytes after its end, or expands to more than `most` bytes, which are never held. */
export async function gunzip(bytes: Uint8Array, most: number): Promise<Uint8Array | undefined> {
  try {
    return await collected(bytes, new DecompressionStream('gzip'), most);
  } catch {
    return undefined;
  }
}

async function collected(
  bytes: Uint8Array,
  through: CompressionStream | DecompressionStream,
  most: number,
): Promise<Uint8Array | undefined> {
  const reader = new Blob([Uint8Array.from(bytes)]).stream().pipeThrough(through).getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > most) {
      await reader.cancel();
      return undefined;
    }
    chunks.push(value);
  }
  const all = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}
