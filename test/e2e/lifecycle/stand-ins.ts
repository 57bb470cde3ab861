// Images that stand for those that no test can pull: they do nothing, whatever they are told to run, until they are stopped.
import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {docker} from '../../support/hosts/engine.js'
import {BASE_IMAGE} from '../../support/hosts/images.js'
import type {TestHost} from '../../support/hosts/test-hosts.js'

export const STAND_IN = 'stand-in:1'

/** Programs that the published definitions name as entry points and health checks. */
const PROGRAMS = ['/usr/local/bin/docker-entrypoint.sh', '/healthcheck', '/bin/stand-in']

/** The stand-in is on the host; every program that a definition may name in it waits for its stop, but for health checks, which are well. */
export async function buildStandIn(host: TestHost, folder: string): Promise<void> {
  const waits = '#!/bin/sh\\ntrap "exit 0" TERM INT\\necho "$0 $*"\\nwhile :; do sleep 1 & wait $!; done\\n'
  const made = PROGRAMS.map((path) => {
    const script = path === '/healthcheck' ? '#!/bin/sh\\nexit 0\\n' : waits
    return `mkdir -p ${path.slice(0, path.lastIndexOf('/')) || '/'} && printf '${script}' > ${path} && chmod 755 ${path}`
  })
  const file = join(folder, 'Dockerfile.stand-in')
  await writeFile(file, [`FROM ${BASE_IMAGE}`, `RUN ${made.join(' && ')}`, 'ENTRYPOINT ["/bin/stand-in"]', 'CMD []', ''].join('\n'))
  process.env['DOCKER_BUILDKIT'] = '0'
  await docker(host, 'build', '--network', 'none', '-q', '-t', STAND_IN, '-f', file, folder)
}
