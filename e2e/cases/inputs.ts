/** An authority, and a leaf with what certifies it, PEM. */
export interface Chain {
  readonly anchor: string;
  readonly chain: string;
}

/** What the cases send. By name of the input. */
export interface Inputs {
  readonly keySets: Readonly<Record<string, object>>;
  readonly selfSignedKeySets: Readonly<Record<string, object>>;
  readonly absentForms: Readonly<Record<string, Chain>>;
  readonly policies: Readonly<Record<string, Chain>>;
  readonly lists: {
    readonly revoking: Chain & { readonly list: string };
    readonly good: Chain & { readonly list: string };
  };
  /** requests and a certificate, PEM */
  readonly unreadable: Readonly<Record<string, string>>;
  readonly subjectDn: string;
}
