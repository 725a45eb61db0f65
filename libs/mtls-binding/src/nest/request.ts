import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ExecutionContext } from '@nestjs/common';
import type { CertificateEvidence } from '../certificate-source/certificate-source.js';
import type { BoundToken, VerifiedToken } from '../protocol/bound-token.js';
import { ObjectBrand } from '../protocol/object-brand.js';
import type { AdmissionRequest } from './admission-request.js';

/** What a guard found out about a request. */
interface Notes {
  asked: AdmissionRequest | undefined;
  token: VerifiedToken | undefined;
  certificate: CertificateEvidence | undefined;
}

// On the list of its headers, which Node makes for each message and no code of others has a reason to replace: nothing a caller
// sends can forge it, and no other middleware can see or overwrite it. Not on the message itself: Express gives that another
// prototype, after which V8 makes a hidden class of its own for each message that anything is added to (docs/performance.md).
class MessageNotes extends ObjectBrand {
  readonly #notes: Notes = { asked: undefined, token: undefined, certificate: undefined };

  static notesOn({ rawHeaders }: Partial<IncomingMessage>): Notes | undefined {
    return rawHeaders && #notes in rawHeaders ? rawHeaders.#notes : undefined;
  }

  static notesFor({ rawHeaders }: IncomingMessage): Notes {
    return #notes in rawHeaders ? rawHeaders.#notes : new MessageNotes(rawHeaders).#notes;
  }
}

/** Node's message of a Fastify request, or the Express request, which is one. */
export function incomingMessageOf(request: object): IncomingMessage {
  return 'raw' in request ? (request.raw as IncomingMessage) : (request as IncomingMessage);
}

/** Node's response behind a Fastify reply, or the Express response, which is one. */
export function serverResponseOf(context: ExecutionContext): ServerResponse {
  const response = context.switchToHttp().getResponse<object>();
  return 'raw' in response ? (response.raw as ServerResponse) : (response as ServerResponse);
}

/** The verified token of a request that `BoundTokenGuard` let through; undefined on a public route. */
export function accessTokenOf<Token extends VerifiedToken = BoundToken>(request: object): Token | undefined {
  return MessageNotes.notesOn(incomingMessageOf(request))?.token as Token | undefined;
}

export function rememberCertificate(request: object, evidence: CertificateEvidence): void {
  MessageNotes.notesFor(incomingMessageOf(request)).certificate = evidence;
}

/** The client certificate of a request that one of our guards let through. */
export function clientCertificateOf(request: object): CertificateEvidence | undefined {
  return MessageNotes.notesOn(incomingMessageOf(request))?.certificate;
}

/** For the strategy, which passport hands nothing but the request. */
export function rememberAdmissionRequest(message: IncomingMessage, asked: AdmissionRequest): void {
  MessageNotes.notesFor(message).asked = asked;
}

/** @throws TypeError when no guard read the request: what its route asks for must not pass for nothing */
export function admissionRequestOf(request: object): AdmissionRequest {
  const asked = MessageNotes.notesOn(incomingMessageOf(request))?.asked;
  if (!asked) throw new TypeError('BoundTokenStrategy judges requests only for BoundTokenGuard');
  return asked;
}

export function rememberAdmitted(message: IncomingMessage, token: VerifiedToken, { evidence }: AdmissionRequest): void {
  const notes = MessageNotes.notesFor(message);
  notes.token = token;
  if (evidence) notes.certificate = evidence;
}
