/** The answer's header of a change that recorded something for the guards. The pipeline of a change sets it. */
export const REVOCATION_SEQ = 'revocation-seq';

/** What the document says of it. */
export const REVOCATION_SEQ_HEADER = {
  'Revocation-Seq': {
    schema: { type: 'integer', minimum: 1 },
    description:
      'There when tokens are refused from now on: the number under which every guard hears of it. The command `await-guards` waits until they have.',
  },
} as const;
