import { defineApi } from '../api.ts';
import type { Decoded } from '../schema.ts';
import { arrayOf, int16, string } from '../schema.ts';

/**
 * SaslHandshake (key 17), versions 0 to 1: chooses the SASL mechanism. After version 1 the tokens travel in
 * SaslAuthenticate requests (KIP-152); after version 0, bare in frames of their own, which is not done here.
 */
const request = { mechanism: string('0+') };

const response = { errorCode: int16('0+'), mechanisms: arrayOf('string', '0+') };

export type SaslHandshakeRequest = Decoded<typeof request>;
export type SaslHandshakeResponse = Decoded<typeof response>;

export const saslHandshakeApi = defineApi({
  key: 17,
  name: 'SaslHandshake',
  versions: [0, 1],
  flexibleFrom: 2,
  request,
  response,
});
