import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from '../../stack/admin/https-client.js';
import type { Operator } from '../../stack/admin/operator.js';
import type { Replicas } from '../kills/replicas.js';
import { nextOperation, type Desk } from './next-operation.js';
import type { Operation } from './operation.js';

const BEFORE_ANOTHER_TRY_MS = 50;
/** Of one mutation: then something is wrong with the registry, not with its processes. */
const PATIENCE_MS = 60_000;

/** A mutation that was answered with success, and the object it was about. */
export interface Acknowledged {
  action: string;
  target: string;
  key: string;
  /** more than one: the first answers were lost with their process */
  tries: number;
}

/** An operator who never stops changing things, and asks again with the same key until there is an answer. */
export class Writer {
  readonly acknowledged: Acknowledged[] = [];
  /** answers there was no reason for */
  readonly unexpected: string[] = [];
  private count = 0;

  constructor(
    readonly desk: Desk,
    private readonly operator: Operator,
    private readonly replicas: Replicas,
  ) {}

  /** Returns when `enough` says so and the last mutation is answered. */
  async work(enough: () => boolean, signal: AbortSignal): Promise<void> {
    while (!enough() && this.unexpected.length === 0) {
      await this.carryOut(await nextOperation(this.desk), signal);
    }
  }

  private async carryOut(operation: Operation, signal: AbortSignal): Promise<void> {
    const key = `${this.desk.name}-${++this.count}`;
    const { answer, tries } = await this.answered(operation, key, signal);
    if (answer.status !== operation.status) {
      this.unexpected.push(`${operation.action} ${operation.path}: ${answer.status} ${answer.text.slice(0, 500)}`);
      return;
    }
    const { id: target } = operation.acknowledge(answer.body);
    this.acknowledged.push({ action: operation.action, target, key, tries });
  }

  private async answered(operation: Operation, key: string, signal: AbortSignal) {
    const { path, body } = operation;
    const headers = { ...body.headers, 'idempotency-key': key };
    const send = (registry: string): Promise<Answer> => this.operator.send(path, { ...body, headers }, registry);
    const deadline = Date.now() + PATIENCE_MS;
    for (let tries = 1; ; tries++) {
      const answer = await this.replicas.through(this.desk.random, send, signal).catch(lost);
      if (answer && !mustBeRepeated(answer)) return { answer, tries };
      if (Date.now() > deadline) throw new Error(`${operation.action} ${path} was not answered for a minute`);
      await sleep(BEFORE_ANOTHER_TRY_MS);
    }
  }
}

// An answer that does not come is what the drill is about; anything else that is thrown is a mistake.
function lost(error: unknown): undefined {
  const { code } = error as { code?: unknown };
  if (typeof code === 'string' && /^(E[A-Z]+|UND_ERR_[A-Z_]+)$/.test(code)) return undefined;
  throw error;
}

/** The process died while it held the key, or Postgres has not noticed yet that it did. */
function mustBeRepeated({ status, body }: Answer): boolean {
  return status === 503 || (status === 409 && body['code'] === 'idempotency_key_in_flight');
}
