/** RFC 8785: documents with their canonical form, and the series of numbers. Source: https://github.com/cyberphone/json-canonicalization, `testdata/`. */
import { canonicalJson } from '../canonical/jcs.ts';
import { parseJson } from '../canonical/strict-json.ts';
import { equal, same, type Format, type VectorInput } from './case.suite.ts';
import { fromHex } from './fields.suite.ts';

const DOCUMENT = /(?:^|\/)(input|output|outhex)\/([^/]+)\.(?:json|txt)$/;

function placeOf({ path }: VectorInput): { readonly folder: string; readonly name: string } | undefined {
  const [, folder, name] = DOCUMENT.exec(path) ?? [];
  return folder === undefined || name === undefined ? undefined : { folder, name };
}

/** `input/X.json`, whose canonical form is `output/X.json`, in hexadecimal also `outhex/X.txt`. */
export const jcsDocuments: Format = {
  name: 'JCS documents',
  belongsTo: (input) => {
    const place = placeOf(input);
    if (place === undefined || place.folder === 'input') return undefined;
    const main = `../input/${place.name}.json`;
    return input.beside(main) === undefined ? undefined : main;
  },
  fits: (input) => {
    const place = placeOf(input);
    return place?.folder === 'input' && input.beside(`../output/${place.name}.json`) !== undefined;
  },
  groups: (input) => {
    const name = placeOf(input)?.name ?? '';
    const [output, digits] = [input.beside(`../output/${name}.json`), input.beside(`../outhex/${name}.txt`)];
    const check = () => {
      const parsed = parseJson(input.text);
      if (parsed.kind === 'refused') throw new Error(`input: refused, ${parsed.reason} at ${String(parsed.at)}`);
      const canonical = canonicalJson(parsed.value);
      equal('canonical form', canonical, output ?? '');
      if (digits === undefined) return;
      same('bytes', new TextEncoder().encode(canonical), fromHex('outhex', digits.replace(/\s/g, '')));
    };
    return [{ name: 'canonical form', cases: [{ id: name, check }] }];
  },
};

const LINE = /^([\da-f]{1,16}),(\S+)$/;

/** `<bits of the double in hexadecimal>,<text>`, line by line. */
export const jcsNumbers: Format = {
  name: 'JCS numbers',
  fits: ({ text }) => LINE.test(text.slice(0, 200).split(/\r?\n/)[0] ?? ''),
  groups: ({ text }) => {
    const lines = text.split(/\r?\n/).filter((line) => line !== '');
    const cases = lines.map((line, i) => ({
      id: `line ${String(i + 1)}`,
      check: () => {
        const [, bits, expected] = LINE.exec(line) ?? [];
        if (bits === undefined) throw new Error(`${line}: is no number with its text`);
        const view = new DataView(new ArrayBuffer(8));
        view.setBigUint64(0, BigInt(`0x${bits}`));
        equal(bits, canonicalJson(view.getFloat64(0)), expected);
      },
    }));
    return [{ name: 'numbers', cases }];
  },
};
