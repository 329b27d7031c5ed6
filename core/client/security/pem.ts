const BLOCK = /-+BEGIN ([A-Z0-9 ]+)-+([A-Za-z0-9+/=\s]*)-+END \1-+/g;
const LINE_CHARACTERS = 64;

/** One `-----BEGIN label-----` block, as lines. */
export interface PemBlock {
  readonly label: string;
  readonly pem: string;
}

/**
 * The blocks of a PEM text, whatever stands between them. Kafka takes texts whose line ends became blanks, as they do
 * in a .properties file, so the lines are made anew.
 */
export function pemBlocks(text: string): PemBlock[] {
  return [...text.matchAll(BLOCK)].map(([, label, body]) => ({
    label: label!,
    pem: pemOf(label!, Buffer.from(body!, 'base64')),
  }));
}

export function pemOf(label: string, der: Uint8Array): string {
  const base64 = Buffer.from(der).toString('base64');
  const lines = base64.match(new RegExp(`.{1,${LINE_CHARACTERS}}`, 'g')) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

/** The certificates of a PEM text, one after the other; null when it has none. */
export function certificatesIn(text: string): string | null {
  const found = pemBlocks(text).filter(({ label }) => /^(X509 |TRUSTED )?CERTIFICATE$/.test(label));
  return found.length === 0 ? null : found.map(({ pem }) => pem).join('');
}

/** The first private key of a PEM text. */
export function privateKeyIn(text: string): PemBlock | null {
  return pemBlocks(text).find(({ label }) => label.endsWith('PRIVATE KEY')) ?? null;
}
