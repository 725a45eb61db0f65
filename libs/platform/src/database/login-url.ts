import { DatabaseError } from './database-error.js';

export interface Login {
  user: string;
  password: string;
  database: string;
}

const PRINTABLE_ASCII = /^[\x20-\x7e]+$/;

/** Who logs in where, from a postgresql:// URL. `name` is the URL's name in messages, which never hold the URL itself. */
export function loginOf(url: string, name: string): Login {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    // no cause: the error of `new URL` carries the whole URL, password included
    throw new DatabaseError('url_invalid', `${name} is not a URL: use postgresql://user:password@host:port/database.`);
  }
  return {
    user: decoded(parsed.username, name),
    password: decoded(parsed.password, name),
    database: decoded(parsed.pathname.slice(1), name),
  };
}

/** The login whose password prepareDatabase sets. Beyond ASCII, clients do not agree on the bytes of a password (SASLprep). */
export function settableLoginOf(url: string, name: string): Login {
  const login = loginOf(url, name);
  if (login.user === '') throw new DatabaseError('url_invalid', `${name} names no user.`);
  if (!PRINTABLE_ASCII.test(login.password)) {
    throw new DatabaseError('password_invalid', `${name} needs a password of printable ASCII, percent-encoded.`);
  }
  return login;
}

function decoded(part: string, name: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new DatabaseError('url_invalid', `${name} holds a "%" that encodes nothing: write it as %25.`);
  }
}
