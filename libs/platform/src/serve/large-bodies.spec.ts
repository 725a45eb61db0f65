import { EventEmitter } from 'node:events';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { expect, it } from 'vitest';
import { LargeBodies } from './large-bodies.js';

const MIB = 1024 * 1024;
const request = (bytes?: number) =>
  ({ headers: bytes === undefined ? {} : { 'content-length': String(bytes) } }) as FastifyRequest;

/** Admits one, and says how to end it. */
function admit(bodies: LargeBodies, bytes?: number): () => void {
  const raw = new EventEmitter();
  bodies.admit(request(bytes), { raw } as unknown as FastifyReply, 8 * MIB);
  return () => void raw.emit('close');
}

const BUSY = { status: 503, code: 'unavailable', headers: { 'retry-after': '2' } };

it('T9: large bodies are bounded in number', () => {
  const bodies = new LargeBodies({ bodies: 2, bytes: 100 * MIB });
  const [end] = [admit(bodies, 1), admit(bodies, 1)];
  expect(() => admit(bodies, 1)).toThrow(expect.objectContaining(BUSY));
  end!();
  admit(bodies, 1);
});

it('T9: and in bytes together; one that does not say how many it has is counted as the largest', () => {
  const bodies = new LargeBodies({ bodies: 100, bytes: 16 * MIB });
  const [end] = [admit(bodies), admit(bodies, 7 * MIB)];
  expect(() => admit(bodies, 2 * MIB)).toThrow(expect.objectContaining(BUSY));
  admit(bodies, MIB);
  end!();
  admit(bodies, 8 * MIB);
  expect(() => admit(bodies, 1 * MIB)).toThrow(expect.objectContaining(BUSY));
});
