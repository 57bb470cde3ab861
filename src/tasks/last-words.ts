// The last lines a task printed: kept beside the state, since they go with the container.
import type {Task} from '../model/task.js'
import type {Engine} from '../world/engine.js'

/** As ECS's own consoles show of a stopped task, and then some. */
const LAST_LINES = 100

/** The last hundred lines of each container, one after another in the order of the definition; empty when it printed nothing or is gone. */
export async function lastWordsOf(engine: Engine, task: Task, signal: AbortSignal): Promise<string> {
  const decoder = new TextDecoder()
  const words: string[] = []
  for (const container of task.containers) {
    if (!(await engine.inspect(container.containerName, signal))) continue
    for await (const chunk of engine.logs(container.containerName, {tail: LAST_LINES}, signal)) words.push(decoder.decode(chunk.bytes, {stream: true}))
  }
  return words.join('')
}
