import {EventEmitter} from 'node:events'
import {expect} from 'chai'
import {InterruptedError} from '../errors.js'
import {ProcessSignals} from './signals.js'

class FakeProcess extends EventEmitter {
  exits: (number | undefined)[] = []
  exit = ((code?: number) => void this.exits.push(code)) as unknown as NodeJS.Process['exit']
}

describe('ProcessSignals', () => {
  let fake: FakeProcess
  let signals: ProcessSignals

  beforeEach(() => {
    fake = new FakeProcess()
    signals = new ProcessSignals(fake)
    signals.listen()
  })

  it('asks the command to leave at the first signal, and leaves at the second', () => {
    fake.emit('SIGINT', 'SIGINT')
    expect(signals.signal.reason).to.be.instanceOf(InterruptedError)
    expect(fake.exits).to.deep.equal([])

    fake.emit('SIGTERM', 'SIGTERM')
    expect(fake.exits).to.deep.equal([130])
  })

  it('hands signals to who took them over last, until it lets go', () => {
    const heard: string[] = []
    const releaseFirst = signals.takeOver((name) => heard.push(`first ${name}`))
    const releaseSecond = signals.takeOver((name) => heard.push(`second ${name}`))

    fake.emit('SIGINT', 'SIGINT')
    releaseSecond()
    fake.emit('SIGHUP', 'SIGHUP')
    releaseFirst()

    expect(heard).to.deep.equal(['second SIGINT', 'first SIGHUP'])
    expect(signals.signal.aborted).to.equal(false)
    fake.emit('SIGTERM', 'SIGTERM')
    expect(signals.signal.aborted).to.equal(true)
  })

  it('leaves nothing behind once it is closed', () => {
    signals.close()

    expect(fake.eventNames()).to.deep.equal([])
  })
})
