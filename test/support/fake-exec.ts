// A program run in a container of the fake engine.
import type {ExecSession, Output, OutputChunk} from '../../src/world/engine.js'
import type {Run} from './fake-programs.js'
import {orAborted, Queue} from './queue.js'

export class FakeExec implements ExecSession {
  private readonly printed = new Queue<OutputChunk>()

  constructor(
    private readonly run: Run,
    private readonly signal: AbortSignal,
  ) {
    for (const chunk of run.output) this.printed.push(chunk)
    if (!run.copies) this.printed.end()
  }

  get output(): Output {
    return this.read()
  }

  private async *read(): Output {
    for await (const chunk of this.printed.read(0, this.signal)) yield [chunk]
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.run.copies) this.printed.push({stream: 'stdout', bytes})
  }

  end(): void {
    this.printed.end()
  }

  async resize(): Promise<void> {}

  async exitCode(): Promise<number> {
    return orAborted(Promise.resolve(this.run.exitCode ?? 0), this.signal)
  }
}
