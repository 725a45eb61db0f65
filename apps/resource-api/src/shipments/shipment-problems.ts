import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { Problem, type ProblemEntry } from '@partner-ecosystem/platform/problem';
import { catchError, throwError, type Observable } from 'rxjs';
import { ShipmentError, type ShipmentErrorCode } from './shipment.errors.js';

/** The codes of this app, explained at `GET /problems/{code}`. */
export const SHIPMENT_PROBLEMS = {
  shipment_not_found: {
    status: 404,
    title: 'Shipment not found',
    explanation: 'You have no shipment with this id. GET /v1/shipments lists those you have.',
  },
  reference_taken: {
    status: 409,
    title: 'Reference taken',
    explanation: 'You have booked a shipment with this reference already. Nothing was booked.',
  },
  partner_unrecognised: {
    status: 403,
    title: 'Partner unrecognised',
    explanation: 'The access token names no partner whose shipments could be served. Ask the operator of the platform.',
  },
} as const satisfies Record<ShipmentErrorCode, ProblemEntry>;

const DETAILS = {
  // Another partner's shipment gets this one too: its existence is nobody else's business.
  shipment_not_found: 'You have no shipment with this id.',
  reference_taken: 'You already have a shipment with this reference.',
  partner_unrecognised: 'The access token names no partner whose shipments could be served.',
} as const satisfies Record<ShipmentErrorCode, string>;

/** Turns a ShipmentError into the problem its caller sees; everything else passes through. */
@Injectable()
export class ShipmentProblems implements NestInterceptor {
  intercept(_: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(catchError((error: unknown) => throwError(() => problemFor(error))));
  }
}

function problemFor(error: unknown): unknown {
  if (!(error instanceof ShipmentError)) return error;
  const { status, title } = SHIPMENT_PROBLEMS[error.code];
  return new Problem({ status, title, code: error.code, detail: DETAILS[error.code], cause: error });
}
