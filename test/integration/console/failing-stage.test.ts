// A stage that fails while its spinner turns: on a terminal with a width, which `script` alone does not give.
import {spawn} from 'node:child_process'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {expect} from 'chai'

const DOOR = fileURLToPath(new URL('../../../bin/run.js', import.meta.url))
/** Far longer than the host takes to fail; a spinner that is never stopped turns for ever. */
const PATIENCE_MS = 20_000

describe('a stage that fails on a terminal', function () {
  this.timeout(2 * PATIENCE_MS)
  let folder = ''

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'berth-stage-'))
  })

  after(() => rmSync(folder, {force: true, recursive: true}))

  /** The exit code and all that was on a screen of 120 columns; no code when it had to be killed. */
  async function atTerminal(...words: readonly string[]): Promise<{readonly code: number | null; readonly screen: string}> {
    const env = {
      BERTH_SSH_CONFIG: join(folder, 'ssh-config'),
      HOME: folder,
      NO_COLOR: '1',
      PATH: process.env['PATH'],
      SHELL: '/bin/sh',
      TERM: 'xterm',
      XDG_RUNTIME_DIR: folder,
    }
    const line = ['stty cols 120 rows 40; exec', process.execPath, DOOR, ...words].join(' ')
    const child = spawn('script', ['-qec', line, '/dev/null'], {env})
    const patience = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS)
    let screen = ''
    child.stdout.on('data', (bytes: Buffer) => {
      screen += bytes.toString()
    })
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
    clearTimeout(patience)
    return {code, screen}
  }

  it('ends its spinner, and the command with it', async () => {
    // It lasts longer than the second after which a spinner shows, and then hangs up.
    writeFileSync(join(folder, 'ssh-config'), 'Host late\n  ProxyCommand sleep 2.5\n', {mode: 0o600})
    await atTerminal('cluster', 'create', 'prod')

    const {code, screen} = await atTerminal('instance', 'join', 'ssh://late')

    expect(screen, 'a spinner hides the cursor').to.match(/\u001b\[\?25l.*looking at ssh:\/\/late/s)
    expect(screen).to.match(/berth: .*late/)
    expect(code, screen).to.equal(6)
  })
})
