/** Writes small zips (APPNOTE.TXT 4.3), also ones that lie about themselves. */
import { crc32, deflateRawSync } from 'node:zlib';

/** One entry; what is given beside name and content overrides what the headers say. */
export interface ZipEntry {
  readonly name: string;
  readonly content: Buffer;
  /** Unix mode in the high half of the external attributes; default a plain file. */
  readonly mode?: number;
  /** The uncompressed size that the headers claim. */
  readonly claimedSize?: number;
}

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const DEFLATE = 8;

/** The bytes of a zip. */
export function zipOf(entries: readonly ZipEntry[]): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const packed = deflateRawSync(entry.content);
    const name = Buffer.from(entry.name);
    const fields = sizes(entry, packed);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(LOCAL, 0);
    local.writeUInt16LE(20, 4);
    fields.copy(local, 6);
    local.writeUInt16LE(name.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(CENTRAL, 0);
    central.writeUInt16LE((3 << 8) | 20, 4);
    central.writeUInt16LE(20, 6);
    fields.copy(central, 8);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt32LE(((entry.mode ?? 0o100644) << 16) >>> 0, 38);
    central.writeUInt32LE(offset, 42);
    bodies.push(local, name, packed);
    directory.push(central, name);
    offset += local.length + name.length + packed.length;
  }
  return Buffer.concat([...bodies, ...directory, endOf(entries.length, offset, Buffer.concat(directory).length)]);
}

/** Flags, method, time, date, checksum and sizes: 20 bytes that both headers hold. */
function sizes({ content, claimedSize }: ZipEntry, packed: Buffer): Buffer {
  const fields = Buffer.alloc(20);
  fields.writeUInt16LE(0x0800, 0);
  fields.writeUInt16LE(DEFLATE, 2);
  fields.writeUInt32LE(crc32(content), 8);
  fields.writeUInt32LE(packed.length, 12);
  fields.writeUInt32LE(claimedSize ?? content.length, 16);
  return fields;
}

function endOf(count: number, directoryAt: number, directorySize: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(END, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(directorySize, 12);
  end.writeUInt32LE(directoryAt, 16);
  return end;
}
