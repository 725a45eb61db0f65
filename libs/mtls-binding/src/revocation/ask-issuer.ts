import { IssuerUnreachableError, type UnreachableCode } from './issuer-unreachable-error.js';
import { retryAfterMs } from './retry-after.js';

export interface IssuerRequest {
  readonly url: string;
  readonly fetch: typeof fetch;
  readonly init?: Pick<RequestInit, 'method' | 'headers' | 'body'>;
  /** the types that the answer may have, without parameters */
  readonly mediaTypes: readonly string[];
  /** milliseconds for the whole exchange, the body included */
  readonly timeoutMs: number;
  /** octets of the body, decompressed */
  readonly limit: number;
  /** which code a status that is not 200 has; default `status` */
  readonly refusal?: UnreachableCode;
  /** ends it at once */
  readonly signal: AbortSignal;
}

const ERROR_LIMIT = 16 * 1024;

/**
 * The body of a 200 of the right media type; every other answer, a redirect and a 304 included, is a failure.
 * @throws IssuerUnreachableError
 */
export async function askIssuer(request: IssuerRequest): Promise<string> {
  const ended = new AbortController();
  const end = () => ended.abort();
  // Not AbortSignal.any(): each signal it makes stays tied to the one of the follower, which lives as long as the process.
  request.signal.addEventListener('abort', end, { once: true });
  const timer = setTimeout(end, request.timeoutMs);
  try {
    request.signal.throwIfAborted();
    return await unlessEnded(exchange(request, ended.signal), ended.signal);
  } catch (error) {
    if (error instanceof IssuerUnreachableError) throw error;
    const late = ended.signal.aborted && !request.signal.aborted;
    const problem = late ? `did not answer within ${request.timeoutMs} ms` : 'could not be reached';
    throw new IssuerUnreachableError(late ? 'too_late' : 'no_answer', `${request.url} ${problem}`, { cause: error });
  } finally {
    clearTimeout(timer);
    request.signal.removeEventListener('abort', end);
    ended.abort(); // lets go of a connection whose answer is not read to its end
  }
}

async function exchange({ url, fetch, init, ...expected }: IssuerRequest, signal: AbortSignal): Promise<string> {
  const response = await fetch(url, { ...init, redirect: 'manual', signal });
  await assertExpected(response, url, expected);
  return boundedText(response, url, expected.limit);
}

/** A `fetch` that does not heed its signal must not hold up `stop()`. */
function unlessEnded<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    work.then(resolve, reject);
  });
}

async function assertExpected(
  response: Response,
  url: string,
  { refusal = 'status', mediaTypes }: Pick<IssuerRequest, 'refusal' | 'mediaTypes'>,
): Promise<void> {
  const { status, headers } = response;
  if (status !== 200) {
    const wait = retryAfterMs(headers.get('retry-after'), new Date());
    const said = await errorCodeOf(response, url);
    throw new IssuerUnreachableError(refusal, `${url} answered ${status}${said}`, { status, retryAfterMs: wait });
  }
  const type = headers.get('content-type')?.split(';')[0]!.trim().toLowerCase();
  if (type === undefined || !mediaTypes.includes(type)) {
    throw new IssuerUnreachableError('media_type', `${url} answered with ${type}, not ${mediaTypes.join(' or ')}`);
  }
}

/** The `error` of RFC 6749 section 5.2, so that the log says which part of the registration is missing. */
async function errorCodeOf(response: Response, url: string): Promise<string> {
  const text = await boundedText(response, url, ERROR_LIMIT).catch(() => '');
  const [, code] = /"error"\s*:\s*"([a-z_]{1,64})"/.exec(text) ?? [];
  return code === undefined ? '' : ` ${code}`;
}

async function boundedText(response: Response, url: string, limit: number): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let length = 0;
  let text = '';
  for await (const piece of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    length += piece.length;
    if (length > limit) throw new IssuerUnreachableError('too_long', `${url} answered with more than ${limit} octets`);
    text += decoder.decode(piece, { stream: true });
  }
  return text + decoder.decode();
}
