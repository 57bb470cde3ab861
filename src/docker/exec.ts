// A program run inside a container, over the connection that the engine gives over to it.
import type {Duplex} from 'node:stream'
import {setTimeout as pause} from 'node:timers/promises'
import {EngineError, KnownError, UnreachableError} from '../errors.js'
import type {ExecOptions, ExecSession, Output, OutputChunk} from '../world/engine.js'
import type {Deed} from './faults.js'
import {frames, terminalOutput} from './frames.js'
import {asObject} from './ndjson.js'
import {type Wire, containerPath} from './wire.js'

/** Milliseconds between two looks at a program whose output has ended; it has nearly always ended too. */
const LOOK_AGAIN_MS = 25

/** Starts the program and returns its session. Throws `NoSuchContainer`, `ContainerNotRunning`. */
export async function startExec(wire: Wire, container: string, options: ExecOptions, signal: AbortSignal): Promise<ExecSession> {
  const deed: Deed = {kind: 'container', verb: 'run a program in', container}
  const path = containerPath(container, '/exec', wire.host)
  const {json} = await wire.ask({method: 'POST', path, body: createBody(options), deed, signal})
  const id = String(asObject(json)['Id'])
  const body = {Detach: false, Tty: options.tty ?? false}
  const socket = await wire.hijack({method: 'POST', path: `/exec/${id}/start`, body, deed, signal})
  return new DockerExec(wire, id, socket, options.tty ?? false, deed, signal)
}

function createBody(options: ExecOptions): object {
  return {
    AttachStderr: true,
    AttachStdin: options.stdin ?? false,
    AttachStdout: true,
    Cmd: [...options.command],
    Env: (options.environment ?? []).map(({name, value}) => `${name}=${value}`),
    Tty: options.tty ?? false,
    ...(options.user === undefined ? {} : {User: options.user}),
    ...(options.workingDirectory === undefined ? {} : {WorkingDir: options.workingDirectory}),
  }
}

class DockerExec implements ExecSession {
  constructor(
    private readonly wire: Wire,
    private readonly id: string,
    private readonly socket: Duplex,
    private readonly tty: boolean,
    private readonly deed: Deed,
    private readonly signal: AbortSignal,
  ) {
    // Without a listener a connection that breaks between two reads would end the process; the reader of `output` meets it anyway.
    socket.on('error', () => {})
  }

  get output(): Output {
    return this.read()
  }

  private async *read(): AsyncGenerator<readonly OutputChunk[]> {
    try {
      yield* this.tty ? terminalOutput(this.socket) : frames(this.socket)
    } catch (error) {
      throw this.wire.fault(error, this.deed, this.signal)
    }
  }

  write(bytes: Uint8Array): Promise<void> {
    // Input that comes after the program has ended goes nowhere, as in any shell: the end of the output tells.
    return new Promise((resolve) => {
      this.socket.write(bytes, () => resolve())
    })
  }

  end(): void {
    this.socket.end()
  }

  async resize(columns: number, rows: number): Promise<void> {
    try {
      await this.wire.ask({
        method: 'POST',
        path: `/exec/${this.id}/resize`,
        query: {h: rows, w: columns},
        deed: this.deed,
        signal: this.signal,
      })
    } catch (error) {
      // The engine refuses to size a terminal that is not there yet, or no more: there is nothing to size.
      if (!(error instanceof KnownError) || error instanceof UnreachableError || this.signal.aborted) throw error
    }
  }

  async exitCode(): Promise<number> {
    for (;;) {
      const {json} = await this.wire.ask({method: 'GET', path: `/exec/${this.id}/json`, deed: this.deed, signal: this.signal})
      const {ExitCode: code, Running: running} = asObject(json)
      if (!running && typeof code === 'number') return code
      if (!running)
        throw new EngineError('ExitCodeUnknown', 'The engine forgot the exit code of the program: its container stopped with it.', {
          suggestions: ['berth task list --all'],
        })
      await pause(LOOK_AGAIN_MS)
    }
  }
}
