// The docker command that a person would type to see for themselves: shown, never run.
import {type HostAddress, hostText} from './host-address.js'
import {shellWord} from './names.js'

/** A docker command that asks this very engine; `words` stand as they are. Over SSH the docker client of the host runs it. */
export function typedDocker(host: HostAddress, words: string): string {
  switch (host.kind) {
    case 'ssh': {
      const port = host.port === undefined ? '' : `-p ${host.port} `
      const socket = host.socketPath === undefined ? '' : `-H ${shellWord(`unix://${host.socketPath}`)} `
      return `ssh ${port}${host.user === undefined ? '' : `${host.user}@`}${host.host} docker ${socket}${words}`
    }
    case 'tcp': {
      const {tls} = host
      const files = tls && {'--tlscacert': tls.caFile, '--tlscert': tls.certFile, '--tlskey': tls.keyFile}
      const flags = files
        ? `--tlsverify ${Object.entries(files)
            .map(([flag, path]) => `${flag} ${shellWord(path)}`)
            .join(' ')} `
        : ''
      return `docker ${flags}-H ${hostText(host)} ${words}`
    }
    case 'unix':
      return `docker -H ${shellWord(hostText(host))} ${words}`
  }
}
