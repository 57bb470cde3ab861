// A door through which other programs of this machine ask something by HTTP.

export interface Asked {
  readonly method: string
  /** With its leading slash, without what follows a question mark. */
  readonly path: string
}

export interface Answered {
  readonly status: number
  readonly contentType: string
  readonly text: string
}

export interface HttpDoor {
  /** Opens it at `PORT` of this machine alone, or at `HOST:PORT`; it closes when `signal` fires. Returns its address. Throws `ConflictError` `PortTaken`. */
  serve(address: string, answer: (asked: Asked) => Promise<Answered>, signal: AbortSignal): Promise<string>
}
