/** Eight hexadecimal digits that follow from a text, as names of Google's resources have them. FNV-1a, 32 bits. */
export function fingerprint(text: string): string {
  let hash = 2_166_136_261;
  for (const letter of text) hash = Math.imul(hash ^ letter.charCodeAt(0), 16_777_619) >>> 0;
  return hash.toString(16).padStart(8, '0');
}
