import { parseArgs, type ParseArgsConfig } from 'node:util';
import { ConfigurationError } from '../config/index.js';

type Options = NonNullable<ParseArgsConfig['options']>;
type Values<O extends Options> = ReturnType<typeof parseArgs<{ options: O; strict: true }>>['values'];

/** A one-shot command of an app: does one thing, says what it did, ends. */
export interface Command<O extends Options = Options> {
  /** as it is started, e.g. `node apps/x/dist/commands/migrate.js` without the path: `migrate` */
  name: string;
  /** one sentence */
  summary: string;
  /** name -> what it is */
  variables: Readonly<Record<string, string>>;
  options?: O;
  /** `--name <value>` -> what it is */
  optionTexts?: Readonly<Record<string, string>>;
  /** What it returns is printed to standard output; progress goes to standard error. */
  run(values: Values<O>, progress: (line: string) => void): Promise<string>;
}

/** A refusal by the command itself, with an exit code a script can tell apart. */
export class CommandError extends Error {
  override readonly name = 'CommandError';

  constructor(
    message: string,
    readonly exitCode: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

const USAGE_ERROR = 2;

/**
 * Runs the command with the arguments of this process and sets its exit code: 0, or 1 with one sentence on standard
 * error, or 2 when it was called wrongly. Errors with a stable `code` are the operator's to mend and come without a stack.
 */
export function runCommand<O extends Options>(command: Command<O>): void {
  const options = { ...command.options, help: { type: 'boolean', short: 'h' } } as Options;
  let values: Record<string, unknown>;
  try {
    ({ values } = parseArgs({ options, strict: true, allowPositionals: false }));
  } catch (error) {
    return fail(`${(error as Error).message}\n\n${usageOf(command as unknown as Command)}`, USAGE_ERROR);
  }
  if (values['help']) {
    process.stdout.write(usageOf(command as unknown as Command));
    return;
  }
  const progress = (line: string) => void process.stderr.write(`${line}\n`);
  command.run(values as Values<O>, progress).then(
    (result) => void process.stdout.write(`${result}\n`),
    (error: unknown) => fail(`${command.name}: ${textOf(error)}\n`, error instanceof CommandError ? error.exitCode : 1),
  );
}

function fail(text: string, exitCode: number): void {
  process.exitCode = exitCode;
  process.stderr.write(text);
}

function textOf(error: unknown): string {
  if (error instanceof ConfigurationError) return ['the configuration is not valid:', ...error.faults].join('\n  ');
  if (!(error instanceof Error)) return String(error);
  const mendable = error instanceof CommandError || typeof (error as { code?: unknown }).code === 'string';
  return mendable ? error.message : (error.stack ?? error.message);
}

function usageOf({ name, summary, variables, optionTexts }: Command): string {
  const table = (rows: Readonly<Record<string, string>>) =>
    Object.entries(rows)
      .map(([left, right]) => `  ${left.padEnd(34)}${right}\n`)
      .join('');
  const options = table({ ...optionTexts, '-h, --help': 'prints this' });
  return `${name}: ${summary}\n\nOptions:\n${options}\nEnvironment:\n${table(variables)}`;
}
