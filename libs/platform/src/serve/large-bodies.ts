import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../problem/index.js';

export interface LargeBodiesOptions {
  /** at once */
  readonly bodies: number;
  /** at once, of all of them together */
  readonly bytes: number;
}

const RETRY_AFTER_SECONDS = '2';

/** Bounds bodies that are larger than others may be, in number and in bytes together, until they are answered. */
export class LargeBodies {
  private bodies = 0;
  private bytes = 0;

  constructor(private readonly most: LargeBodiesOptions) {}

  /**
   * Takes a place for the body of this request; it is free again when the answer has ended or its connection is gone.
   * @param most bytes that it may have; so many are counted when it does not say how many it has
   * @throws Problem 503 `unavailable`
   */
  admit({ headers }: FastifyRequest, reply: FastifyReply, most: number): void {
    const declared = headers['content-length'];
    const bytes = declared === undefined ? most : Math.min(Number(declared), most);
    if (this.bodies + 1 > this.most.bodies || this.bytes + bytes > this.most.bytes) throw busy();
    this.bodies += 1;
    this.bytes += bytes;
    reply.raw.once('close', () => {
      this.bodies -= 1;
      this.bytes -= bytes;
    });
  }
}

function busy(): Problem {
  const detail = 'Too many large bodies are being received. Send it again shortly.';
  return new Problem({ status: 503, code: 'unavailable', detail, headers: { 'retry-after': RETRY_AFTER_SECONDS } });
}
