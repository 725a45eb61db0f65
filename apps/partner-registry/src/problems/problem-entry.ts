export interface ProblemEntry {
  readonly status: number;
  readonly title: string;
  /** What it means and what to do about it, for `GET /problems/{code}`. */
  readonly explanation: string;
}
