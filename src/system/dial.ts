// Connections to an engine through programs of its host, one session of the master each.
import type {HeldLock} from '../world/locks.js'
import {type Channel, openChannel} from './channel.js'
import type {ConnectionTools} from './connection-tools.js'
import {DialedStream} from './dialed-stream.js'
import type {ConnectionFiles, KeptConnection} from './kept-connection.js'
import {hostBusy, PATIENCE_MS, type PlaceRequest, takePlace} from './places.js'
import {answerOf, type SocketAnswer} from './sockets.js'

/** A host that refuses a session may take the next one as soon as one of the others has ended. */
const AGAIN_MS = 100

interface DialRequest extends PlaceRequest {
  /** What to run there, a line of the far shell. */
  readonly program: string
}

/** A connection of its own, in one of the places; it gives the place back when it ends. Comes back at once. */
export function dial(tools: ConnectionTools, kept: KeptConnection, files: ConnectionFiles, request: DialRequest): DialedStream {
  return new DialedStream(async (signal) => {
    const place = await takePlace(tools, kept.host, files.places, request, signal)
    try {
      const channel = await patientChannel(tools, kept, request.program, signal)
      void channel.ended.then(() => release(place))
      return channel
    } catch (error) {
      release(place)
      throw error
    }
  })
}

/** What the engine behind this program says to a sign of life. */
export async function answerThrough(
  kept: Pick<KeptConnection, 'control' | 'host'>,
  program: string,
  withinMs: number,
): Promise<SocketAnswer> {
  return answerOf(new DialedStream((signal) => oneChannel(kept, program, signal)), withinMs)
}

async function oneChannel(kept: Pick<KeptConnection, 'control' | 'host'>, program: string, signal: AbortSignal): Promise<Channel> {
  const channel = await openChannel(kept, program, signal)
  if (channel === undefined) throw hostBusy(kept.host)
  return channel
}

/** An sshd may allow fewer sessions than ours would be; waiting in a place keeps others from asking it as well. */
async function patientChannel(tools: ConnectionTools, kept: KeptConnection, program: string, signal: AbortSignal): Promise<Channel> {
  const begun = tools.clock.now()
  for (;;) {
    const channel = await openChannel(kept, program, signal)
    if (channel !== undefined) return channel
    if (tools.clock.now() - begun > PATIENCE_MS) throw hostBusy(kept.host)
    await tools.clock.sleep(AGAIN_MS * (1 + Math.random()), signal)
  }
}

function release(place: HeldLock): void {
  try {
    place.release()
  } catch {
    // The folder is gone or full: the lock ends with this process.
  }
}
