/** How the keys of a file are written, one per line. */
export const KEY_ENCODINGS = ['utf8', 'hex', 'base64'] as const;
export type KeyEncoding = (typeof KEY_ENCODINGS)[number];

/** The bytes of a key written as hex or base64 (the form of URLs included), or what is wrong with it. */
export function decodeKey(line: Buffer, encoding: Exclude<KeyEncoding, 'utf8'>): Buffer | string {
  const text = line.toString('latin1').trim();
  const shown = JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}...` : text);
  switch (encoding) {
    case 'hex': {
      const digits = text.replace(/^0x/i, '');
      if (/^(?:[\da-f]{2})+$/i.test(digits)) return Buffer.from(digits, 'hex');
      return `got ${shown}, expected hex: two digits per byte (--key-encoding hex)`;
    }
    case 'base64': {
      const isWhole = /^[\w+/-]+={0,2}$/.test(text) && text.replace(/=+$/, '').length % 4 !== 1;
      if (isWhole) return Buffer.from(text, 'base64');
      return `got ${shown}, expected base64 (--key-encoding base64)`;
    }
  }
}

/** A key as people read it and as JSON carries it: as it was written in the file. */
export function encodeKey(key: Uint8Array, encoding: KeyEncoding): string {
  return Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString(encoding);
}
