// Ports of the machine that the command runs on.

export interface LocalPort {
  readonly address: string
  /** The one asked for or, where 0 was, the one that was free. */
  readonly port: number
  /** Ends the listening, and every connection that was made. */
  close(): void
}

export interface LocalPorts {
  /** Hands every connection to `onConnection`. Throws `ConflictError` `PortTaken`, `InvalidInputError` `AddressNotAvailable`. */
  listen(address: string, port: number, onConnection: (connection: NodeJS.ReadWriteStream) => void): Promise<LocalPort>
}
