import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { KafkaUnavailableError } from './java-runtime.ts';

const run = promisify(execFile);

/** Paths; every PEM and store is made anew for a cluster. */
export interface TlsFiles {
  /** Signed the servers' and the clients' certificates. */
  readonly caPem: string;
  /** Signed nothing that is used here. */
  readonly wrongCaPem: string;
  readonly clientCertificatePem: string;
  /** PKCS #8, not encrypted. */
  readonly clientKeyPem: string;
  /** The same key, encrypted with `password`. */
  readonly clientEncryptedKeyPem: string;
  /** Certificate and key in one file, as ssl.keystore.location of type PEM takes them. */
  readonly clientKeystorePem: string;
  /** Certificate and key, with `password`. */
  readonly clientKeystorePkcs12: string;
  /** The CA as a trusted certificate, as keytool writes it, with `password`. */
  readonly truststorePkcs12: string;
  readonly password: string;
  /** For 127.0.0.1 and localhost. */
  readonly serverKeystorePem: string;
  /** For elsewhere.example. */
  readonly otherHostKeystorePem: string;
}

const PASSWORD = 'store-secret';
const VALID_DAYS = '30';

/** Makes two certificate authorities, and keys and certificates for servers and clients, in `directory`. */
export async function makeCertificates(directory: string, java: string): Promise<TlsFiles> {
  const at = (name: string) => join(directory, name);
  await Promise.all([
    makeAuthority(at('ca'), 'Tidemark test CA'),
    makeAuthority(at('wrong-ca'), 'Another CA'),
  ]);
  await Promise.all([
    makeCertificate(at('server'), at('ca'), { name: 'kafka', hosts: 'IP:127.0.0.1,DNS:localhost' }),
    makeCertificate(at('other-host'), at('ca'), { name: 'elsewhere', hosts: 'DNS:elsewhere.example' }),
    makeCertificate(at('client'), at('ca'), { name: 'client', hosts: 'DNS:client.example' }),
  ]);
  const pass = `pass:${PASSWORD}`;
  const pair = ['-inkey', at('client.key'), '-in', at('client.crt')];
  await Promise.all([
    openssl(
      'pkcs8',
      '-topk8',
      '-v2',
      'aes-256-cbc',
      '-in',
      at('client.key'),
      '-out',
      at('client.enc'),
      '-passout',
      pass,
    ),
    openssl('pkcs12', '-export', ...pair, '-name', 'client', '-out', at('client.p12'), '-passout', pass),
    makeTruststore(at('trust.p12'), at('ca.crt'), java),
  ]);
  return {
    caPem: at('ca.crt'),
    wrongCaPem: at('wrong-ca.crt'),
    clientCertificatePem: at('client.crt'),
    clientKeyPem: at('client.key'),
    clientEncryptedKeyPem: at('client.enc'),
    clientKeystorePem: at('client.pem'),
    clientKeystorePkcs12: at('client.p12'),
    truststorePkcs12: at('trust.p12'),
    password: PASSWORD,
    serverKeystorePem: at('server.pem'),
    otherHostKeystorePem: at('other-host.pem'),
  };
}

/** `path`.key and a certificate of its own, `path`.crt. */
async function makeAuthority(path: string, name: string): Promise<void> {
  await makeKey(`${path}.key`);
  const subject = ['-subj', `/CN=${name}`, '-addext', 'basicConstraints=critical,CA:TRUE'];
  await openssl(
    'req',
    '-x509',
    '-new',
    '-key',
    `${path}.key`,
    '-out',
    `${path}.crt`,
    '-days',
    VALID_DAYS,
    ...subject,
  );
}

/** `path`.key, `path`.crt signed by `authority`, and both in `path`.pem. */
async function makeCertificate(
  path: string,
  authority: string,
  subject: { name: string; hosts: string },
): Promise<void> {
  await makeKey(`${path}.key`);
  await writeFile(`${path}.ext`, `subjectAltName=${subject.hosts}\nbasicConstraints=CA:FALSE\n`);
  await openssl('req', '-new', '-key', `${path}.key`, '-out', `${path}.csr`, '-subj', `/CN=${subject.name}`);
  const signing = ['-CA', `${authority}.crt`, '-CAkey', `${authority}.key`, '-set_serial', serialOf(path)];
  const files = ['-in', `${path}.csr`, '-out', `${path}.crt`, '-extfile', `${path}.ext`];
  await openssl('x509', '-req', ...files, ...signing, '-days', VALID_DAYS);
  const [certificate, key] = await Promise.all([
    openssl('x509', '-in', `${path}.crt`),
    openssl('pkey', '-in', `${path}.key`),
  ]);
  await writeFile(`${path}.pem`, key + certificate);
}

/** Distinct per certificate, which is what X.509 asks of one authority. */
function serialOf(path: string): string {
  return `0x${Buffer.from(path.slice(dirname(path).length + 1)).toString('hex')}`;
}

async function makeKey(path: string): Promise<void> {
  await openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', path);
}

/** Java trusts certificates of a PKCS12 store only with an attribute that keytool sets, and OpenSSL before 3.2 does not. */
async function makeTruststore(path: string, certificate: string, java: string): Promise<void> {
  const keytool = java === 'java' ? 'keytool' : join(dirname(java), 'keytool');
  const store = ['-keystore', path, '-storetype', 'PKCS12', '-storepass', PASSWORD];
  await run(keytool, ['-importcert', '-noprompt', '-alias', 'ca', '-file', certificate, ...store]);
}

async function openssl(...args: readonly string[]): Promise<string> {
  try {
    return (await run('openssl', args)).stdout;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new KafkaUnavailableError(
      'Certificates for the TLS listeners are made with openssl, which is not in PATH. Install it (Debian, Ubuntu: apt-get install openssl).',
    );
  }
}
