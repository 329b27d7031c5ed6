import { defineApi } from '../api.ts';
import type { Decoded } from '../schema.ts';
import { array, bool, int16, int32, int64, string } from '../schema.ts';

/**
 * ApiVersions (key 18), versions 0 to 4: what the broker speaks. The first request of a connection, so its
 * response header is version 0 always, and a version that the broker does not know is answered in version 0
 * with UNSUPPORTED_VERSION and the versions of this one API (KIP-511).
 */
const request = {
  clientSoftwareName: string('3+', { ignorable: true }),
  clientSoftwareVersion: string('3+', { ignorable: true }),
};

const response = {
  errorCode: int16('0+'),
  apiKeys: array('0+', {
    apiKey: int16('0+'),
    minVersion: int16('0+'),
    maxVersion: int16('0+'),
  }),
  throttleTimeMs: int32('1+', { ignorable: true }),
  supportedFeatures: array(
    '3+',
    { name: string('3+'), minVersion: int16('3+'), maxVersion: int16('3+') },
    { tag: 0, ignorable: true },
  ),
  finalizedFeaturesEpoch: int64('3+', { tag: 1, default: -1, ignorable: true }),
  finalizedFeatures: array(
    '3+',
    { name: string('3+'), maxVersionLevel: int16('3+'), minVersionLevel: int16('3+') },
    { tag: 2, ignorable: true },
  ),
  zkMigrationReady: bool('3+', { tag: 3, ignorable: true }),
};

export type ApiVersionsRequest = Decoded<typeof request>;
export type ApiVersionsResponse = Decoded<typeof response>;

export const apiVersionsApi = defineApi({
  key: 18,
  name: 'ApiVersions',
  versions: [0, 4],
  flexibleFrom: 3,
  classicResponseHeader: true,
  request,
  response,
});
