// The built binary as a shell meets it: exit codes, the two streams, the kept compiled code.
import {spawn, spawnSync} from 'node:child_process'
import {chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {expect} from 'chai'

const DOOR = fileURLToPath(new URL('../../../bin/run.js', import.meta.url))

describe('the door', () => {
  let folder = ''
  let env: NodeJS.ProcessEnv = {}

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'berth-door-'))
    const {PATH} = process.env
    env = {
      HOME: folder,
      PATH,
      XDG_CACHE_HOME: join(folder, 'cache'),
      XDG_CONFIG_HOME: join(folder, 'config'),
      XDG_STATE_HOME: join(folder, 'state'),
    }
  })

  afterEach(() => rmSync(folder, {force: true, recursive: true}))

  function berth(...words: string[]) {
    const {status, stderr, stdout} = spawnSync(process.execPath, [DOOR, ...words], {encoding: 'utf8', env})
    return {code: status, stderr, stdout}
  }

  const wrong: readonly (readonly [words: string, code: number, named: string])[] = [
    ['frobnicate', 2, 'UnknownCommand'],
    ['cluster describe --frobnicate', 2, 'InvalidUsage'],
    ['completion', 2, 'InvalidUsage'],
    ['cluster list -- words', 2, 'InvalidUsage'],
    ['cluster list --query a[', 2, 'InvalidQuery'],
    ['cluster list --state http://host', 2, 'InvalidState'],
    ['cluster describe missing', 3, 'ClusterNotFoundException'],
  ]

  for (const [words, code, named] of wrong) {
    it(`ends "berth ${words}" with ${code}, in plain words and as JSON`, () => {
      const plain = berth(...words.split(' '))
      const json = berth(...words.split(' ').slice(0, 2), '--json', ...words.split(' ').slice(2))

      expect({code: plain.code, stdout: words.includes('--query') ? '' : plain.stdout}).to.deep.equal({code, stdout: ''})
      if (!words.includes('--query')) expect(plain.stderr).to.match(/^berth: .+\n {2}try: berth /)
      expect(json.code).to.equal(code)
      expect(JSON.parse(json.stdout).error).to.include({code: named, exitCode: code})
    })
  }

  it('prints one JSON document, and what a query picks of it', () => {
    berth('cluster', 'create', 'prod')

    expect(JSON.parse(berth('cluster', 'list', '--json').stdout).clusters[0].clusterName).to.equal('prod')
    expect(JSON.parse(berth('cluster', 'list', '--query', 'clusters[].clusterName').stdout)).to.deep.equal(['prod'])
    expect(berth('cluster', 'list', '-q').stdout).to.equal('prod\n')
  })

  it('tells of changes by 11 where --dry-run --exit-code asks, and makes none', () => {
    const dry = berth('cluster', 'create', 'prod', '--dry-run', '--exit-code', '--json')

    expect(dry.code).to.equal(11)
    expect(JSON.parse(dry.stdout).plan.actions[0]).to.include({kind: 'createCluster', name: 'prod'})
    expect(JSON.parse(berth('cluster', 'list', '--json').stdout).clusters).to.deep.equal([])
  })

  it('helps and tells its version without touching a folder', () => {
    env = {...env, XDG_CACHE_HOME: '/proc/none'}

    expect(berth('--version')).to.include({code: 0, stderr: ''})
    for (const words of [[], ['--help'], ['help'], ['task'], ['task', 'run', '--help'], ['help', 'task', 'run']]) {
      expect(berth(...words), words.join(' ')).to.include({code: 0, stderr: ''})
    }
    expect(readdirSync(folder)).to.deep.equal([])
  })

  it('ends without a word when nobody reads on', async () => {
    const child = spawn(process.execPath, [DOOR, 'help', 'task', 'run'], {env, stdio: ['ignore', 'pipe', 'pipe']})
    let said = ''
    child.stderr.on('data', (bytes: Buffer) => {
      said += bytes.toString()
    })
    child.stdout.destroy()
    const code = await new Promise((resolve) => child.on('close', resolve))

    expect({code, said}).to.deep.equal({code: 141, said: ''})
  })

  it('comes to its end and its exit code when nobody reads stderr', async () => {
    const child = spawn(process.execPath, [DOOR, 'cluster', 'describe', 'missing'], {env, stdio: ['ignore', 'pipe', 'pipe']})
    child.stderr.destroy()

    expect(await new Promise((resolve) => child.on('close', resolve))).to.equal(3)
  })

  describe('keeps compiled code', () => {
    const kept = () => readdirSync(join(folder, 'cache', 'berth')).filter((name) => name.startsWith('main.cjs-'))
    const path = () => join(folder, 'cache', 'berth', kept()[0] ?? '')

    it('for its owner alone, and grows it with each command once', () => {
      berth('--version')
      const first = statSync(path())
      berth('cluster', 'list')
      const second = statSync(path())
      berth('cluster', 'list')

      expect(first.mode & 0o777).to.equal(0o600)
      expect(second.size).to.be.greaterThan(first.size)
      expect(statSync(path()).mtimeMs).to.equal(second.mtimeMs)
      expect(kept()).to.have.length(1)
    })

    it('and does without when that is damaged, cut, or open to others', () => {
      berth('cluster', 'list')
      const whole = readFileSync(path())
      for (const bytes of [
        Buffer.alloc(0),
        Buffer.from('nonsense'),
        whole.subarray(0, whole.length / 2),
        Buffer.concat([whole.subarray(0, 200), Buffer.alloc(5000, 7)]),
      ]) {
        writeFileSync(path(), bytes)
        expect(berth('cluster', 'list')).to.include({code: 0, stderr: ''})
      }
      chmodSync(path(), 0o666)
      expect(berth('cluster', 'list')).to.include({code: 0, stderr: ''})
      expect(statSync(path()).mode & 0o777, 'it is written anew').to.equal(0o600)
    })
  })

  it('completes live names from the state file', () => {
    berth('cluster', 'create', 'prod')

    expect(berth('__complete', 'cluster', 'use', 'p').stdout).to.equal('prod\n')
    expect(berth('__complete', 'task', 'run', '--cl').stdout).to.equal('--client-token\n--cluster\n')
  })

  it('gives Node nothing of an env file that is meant for a container', () => {
    const file = join(folder, 'variables.env')
    writeFileSync(file, 'NODE_OPTIONS=--require /nonexistent/injected.cjs\n')

    const {status, stderr} = spawnSync(DOOR, ['task', 'run', '--image', 'busybox:test', '--env-file', file], {encoding: 'utf8', env})

    expect(stderr).to.contain('There is no cluster yet.')
    expect(status).to.equal(3)
  })
})
