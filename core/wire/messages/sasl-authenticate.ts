import { defineApi } from '../api.ts';
import type { Decoded } from '../schema.ts';
import { bytes, int16, int64, string } from '../schema.ts';

/**
 * SaslAuthenticate (key 36), versions 0 to 2: one step of the SASL exchange. From version 1 the last answer says for
 * how long the login holds; before that has passed, a client authenticates again on the same connection (KIP-368).
 */
const request = { authBytes: bytes('0+') };

const response = {
  errorCode: int16('0+'),
  errorMessage: string('0+', { nullable: '0+', default: null }),
  authBytes: bytes('0+'),
  /** 0: for ever. */
  sessionLifetimeMs: int64('1+', { ignorable: true }),
};

export type SaslAuthenticateRequest = Decoded<typeof request>;
export type SaslAuthenticateResponse = Decoded<typeof response>;

export const saslAuthenticateApi = defineApi({
  key: 36,
  name: 'SaslAuthenticate',
  versions: [0, 2],
  flexibleFrom: 2,
  request,
  response,
});
