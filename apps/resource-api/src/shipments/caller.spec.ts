import { describe, expect, it } from 'vitest';
import { callerOf } from './caller.js';

describe('callerOf', () => {
  it('takes partner and client from the token', () => {
    const token = { partnerId: 'ptn_019ab3c4d5e67f809123456789abcdef', clientId: 'cli_1' };
    expect(callerOf(token)).toEqual({ partnerId: '019ab3c4-d5e6-7f80-9123-456789abcdef', clientId: 'cli_1' });
  });

  it.each(['019ab3c4-d5e6-7f80-9123-456789abcdef', 'cli_019ab3c4d5e67f809123456789abcdef', 'acme', ''])(
    'refuses a partner_id of another form: %j',
    (partnerId) => {
      expect(() => callerOf({ partnerId, clientId: 'cli_1' })).toThrow(
        expect.objectContaining({ code: 'partner_unrecognised' }),
      );
    },
  );
});
