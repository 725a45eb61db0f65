import fc from 'fast-check';
import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { failuresIn } from '../../stack/log-lines.js';
import { StackUnderTest } from '../black-box/stack-under-test.js';
import { answerFaults, pointerFaults } from './openapi/answer-faults.js';
import { ApiDocument, type Operation } from './openapi/api-document.js';
import { hostileRequests, type HostileRequest } from './openapi/hostile-requests.js';
import { requestsWithBadText } from './openapi/bad-text.js';
import { inhabitants } from './openapi/inhabitants.js';
import type { KnownValues } from './openapi/valid-values.js';

// FUZZ_SEED repeats a run, FUZZ_SECONDS gives it more time than continuous integration has.
const seed = Number(process.env['FUZZ_SEED'] ?? randomInt(2 ** 31));
const EXPECTED = [200, 201, 400, 404, 409, 415];
const budgetMs = Number(process.env['FUZZ_SECONDS'] ?? 45) * 1000;

describe(`whatever is sent to the registry (FUZZ_SEED=${seed})`, () => {
  const stack = new StackUnderTest();
  const log = stack.running.logFiles['partner-registry'];
  let document: ApiDocument;
  let known: KnownValues;
  let failuresBefore: number;

  beforeAll(async () => {
    document = await ApiDocument.of(stack.client, stack.running.urls.registryPublic);
    known = await inhabitants(stack);
    failuresBefore = failuresIn(log).length;
  });

  async function send(operation: Operation, { path, headers, body }: HostileRequest) {
    const raw = body && { body: body.text, ...(body.contentType !== undefined && { contentType: body.contentType }) };
    return stack.operator.send(path, { method: operation.method, headers, ...(raw && { raw }) });
  }

  it(
    'is answered as documented: never a 5xx, always a problem with code and request_id',
    { timeout: 2 * budgetMs + 300_000 },
    async () => {
      console.log(`hostile requests: FUZZ_SEED=${seed}`);
      const { operations } = document;
      const seen = new Map<number, number>();
      const failures: string[] = [];
      const tryOut = async (operation: Operation, parameters: fc.Parameters<[HostileRequest]>): Promise<void> => {
        const requests = hostileRequests(operation, known);
        const property = fc.asyncProperty(requests, async (request) => {
          const answer = await send(operation, request);
          seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1);
          const faults = [...answerFaults(answer, operation), ...pointerFaults(answer, request)];
          expect(
            faults,
            `${operation.method} ${operation.path}: ${answer.status} ${answer.text.slice(0, 500)}`,
          ).toEqual([]);
        });
        const result = await fc.check(property, parameters);
        if (result.failed && result.counterexample)
          failures.push(`${fc.defaultReportMessage(result)}
${String(result.errorInstance)}`);
      };
      const interruptAfterTimeLimit = budgetMs / operations.length;
      for (const operation of operations) await tryOut(operation, { seed, numRuns: 200, interruptAfterTimeLimit });
      // Not only refusals: then nothing behind the door was tried. A slow machine may need more time for that than it had.
      for (let more = 1; !EXPECTED.every((status) => seen.has(status)) && failures.length === 0; more += 1) {
        for (const operation of operations) await tryOut(operation, { seed: seed + more, numRuns: 5 });
      }
      console.log(
        `answers: ${[...seen]
          .sort()
          .map(([status, number]) => `${number} × ${status}`)
          .join(', ')}`,
      );
      expect(failures.join('\n\n')).toBe('');
    },
  );

  it('has no place where a NUL, half a character or far too long a text gets through', async () => {
    const faults: string[] = [];
    let places = 0;
    for (const operation of document.operations) {
      for (const request of requestsWithBadText(operation, known)) {
        const answer = await send(operation, request);
        const wrong = answerFaults(answer, operation);
        faults.push(
          ...wrong.map(
            (fault) => `${operation.method} ${request.path} ${request.body?.text.slice(0, 200) ?? ''}: ${fault}`,
          ),
        );
        places++;
      }
    }
    expect(faults).toEqual([]);
    expect(places).toBeGreaterThan(200);
  });

  it('leaves no unhandled error in the log', () => {
    const failures = failuresIn(log).slice(failuresBefore);
    // where an anchor made here says that its CRLs are, there are none: an alarm, as it should be
    expect(failures.filter(({ trust_anchor: anchor }) => anchor === undefined)).toEqual([]);
    expect(readFileSync(log, 'utf8')).not.toMatch(/^\s+at /m);
  });
});
