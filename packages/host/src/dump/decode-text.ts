/** Bytes to text: UTF-8 with or without mark, and UTF-16, which PowerShell's `>` writes. */

/** Decodes; `undefined` for bytes that are no text. */
export function decodeText(bytes: Buffer): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString('utf16le', 2);
  if (bytes[0] === 0xfe && bytes[1] === 0xff)
    return Buffer.from(bytes.subarray(2, bytes.length - (bytes.length % 2)))
      .swap16()
      .toString('utf16le');
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  if (bytes.subarray(0, 4096).includes(0)) return undefined;
  return bytes.toString('utf8', marked ? 3 : 0);
}

/** Whether a stream that begins so is UTF-16. */
function isUtf16(head: Buffer): boolean {
  return (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff);
}

/** `line 3, column 14` of a character position. */
export function placeOf(text: string, at: number): string {
  let line = 1;
  let start = 0;
  for (let next = text.indexOf('\n'); next >= 0 && next < at; next = text.indexOf('\n', next + 1)) {
    line++;
    start = next + 1;
  }
  return `line ${line}, column ${at - start + 1}`;
}

/** `line 3, column 14` of a byte offset in UTF-8 text; columns count characters. */
export function placeOfByte(bytes: Buffer, at: number): string {
  let line = 1;
  let start = 0;
  for (let next = bytes.indexOf(0x0a); next >= 0 && next < at; next = bytes.indexOf(0x0a, next + 1)) {
    line++;
    start = next + 1;
  }
  return `line ${line}, column ${bytes.toString('utf8', start, at).length + 1}`;
}

/** A stream of UTF-16 as UTF-8; other streams pass as they are. `head` is what the stream begins with. */
export async function* asUtf8(head: Buffer, stream: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  if (!isUtf16(head)) return yield* stream;
  const decoder = new TextDecoder(head[0] === 0xff ? 'utf-16le' : 'utf-16be');
  for await (const chunk of stream) yield Buffer.from(decoder.decode(chunk, { stream: true }));
  yield Buffer.from(decoder.decode());
}
