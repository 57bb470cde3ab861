// The bridge between the SDK's types and ours.

/** A shape of the SDK that nobody changes: all fields and lists readonly, dates left as they are. */
export type Described<T> = T extends Date ? T : T extends object ? {readonly [K in keyof T]: Described<T[K]>} : T
