// Deeds that are nobody's purpose: tidying, and what is kept for later. What keeps them from being done is no matter, for the next command tries again.
import {KnownError} from '../errors.js'

/** Was it done? Throws what is a fault in Berth itself. */
export async function quietly(deed: () => Promise<unknown>): Promise<boolean> {
  try {
    await deed()
    return true
  } catch (error) {
    if (error instanceof KnownError || (error instanceof Error && error.name === 'TimeoutError')) return false
    throw error
  }
}
