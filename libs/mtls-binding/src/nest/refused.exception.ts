import { HttpException } from '@nestjs/common';
import type { RefusedError } from '../protocol/errors.js';

/** A refusal as Nest's exception filters know it: the public face in the body, the private one in `cause`. */
export class RefusedException extends HttpException {
  constructor(refusal: RefusedError) {
    const body = { code: refusal.code, detail: refusal.publicText };
    super(body, refusal.status, { cause: refusal });
  }
}
