// A deed with its stage: whatever becomes of the deed, the stage ends, so that no spinner outlives it and keeps the process alive.
import type {Reporter, Stage} from '../world/person.js'

/**
 * What `deed` returns, with a stage shown meanwhile. The stage has failed when the deed throws, or when `failureOf` names what failed in what it
 * returned; else it is done.
 */
export async function staged<T>(
  reporter: Reporter,
  title: string,
  deed: (stage: Stage) => Promise<T>,
  failureOf: (value: T) => string | undefined = () => undefined,
): Promise<T> {
  const stage = reporter.stage(title)
  try {
    const value = await deed(stage)
    const failure = failureOf(value)
    if (failure === undefined) stage.done()
    else stage.failed(failure)
    return value
  } catch (error) {
    stage.failed()
    throw error
  }
}
