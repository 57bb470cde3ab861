// What a container uses, told of containers whose use is known.
import {expect} from 'chai'
import {startTestEngine, type TestEngine} from '../../support/engine.js'
import {aContainer, firstOf, soon} from '../../support/specs.js'

const MIB = 1024 * 1024

describe('DockerEngine, usage', function () {
  this.timeout(60_000)
  let real: TestEngine

  before(async () => {
    real = await startTestEngine()
  })
  after(() => real.stop())

  it('counts a core as 100 percent', async () => {
    const name = await aContainer(real.engine, {cpuCores: 0.2, command: ['sh', '-c', 'while true; do true; done']})

    const {cpuPercent} = await firstOf(real.engine.usage(name, {once: true}, soon()))

    // The cap is exact over time; the machine may be too busy to give it all.
    expect(cpuPercent).to.be.greaterThan(2).and.lessThan(40)
    await real.engine.remove(name, soon())
  })

  it('counts memory that is in use against the limit, and the processes', async () => {
    const command = ['sh', '-c', 'head -c 16777216 /dev/zero >/scratch/held; sleep 60 & sleep 60 & wait']
    const name = await aContainer(real.engine, {memoryMiB: 64, tmpfs: {'/scratch': ''}, command})
    let reading = await firstOf(real.engine.usage(name, {once: true}, soon()))
    while (reading.processCount < 3) reading = await firstOf(real.engine.usage(name, {once: true}, soon()))

    expect(reading.memoryBytes)
      .to.be.greaterThan(16 * MIB)
      .and.lessThan(32 * MIB)
    expect(reading.memoryLimitBytes).to.equal(64 * MIB)
    expect(reading.processCount).to.equal(3)
    await real.engine.remove(name, soon())
  })

  it('counts what comes and goes over the network', async () => {
    const serving = ['sh', '-c', 'head -c 1048576 /dev/zero >/tmp/big; httpd -f -p 80 -h /tmp']
    const server = await aContainer(real.engine, {command: serving})
    const address = (await real.engine.inspect(server, soon()))?.address
    const fetching = `printf 'GET /big HTTP/1.0\\r\\n\\r\\n' | nc ${address} 80 | wc -c`
    const command = ['sh', '-c', `until [ "$(${fetching})" -gt 1048576 ]; do sleep 0.2; done; echo all; sleep 60`]
    const client = await aContainer(real.engine, {command})
    await firstOf(real.engine.logs(client, {follow: true}, soon()))

    const {networkReceivedBytes} = await firstOf(real.engine.usage(client, {once: true}, soon()))
    const {networkSentBytes} = await firstOf(real.engine.usage(server, {once: true}, soon()))

    expect(networkReceivedBytes).to.be.greaterThan(MIB)
    expect(networkSentBytes).to.be.greaterThan(MIB)
    for (const name of [server, client]) await real.engine.remove(name, soon())
  })
})
