// Where a secret's value comes from: what `valueFrom` says, read once.

/** AWS's own stores (`aws`) have no value here: a run must say by `--secret` where it is. */
export type SecretSource =
  | {readonly kind: 'env'; readonly variable: string}
  | {readonly kind: 'file'; readonly path: string}
  /** A program and its words: no shell. Its standard output, less one newline at the end, is the value. */
  | {readonly kind: 'exec'; readonly words: readonly [string, ...string[]]}
  | {readonly kind: 'aws'; readonly reference: string}
