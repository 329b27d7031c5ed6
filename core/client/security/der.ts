/** One element of DER (X.690): tag, and contents as a view of the bytes read. */
export interface DerElement {
  readonly tag: number;
  readonly contents: Buffer;
  /** Tag and length included. */
  readonly whole: Buffer;
}

export const DER = {
  integer: 0x02,
  octetString: 0x04,
  objectId: 0x06,
  sequence: 0x30,
  set: 0x31,
  /** `[0]`, primitive and constructed. */
  context0: 0x80,
  context0Constructed: 0xa0,
} as const;

/** Bytes that are no DER, or not what was expected in their place. */
export class DerError extends Error {}

/** The elements that lie one after the other in `bytes`. Throws DerError. */
export function derElements(bytes: Buffer): DerElement[] {
  const elements: DerElement[] = [];
  for (let start = 0; start < bytes.length; ) {
    const element = elementAt(bytes, start);
    elements.push(element);
    start += element.whole.length;
  }
  return elements;
}

/** The one element at the beginning of `bytes`; what follows is not looked at. Throws DerError. */
export function firstDerElement(bytes: Buffer): DerElement {
  return elementAt(bytes, 0);
}

/** What the element holds, if it has the tag. Throws DerError. */
export function contentsOf(element: DerElement | undefined, tag: number): Buffer {
  if (element?.tag === tag) return element.contents;
  const found = element === undefined ? 'nothing' : `0x${element.tag.toString(16)}`;
  throw new DerError(`expected tag 0x${tag.toString(16)}, got ${found}`);
}

/** The elements inside an element that has the tag. Throws DerError. */
export function childrenOf(element: DerElement | undefined, tag: number): DerElement[] {
  return derElements(contentsOf(element, tag));
}

/** An object identifier as `1.2.840`. */
export function objectIdOf(element: DerElement | undefined): string {
  const bytes = contentsOf(element, DER.objectId);
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of bytes) {
    arc = arc * 128 + (byte & 0x7f);
    if (byte & 0x80) continue;
    if (arcs.length === 0) arcs.push(Math.min(Math.trunc(arc / 40), 2));
    arcs.push(arcs.length === 1 ? arc - arcs[0]! * 40 : arc);
    arc = 0;
  }
  return arcs.join('.');
}

/** A small whole number that is not negative. Throws DerError. */
export function integerOf(element: DerElement | undefined): number {
  const bytes = contentsOf(element, DER.integer);
  if (bytes.length === 0 || bytes.length > 5 || bytes[0]! >= 0x80)
    throw new DerError('a number out of range');
  return bytes.readUIntBE(0, bytes.length);
}

function elementAt(bytes: Buffer, start: number): DerElement {
  if (start + 2 > bytes.length) throw new DerError('cut short');
  const first = bytes[start + 1]!;
  let length = first;
  let contentsStart = start + 2;
  if (first >= 0x80) {
    const lengthBytes = first & 0x7f;
    // 0x80 is BER's indefinite length; 4 bytes count to 4 GiB.
    if (lengthBytes === 0 || lengthBytes > 4) throw new DerError('a length that DER has not');
    if (contentsStart + lengthBytes > bytes.length) throw new DerError('cut short');
    length = bytes.readUIntBE(contentsStart, lengthBytes);
    contentsStart += lengthBytes;
  }
  const end = contentsStart + length;
  if (end > bytes.length) throw new DerError('cut short');
  return {
    tag: bytes[start]!,
    contents: bytes.subarray(contentsStart, end),
    whole: bytes.subarray(start, end),
  };
}
