/** What must hold whatever was killed when. */
export interface Invariant {
  name: string;
  /** gives what breaks it, a line each; nothing when it holds */
  broken(): Promise<string[]>;
}

/** A query whose rows break an invariant. */
export interface SqlInvariant {
  name: string;
  sql: string;
}
