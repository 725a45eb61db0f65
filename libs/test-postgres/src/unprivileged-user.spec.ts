import { expect, it } from 'vitest';
import { findNobody } from './unprivileged-user.js';

it('takes the number of nobody from /etc/passwd, also where it is not 65534', () => {
  const passwd = 'root:x:0:0:root:/root:/bin/sh\nnobody:x:99:98:Nobody:/:/sbin/nologin\n';
  expect(findNobody(passwd)).toEqual({ name: 'nobody', uid: 99, gid: 98 });
});

it.each(['', 'root:x:0:0::/root:/bin/sh', 'nobody:x:0:0::/:/bin/sh', 'nobody:x'])(
  'says what to do when there is no such user in %j',
  (passwd) => {
    expect(() => findNobody(passwd)).toThrow(expect.objectContaining({ code: 'user_missing' }) as Error);
    expect(() => findNobody(passwd)).toThrow(/no user "nobody".*run as an ordinary user/);
  },
);
