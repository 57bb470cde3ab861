// A deadline holds whatever the garbage collector does meanwhile.
import {setFlagsFromString} from 'node:v8'
import {runInNewContext} from 'node:vm'
import {expect} from 'chai'
import {within} from '../../../src/world/deadline.js'

describe('within', () => {
  it('fires in time though garbage is collected meanwhile, and at once with the other signal', async () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const fired = new Promise<unknown>((resolve) => {
      const signal = within(new AbortController().signal, 200)
      signal.addEventListener('abort', () => resolve(signal.reason))
    })
    for (const ms of [20, 60, 100]) setTimeout(collect, ms)

    const left = new Promise((resolve) => setTimeout(resolve, 2000, 'nothing fired'))
    expect(await Promise.race([fired, left])).to.have.property('name', 'TimeoutError')

    const leaving = new AbortController()
    const early = within(leaving.signal, 60_000)
    leaving.abort('gone')
    expect(early.reason).to.equal('gone')
  })
})
