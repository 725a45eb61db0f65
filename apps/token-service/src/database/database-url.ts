/** Injection token of the URL this process reaches Postgres with: for connections that must not be the pool's. */
export const DATABASE_URL = Symbol('DATABASE_URL');
