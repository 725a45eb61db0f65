import { describe, expect, it } from 'vitest';
import type { KeyOwner } from './assert-own-key.js';
import { KeyOwnerMemory } from './key-owner-memory.js';

const key = 'a'.repeat(64);
const acme: KeyOwner = { partnerId: 'ptn_1', compromised: false };
const away = new Error('away');

/** A registry that can be changed, taken away, and counts what it is asked. */
function memory(options: { mostKeys?: number } = {}) {
  const registry = { owner: acme as KeyOwner | undefined, failure: undefined as unknown, asked: 0, now: 0 };
  const clock = { monotonic: () => registry.now, wall: () => registry.now };
  const read = async () => {
    registry.asked++;
    if (registry.failure) throw registry.failure;
    return registry.owner;
  };
  return { registry, owners: new KeyOwnerMemory(read, { isOutage: (error) => error === away, clock, ...options }) };
}

describe('whose a key is', () => {
  it('is asked once by many at a time, and again after half a second', async () => {
    const { registry, owners } = memory();
    expect(await Promise.all([owners.ownerOf(key), owners.ownerOf(key)])).toEqual([acme, acme]);
    registry.owner = { ...acme, compromised: true };
    registry.now = 500;
    expect(await owners.ownerOf(key)).toBe(acme);
    expect(registry.asked).toBe(1);
    registry.now = 501;
    expect(await owners.ownerOf(key)).toEqual({ ...acme, compromised: true });
  });

  it('nobody is an answer too', async () => {
    const { registry, owners } = memory();
    registry.owner = undefined;
    expect([await owners.ownerOf(key), await owners.ownerOf(key)]).toEqual([undefined, undefined]);
    expect(registry.asked).toBe(1);
  });

  it('in an outage the last answer serves for 30 s, then nothing does; a key never asked for fails at once', async () => {
    const { registry, owners } = memory();
    await owners.ownerOf(key);
    registry.failure = away;
    registry.now = 10_000;
    expect(await owners.ownerOf(key)).toBe(acme);
    await expect(owners.ownerOf('b'.repeat(64))).rejects.toBe(away);
    expect(registry.asked).toBe(2); // the outage is known: no second attempt within a second
    registry.now = 30_001;
    await expect(owners.ownerOf(key)).rejects.toBe(away);
    registry.failure = undefined;
    registry.now = 31_100;
    expect(await owners.ownerOf(key)).toBe(acme);
  });

  it('another failure is no outage: nothing old is served', async () => {
    const { registry, owners } = memory();
    await owners.ownerOf(key);
    registry.now = 501;
    registry.failure = new Error('no such view');
    await expect(owners.ownerOf(key)).rejects.toThrow('no such view');
  });

  it('only so many answers are kept', async () => {
    const { registry, owners } = memory({ mostKeys: 1 });
    await owners.ownerOf(key);
    await owners.ownerOf('b'.repeat(64));
    await owners.ownerOf(key);
    expect(registry.asked).toBe(3);
  });
});
