// Forwarded ports as a person reads them.
import type {View} from './view.js'

interface ForwardingShown {
  readonly local: {readonly address: string; readonly port: number}
  readonly containerPort: number
}

/** `127.0.0.1:8080 -> 80`, one line a port. */
export function forwardingsView({open}: {readonly open: readonly ForwardingShown[]}): View {
  const addresses = open.map(({local: {address, port}}) => `${address.includes(':') ? `[${address}]` : address}:${port}`)
  return {ids: addresses, text: open.map(({containerPort}, index) => `${addresses[index]} -> ${containerPort}`).join('\n')}
}
