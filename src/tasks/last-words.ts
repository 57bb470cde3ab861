// The last lines a task printed: kept beside the state, since they go with its containers.
import type {Task} from '../model/task.js'
import type {Engine, OutputChunk} from '../world/engine.js'

/** As ECS's own consoles show of a stopped task, and then some. */
const LAST_LINES = 100

interface Words {
  readonly at: string
  readonly text: string
}

/** The last hundred lines in the order of time, of several containers each with its name before it; `undefined` where none is there any more. */
export async function lastWordsOf(engine: Engine, task: Task, signal: AbortSignal): Promise<string | undefined> {
  const containers = task.containers.filter(({internal}) => !internal)
  const told = await Promise.all(
    containers.map(async ({containerName, name}) => {
      if (!(await engine.inspect(containerName, signal))) return undefined
      return linesOf(engine, containerName, containers.length > 1 ? `${name}  ` : '', signal)
    }),
  )
  const there = told.filter((lines) => lines !== undefined)
  if (there.length === 0) return undefined
  // A stable order: what was told at one moment stays in the order of the definition.
  const all = there.flat().sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
  return all
    .slice(-LAST_LINES)
    .map(({text}) => text)
    .join('')
}

/** Whole lines, the last one as it came; a line in parts is one, told at the moment of its first. */
async function linesOf(engine: Engine, container: string, mark: string, signal: AbortSignal): Promise<readonly Words[]> {
  const decoders = {stdout: new TextDecoder(), stderr: new TextDecoder()}
  const lines: Words[] = []
  const begun: {stdout?: Words; stderr?: Words} = {}
  const hear = ({at = '', bytes, stream}: OutputChunk) => {
    for (const part of decoders[stream].decode(bytes, {stream: true}).split(/(?<=\n)/)) {
      const before = begun[stream]
      const line = before ? {at: before.at, text: before.text + part} : {at, text: mark + part}
      if (part.endsWith('\n')) {
        lines.push(line)
        delete begun[stream]
      } else begun[stream] = line
    }
  }
  for await (const batch of engine.logs(container, {tail: LAST_LINES}, signal)) batch.forEach(hear)
  return [...lines, ...Object.values(begun).filter(({text}) => text !== mark)]
}
