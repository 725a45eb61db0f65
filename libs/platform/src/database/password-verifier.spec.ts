import { expect, it } from 'vitest';
import { passwordVerifier } from './password-verifier.js';

it('is what PostgreSQL itself stores for that password and salt', async () => {
  // RFC 7677 section 3: user "user", password "pencil", this salt and 4096 iterations
  const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64');
  expect(await passwordVerifier('pencil', salt)).toBe(
    'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=',
  );
});

it('differs each time, so that equal passwords cannot be seen', async () => {
  expect(await passwordVerifier('pencil')).not.toBe(await passwordVerifier('pencil'));
});
