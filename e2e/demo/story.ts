import { isDeepStrictEqual } from 'node:util';
import type { Answer } from '../stack/admin/https-client.js';
import { describeAnswer, describeCall } from './describe-exchange.js';
import type { Paint } from './paint.js';

/** Tells what happens and checks it: every fact gets a check mark, or a cross with what was expected and what was found. */
export class Story {
  facts = 0;
  deviations = 0;
  steps = 0;

  constructor(
    private readonly write: (text: string) => void,
    private readonly paint: Paint,
  ) {}

  title(text: string): void {
    this.line(`\n${this.paint.bold(text)}\n${'═'.repeat(text.length)}`);
  }

  chapter(text: string): void {
    this.line(`\n${this.paint.bold(this.paint.cyan(text))}\n${this.paint.cyan('─'.repeat(text.length))}`);
  }

  step(title: string): void {
    this.steps += 1;
    this.line(`\n${this.paint.bold(`${String(this.steps).padStart(2)}  ${title}`)}`);
  }

  tell(text: string): void {
    for (const line of text.split('\n')) this.line(`    ${line}`);
  }

  /** What was sent and what came back; of the body only the named fields. */
  exchange(answer: Answer, fields: readonly string[] = []): void {
    this.line(`    ${this.paint.yellow('→')} ${describeCall(answer.call).join('\n        ')}`);
    this.line(`    ${this.paint.yellow('←')} ${describeAnswer(answer, fields).join('\n        ')}`);
  }

  fact(claim: string, expected: unknown, actual: unknown): void {
    this.facts += 1;
    if (isDeepStrictEqual(expected, actual)) {
      this.line(`    ${this.paint.green('✓')} ${claim}`);
      return;
    }
    this.deviations += 1;
    this.line(`    ${this.paint.red(`✗ ${claim}`)}`);
    this.line(`        expected: ${shown(expected)}`);
    this.line(`        actual:   ${shown(actual)}`);
  }

  /** The story cannot go on. */
  breaksOff(reason: string): void {
    this.deviations += 1;
    this.line(`\n    ${this.paint.red('✗ The story breaks off here.')}\n    ${reason.replaceAll('\n', '\n    ')}`);
  }

  summary(seconds: number): void {
    const told = `${this.facts} facts in ${this.steps} steps, ${seconds.toFixed(1)} s`;
    const { green, red, bold } = this.paint;
    const verdict =
      this.deviations === 0
        ? green(bold(`✓ All as it should be: ${told}.`))
        : red(bold(`✗ ${this.deviations} not as it should be: ${told}.`));
    this.line(`\n${verdict}`);
  }

  private line(text: string): void {
    this.write(`${text}\n`);
  }
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
}
