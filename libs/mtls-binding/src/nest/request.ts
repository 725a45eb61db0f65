import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ExecutionContext } from '@nestjs/common';
import type { CertificateEvidence } from '../certificate-source/certificate-source.js';
import type { BoundToken, VerifiedToken } from '../protocol/bound-token.js';
import { Stamped } from '../protocol/stamped.js';
import type { Presentation } from './presentation.js';

/** What a guard found out about a request. */
interface Notes {
  presentation: Presentation | undefined;
  token: VerifiedToken | undefined;
  certificate: CertificateEvidence | undefined;
}

// On the list of its headers, which Node makes for each message and no code of others has a reason to replace: nothing a caller
// sends can forge it, and no other middleware can see or overwrite it. Not on the message itself: Express gives that another
// prototype, after which V8 makes a hidden class of its own for each message that anything is added to (docs/performance.md).
class Noted extends Stamped {
  readonly #notes: Notes = { presentation: undefined, token: undefined, certificate: undefined };

  static notesOn({ rawHeaders }: Partial<IncomingMessage>): Notes | undefined {
    return rawHeaders && #notes in rawHeaders ? rawHeaders.#notes : undefined;
  }

  static notesFor({ rawHeaders }: IncomingMessage): Notes {
    return #notes in rawHeaders ? rawHeaders.#notes : new Noted(rawHeaders).#notes;
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
  return Noted.notesOn(incomingMessageOf(request))?.token as Token | undefined;
}

export function rememberCertificate(request: object, evidence: CertificateEvidence): void {
  Noted.notesFor(incomingMessageOf(request)).certificate = evidence;
}

/** The client certificate of a request that one of our guards let through. */
export function clientCertificateOf(request: object): CertificateEvidence | undefined {
  return Noted.notesOn(incomingMessageOf(request))?.certificate;
}

/** For the strategy, which passport hands nothing but the request. */
export function rememberPresentation(message: IncomingMessage, presentation: Presentation): void {
  Noted.notesFor(message).presentation = presentation;
}

/** @throws TypeError when no guard read the request: what its route asks for must not pass for nothing */
export function presentationFor(request: object): Presentation {
  const presentation = Noted.notesOn(incomingMessageOf(request))?.presentation;
  if (!presentation) throw new TypeError('BoundTokenStrategy judges requests only for BoundTokenGuard');
  return presentation;
}

export function rememberAdmitted(message: IncomingMessage, token: VerifiedToken, { evidence }: Presentation): void {
  const notes = Noted.notesFor(message);
  notes.token = token;
  if (evidence) notes.certificate = evidence;
}
