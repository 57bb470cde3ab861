// The last lines a task printed: kept beside the state, since they go with the container.
import type {Task} from '../model/task.js'
import type {Engine} from '../world/engine.js'

/** As ECS's own consoles show of a stopped task, and then some. */
const LAST_LINES = 100

/** The last hundred lines of each container, one after another in the order of the definition; `undefined` where no container is there any more. */
export async function lastWordsOf(engine: Engine, task: Task, signal: AbortSignal): Promise<string | undefined> {
  const decoder = new TextDecoder()
  const words: string[] = []
  let isThere = false
  for (const {containerName} of task.containers) {
    if (!(await engine.inspect(containerName, signal))) continue
    isThere = true
    for await (const {bytes} of engine.logs(containerName, {tail: LAST_LINES}, signal)) words.push(decoder.decode(bytes, {stream: true}))
  }
  return isThere ? words.join('') : undefined
}
