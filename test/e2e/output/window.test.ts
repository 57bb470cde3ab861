// A watched task with a terminal has one of the size of ours.
import {expect} from 'chai'
import {execa} from 'execa'
import {fileURLToPath} from 'node:url'
import {aScript, Lives} from '../lifecycle/lives.js'

const PROGRAM = fileURLToPath(new URL('../../../bin/run.js', import.meta.url))

describe('task run, on a terminal', function () {
  this.timeout(60_000)
  let lives: Lives

  before(async () => {
    lives = await Lives.open()
  })

  after(() => lives.close())

  it('gives a task with a terminal the size of ours', async () => {
    // busybox's stty says nothing of a terminal without a size.
    const script = 'n=0; while [ -z "$(stty size 2>/dev/null)" ] && [ $n -lt 100 ]; do n=$((n+1)); sleep 0.1; done; stty size'
    const id = await lives.register({family: 'sized', containerDefinitions: [aScript('app', script, {pseudoTerminal: true})]})
    const line = `stty cols 101 rows 33; exec ${process.execPath} -- ${PROGRAM} task run ${id}`

    const {stdout} = await execa('script', ['-qec', line, '/dev/null'], {
      env: {...lives.stage.session.environment, TERM: 'xterm', SHELL: '/bin/sh'},
      extendEnv: false,
      reject: false,
      stdin: 'pipe',
    })

    expect(String(stdout)).to.match(/^33 101\r?$/m)
  })
})
