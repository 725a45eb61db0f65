import { createLocalJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import type { OpenedKey } from './open-signing-key.js';
import { SIGNING_ALGORITHMS, type SigningAlgorithm } from '../records/signing-algorithm.js';
import { LIVE_STATUSES, type SigningKey } from '../records/signing-key.entity.js';

/** The live keys of one purpose as they were at one moment. */
export interface KeySet {
  readonly keys: readonly SigningKey[];
  readonly current: ReadonlyMap<SigningAlgorithm, OpenedKey>;
  readonly published: JSONWebKeySet;
  readonly verify: JWTVerifyGetKey;
}

/** @param opened holds every one of `keys` */
export function keySetOf(keys: readonly SigningKey[], opened: ReadonlyMap<string, OpenedKey>): KeySet {
  const sorted = [...keys].sort((a, b) => rankOf(a) - rankOf(b) || b.createdAt.getTime() - a.createdAt.getTime());
  const published = { keys: sorted.map(({ kid }) => opened.get(kid)!.publicJwk) };
  const current = sorted.filter(({ status }) => status === 'current').map(({ kid }) => opened.get(kid)!);
  return {
    keys: sorted,
    current: new Map(current.map((key) => [key.alg, key])),
    published,
    verify: createLocalJWKSet(published),
  };
}

// The same order in every replica, so that caches see one document: by algorithm, the current key first.
function rankOf({ alg, status }: SigningKey): number {
  const state = LIVE_STATUSES.findIndex((live) => live === status);
  return SIGNING_ALGORITHMS.indexOf(alg) * LIVE_STATUSES.length + state;
}
