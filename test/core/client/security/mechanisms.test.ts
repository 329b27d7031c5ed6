import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Secret } from '../../../../core/base/secret.ts';
import { oauthBearerExchange } from '../../../../core/client/security/oauthbearer.ts';
import { plainExchange } from '../../../../core/client/security/plain.ts';
import { newNonce } from '../../../../core/client/security/sasl-nonce.ts';
import { scramExchange } from '../../../../core/client/security/scram.ts';

const bytes = (text: string) => Buffer.from(text);

describe('SCRAM', () => {
  const NONCE = 'rOprNGfwEbeRWgbNEkqO';
  const SERVER_NONCE = `${NONCE}%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0`;
  const SERVER_FIRST = `r=${SERVER_NONCE},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`;
  const SERVER_FINAL = 'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=';
  const login = (username = 'user', password = 'pencil') =>
    scramExchange({ mechanism: 'SCRAM-SHA-256', username, password: new Secret(password) }, NONCE);

  it('speaks the exchange of RFC 7677', () => {
    const exchange = login();
    assert.equal(exchange.first().toString(), `n,,n=user,r=${NONCE}`);
    assert.equal(
      exchange.next(bytes(SERVER_FIRST))!.toString(),
      `c=biws,r=${SERVER_NONCE},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=`,
    );
    assert.equal(exchange.next(bytes(SERVER_FINAL)), null);
  });

  it('escapes what has a meaning in messages', () => {
    assert.equal(login('a=b,c').first().toString(), `n,,n=a=3Db=2Cc,r=${NONCE}`);
  });

  const refusals: [string, string, RegExp][] = [
    ['a nonce that is not its own', `r=other,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`, /nonce/],
    ['a nonce that the broker added nothing to', `r=${NONCE},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`, /nonce/],
    ['fewer rounds than 4096', SERVER_FIRST.replace('4096', '4095'), /asks for 4095 iterations/],
    ['rounds that would take minutes', SERVER_FIRST.replace('4096', '2000000000'), /iterations/],
    ['no salt', `r=${SERVER_NONCE},i=4096`, /salt/],
    ['nothing', '', /nonce/],
  ];
  for (const [what, answer, message] of refusals) {
    it(`refuses ${what}`, () => {
      assert.throws(() => login().next(bytes(answer)), { kind: 'AUTHENTICATION', message });
    });
  }

  it('refuses a broker that does not know the password', () => {
    const wrong = SERVER_FINAL.replace('6rri', '7rri');
    for (const [final, message] of [
      [wrong, /could not prove/],
      ['', /could not prove/],
      ['e=other-error', /refused the login: other-error/],
    ] as const) {
      const exchange = login();
      exchange.next(bytes(SERVER_FIRST));
      assert.throws(() => exchange.next(bytes(final)), { kind: 'AUTHENTICATION', message });
    }
  });

  it('takes a new nonce each time, of characters that messages may hold', () => {
    const nonces = new Set(Array.from({ length: 100 }, newNonce));
    assert.equal(nonces.size, 100);
    for (const nonce of nonces) assert.match(nonce, /^[A-Za-z0-9+/]{24}$/);
  });
});

describe('PLAIN', () => {
  const login = (username: string, password: string) =>
    plainExchange({ mechanism: 'PLAIN', username, password: new Secret(password) });

  it('sends name and password, and is complete', () => {
    const exchange = login('älice', 'p w');
    assert.deepEqual(exchange.first(), bytes('\0älice\0p w'));
    assert.equal(exchange.next(Buffer.alloc(0)), null);
  });

  it('refuses what would end a field early', () => {
    assert.throws(() => login('a', 'b\0c').first(), { kind: 'AUTHENTICATION' });
  });
});

describe('OAUTHBEARER', () => {
  it('sends the token and the extensions', () => {
    const exchange = oauthBearerExchange('abc.def', { tenant: 't1' });
    assert.equal(exchange.first().toString(), 'n,,\x01auth=Bearer abc.def\x01tenant=t1\x01\x01');
    assert.equal(exchange.next(Buffer.alloc(0)), null);
  });

  it('answers a refusal with one byte, and says it', () => {
    const exchange = oauthBearerExchange('abc', {});
    exchange.first();
    assert.deepEqual(exchange.next(bytes('{"status":"invalid_token","scope":"produce"}')), Buffer.from([1]));
    assert.throws(() => exchange.next(Buffer.alloc(0)), {
      message: /invalid_token \(scope needed: produce\)/,
    });
  });

  it('refuses a token that would end the message early, without showing it', () => {
    for (const token of ['', 'abc\x01def', 'a b']) {
      assert.throws(
        () => oauthBearerExchange(token, {}).first(),
        (error: Error) => token === '' || !error.message.includes(token),
      );
    }
  });
});
