// The size of the terminal that we write to.
import type {TerminalWindow} from '../world/window.js'
import {canRedraw} from './terminal-size.js'

/** What a process knows of its output. */
export type Output = Pick<NodeJS.WriteStream, 'columns' | 'isTTY' | 'off' | 'on' | 'rows'>

export function terminalWindow(output: Output): TerminalWindow {
  return {
    onSize: (tell) => {
      if (!canRedraw(output)) return () => {}
      const pass = () => tell({columns: output.columns, rows: output.rows})
      pass()
      output.on('resize', pass)
      return () => void output.off('resize', pass)
    },
  }
}
