// Questions at a real terminal: util-linux's `script` gives the program one, and we type.
import {execFile, spawn} from 'node:child_process'
import {fileURLToPath} from 'node:url'
import {promisify} from 'node:util'
import {expect} from 'chai'

const PROGRAM = ['--import', 'tsx', fileURLToPath(new URL('asking.ts', import.meta.url))]

interface Typing {
  /** What must be on the screen before the keys are pressed. */
  readonly at: string
  readonly keys: string
}

/** Everything that was on the screen. */
async function atTerminal(words: readonly string[], typing: readonly Typing[]): Promise<string> {
  const child = spawn('script', ['-qec', [process.execPath, ...PROGRAM, ...words].join(' '), '/dev/null'], {
    env: {...process.env, TERM: 'xterm'},
  })
  const open = [...typing]
  let screen = ''
  child.stdout.on('data', (bytes: Buffer) => {
    screen += bytes.toString()
    const next = open[0]
    if (next === undefined || !screen.includes(next.at)) return
    open.shift()
    child.stdin.write(next.keys)
  })
  await new Promise((resolve) => child.on('close', resolve))
  return screen
}

describe('TerminalPerson', () => {
  describe('at a terminal', () => {
    it('shows the plan, then asks, and takes yes for an answer', async () => {
      const screen = await atTerminal(['confirm'], [{at: 'Carry it out?', keys: 'y\r'}])

      expect(screen.indexOf('all of it goes')).to.be.within(0, screen.indexOf('Carry it out?'))
      expect(screen).to.match(/confirmed\s*$/)
    })

    it('takes Enter alone for a no', async () => {
      expect(await atTerminal(['confirm'], [{at: 'Carry it out?', keys: '\r'}])).to.include('DeclinedError Declined 10')
    })

    it('ends by Ctrl-C as other commands do', async () => {
      expect(await atTerminal(['confirm'], [{at: 'Carry it out?', keys: '\u0003'}])).to.include('InterruptedError Interrupted 130')
    })

    it('asks what a file wants of this machine in its very words, and takes Enter alone for a no', async () => {
      const said = 'It wants to run pass show db. Allow it?'
      expect(await atTerminal(['allow'], [{at: said, keys: 'y\r'}])).to.match(/allowed\s*$/)
      expect(await atTerminal(['allow'], [{at: said, keys: '\r'}])).to.include('DeclinedError Declined 10')
    })

    it('offers choices and returns the one chosen', async () => {
      expect(await atTerminal(['choose'], [{at: 'the second', keys: '\u001b[B\r'}])).to.include('chose second')
    })

    it('takes a typed line', async () => {
      expect(await atTerminal(['ask'], [{at: 'What name?', keys: 'db1\r'}])).to.include('typed db1')
    })
  })

  describe('without one', () => {
    const run = async (...words: string[]) => (await promisify(execFile)(process.execPath, [...PROGRAM, ...words])).stdout.trim()

    it('declines what nobody can confirm', async () => {
      expect(await run('confirm')).to.equal('DeclinedError Declined 10')
    })

    it('allows nothing that nobody allowed', async () => {
      expect(await run('allow')).to.equal('DeclinedError Declined 10')
    })

    it('confirms and allows when --yes has answered before', async () => {
      expect(await run('confirm', '--yes')).to.equal('confirmed')
      expect(await run('allow', '--yes')).to.equal('allowed')
    })

    it('names what is missing in place of asking', async () => {
      expect(await run('choose')).to.equal('InvalidInputError MissingArgument 2')
      expect(await run('ask')).to.equal('InvalidInputError MissingArgument 2')
    })
  })
})
