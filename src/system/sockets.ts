// Looking at a local socket without speaking for anybody.
import {connect} from 'node:net'
import type {Duplex} from 'node:stream'

/** Is somebody there to take connections? Answers at once: the kernel knows, whatever the listener is doing. */
export function isListening(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    // A full queue still belongs to somebody.
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'EAGAIN'))
  })
}

/** What came back from an engine's socket: a first byte, the end without one, or nothing in the time given. */
export type SocketAnswer = 'answers' | 'closed' | 'silent'

/** Asks the engine behind the socket for a sign of life. A forwarded socket takes connections even where no engine is behind it. */
export function answerAt(path: string, withinMs: number): Promise<SocketAnswer> {
  return answerOf(connect(path), withinMs)
}

/** Asks the engine behind this connection for a sign of life; after it the connection is closed. */
export function answerOf(connection: Duplex, withinMs: number): Promise<SocketAnswer> {
  return new Promise((resolve) => {
    const settle = (answer: SocketAnswer): void => {
      clearTimeout(timer)
      connection.destroy()
      resolve(answer)
    }
    const timer = setTimeout(() => settle('silent'), withinMs)
    connection.once('data', () => settle('answers'))
    connection.on('error', () => settle('closed'))
    connection.once('close', () => settle('closed'))
    connection.write('GET /_ping HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n')
  })
}
