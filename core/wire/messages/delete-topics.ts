import { defineApi } from '../api.ts';
import type { Decoded } from '../schema.ts';
import { array, arrayOf, int16, int32, string, uuid } from '../schema.ts';

/**
 * DeleteTopics (key 20), versions 1 to 6. Up to 5 topics are named in `topicNames`; from 6 in `topics`, by name or
 * by id. A caller that deletes by name fills both (both are ignorable here), a broker reads both.
 */
const request = {
  topics: array(
    '6+',
    { name: string('6+', { nullable: '6+', default: null }), topicId: uuid('6+') },
    { ignorable: true },
  ),
  topicNames: arrayOf('string', '0-5', { ignorable: true }),
  timeoutMs: int32('0+'),
};

const response = {
  throttleTimeMs: int32('1+', { ignorable: true }),
  responses: array('0+', {
    name: string('0+', { nullable: '6+' }),
    topicId: uuid('6+', { ignorable: true }),
    errorCode: int16('0+'),
    errorMessage: string('5+', { nullable: '5+', default: null, ignorable: true }),
  }),
};

export type DeleteTopicsRequest = Decoded<typeof request>;
export type DeleteTopicsResponse = Decoded<typeof response>;

export const deleteTopicsApi = defineApi({
  key: 20,
  name: 'DeleteTopics',
  versions: [1, 6],
  flexibleFrom: 4,
  request,
  response,
});
