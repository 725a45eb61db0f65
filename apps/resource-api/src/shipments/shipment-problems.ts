import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { Problem } from '@partner-ecosystem/platform/problem';
import { catchError, throwError, type Observable } from 'rxjs';
import { ShipmentError, type ShipmentErrorCode } from './shipment.errors.js';

const ANSWERS = {
  // Another partner's shipment gets this one too: its existence is nobody else's business.
  shipment_not_found: { status: 404, detail: 'You have no shipment with this id.' },
  reference_taken: { status: 409, detail: 'You already have a shipment with this reference.' },
  partner_unrecognised: { status: 403, detail: 'The access token names no partner whose shipments could be served.' },
} as const satisfies Record<ShipmentErrorCode, { status: number; detail: string }>;

/** Turns a ShipmentError into the problem its caller sees; everything else passes through. */
@Injectable()
export class ShipmentProblems implements NestInterceptor {
  intercept(_: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(catchError((error: unknown) => throwError(() => problemFor(error))));
  }
}

function problemFor(error: unknown): unknown {
  if (!(error instanceof ShipmentError)) return error;
  return new Problem({ code: error.code, ...ANSWERS[error.code], cause: error });
}
