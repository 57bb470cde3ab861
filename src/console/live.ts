// A view that is drawn again whenever it changes: `--watch`.
import {canRedraw, type TerminalSize} from './terminal-size.js'

export type Screen = NodeJS.WritableStream & TerminalSize

/** Draws the text of each value over the one before on a terminal; elsewhere prints those that differ from the one before, one below the other. */
export async function drawLive<V>(found: AsyncIterable<V>, text: (value: V) => string, screen: Screen): Promise<void> {
  const draw = canRedraw(screen) ? await redrawing(screen) : printing(screen)
  try {
    for await (const value of found) draw.show(text(value))
  } finally {
    draw.end()
  }
}

interface Drawing {
  show(text: string): void
  end(): void
}

async function redrawing(screen: Screen): Promise<Drawing> {
  const {createLogUpdate} = await import('log-update')
  const update = createLogUpdate(screen)
  return {end: () => update.done(), show: (text) => update(text)}
}

function printing(screen: Screen): Drawing {
  let last: string | undefined
  return {
    end: () => {},
    show: (text) => {
      if (text !== last) screen.write(`${text}\n`)
      last = text
    },
  }
}
