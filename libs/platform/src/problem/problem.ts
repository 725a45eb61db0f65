/** One fault in what was sent. `pointer` is an RFC 6901 JSON pointer into the body, or `/name` of a parameter. */
export interface FieldFault {
  pointer: string;
  code: string;
  detail: string;
}

export interface ProblemOptions {
  /** HTTP status, 400 to 599 */
  status: number;
  /** stable, snake_case; callers branch on it. It stands in `PLATFORM_PROBLEMS` or in the table the app serves with */
  code: string;
  /** default: the code in words */
  title?: string;
  /** public: what the caller should know; never what would help an attacker */
  detail: string;
  errors?: readonly FieldFault[];
  checks?: readonly object[];
  headers?: Readonly<Record<string, string>>;
  /** private: goes to the log only */
  cause?: unknown;
}

/** The body of an `application/problem+json` answer, RFC 9457. */
export interface ProblemBody {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  errors?: readonly FieldFault[];
  checks?: readonly object[];
  request_id: string;
}

/** An error with a public face (everything but `cause` and `stack`) for the caller and a private one for the log. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly errors?: readonly FieldFault[];
  readonly checks?: readonly object[];
  readonly headers?: Readonly<Record<string, string>>;

  constructor(options: ProblemOptions) {
    super(options.detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Problem';
    this.status = options.status;
    this.code = options.code;
    this.title = options.title ?? inWords(options.code);
    this.detail = options.detail;
    this.errors = options.errors;
    this.checks = options.checks;
    this.headers = options.headers;
  }

  body(requestId: string): ProblemBody {
    return {
      type: `/problems/${this.code}`,
      title: this.title,
      status: this.status,
      code: this.code,
      detail: this.detail,
      ...(this.errors ? { errors: this.errors } : {}),
      ...(this.checks ? { checks: this.checks } : {}),
      request_id: requestId,
    };
  }
}

function inWords(code: string): string {
  const words = code.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
