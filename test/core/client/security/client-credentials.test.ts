import assert from 'node:assert/strict';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { TidemarkError } from '../../../../core/base/errors.ts';
import type { TokenFunction, TokenLogin } from '../../../../core/client/security/security-config.ts';
import { VirtualClock } from '../../base/virtual-clock.ts';
import { OAUTH_MODULE, read } from './read-properties.ts';

describe('tokens of an OAuth 2 server', () => {
  const asked: { headers: IncomingMessage['headers']; body: string }[] = [];
  let answer: { status: number; body: string } = { status: 200, body: '{}' };
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    asked.push({ headers: request.headers, body });
    response.writeHead(answer.status, { connection: 'close' }).end(answer.body);
  });
  before(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  after(() => server.close());

  function source(url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`): TokenFunction {
    const { security, messages } = read({
      'security.protocol': 'SASL_PLAINTEXT',
      'sasl.mechanism': 'OAUTHBEARER',
      'sasl.oauthbearer.token.endpoint.url': url,
      'sasl.jaas.config': `${OAUTH_MODULE} required clientId="me" clientSecret="s3cret" scope="produce";`,
    });
    assert.deepEqual(messages, []);
    return (security.sasl as TokenLogin).token as TokenFunction;
  }

  it('asks with id, secret and scope, and once for most of the lifetime', async () => {
    const clock = new VirtualClock();
    answer = { status: 200, body: '{"access_token":"abc","expires_in":100}' };
    asked.length = 0;
    const ask = source();
    assert.equal(await ask(clock), 'abc');
    await clock.advance(79_000);
    assert.equal(await ask(clock), 'abc');
    assert.equal(asked.length, 1);
    assert.equal(asked[0]!.headers.authorization, `Basic ${Buffer.from('me:s3cret').toString('base64')}`);
    assert.equal(asked[0]!.body, 'grant_type=client_credentials&scope=produce');
    await clock.advance(2_000);
    await ask(clock);
    assert.equal(asked.length, 2);
  });

  it('says why there is none, and never the secret', async () => {
    const failures: [typeof answer, string, boolean, RegExp][] = [
      [
        { status: 401, body: '{"error":"invalid_client"}' },
        'AUTHENTICATION',
        false,
        /HTTP 401 \(invalid_client\)/,
      ],
      [{ status: 503, body: 'busy' }, 'NETWORK', true, /HTTP 503/],
      [{ status: 200, body: 'hello' }, 'AUTHENTICATION', false, /without an access_token/],
    ];
    for (const [given, kind, retriable, message] of failures) {
      answer = given;
      await assert.rejects(
        async () => source()(new VirtualClock()),
        (error: Error) => {
          assert.ok(error instanceof TidemarkError);
          assert.deepEqual([error.kind, error.retriable], [kind, retriable]);
          assert.match(error.message, message);
          assert.match(error.message, /^sasl.oauthbearer.token.endpoint.url: http:\/\/127.0.0.1:\d+\/token /);
          assert.doesNotMatch(error.message, /s3cret/);
          return true;
        },
      );
    }
    const nobody = source('http://127.0.0.1:1/token');
    await assert.rejects(async () => nobody(new VirtualClock()), { kind: 'NETWORK', retriable: true });
  });
});
