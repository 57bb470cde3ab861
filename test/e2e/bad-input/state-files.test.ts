// A state file that cannot be trusted or written, and settings that cannot be read: said so, and left as they are.
import {execFileSync} from 'node:child_process'
import {chmodSync, chownSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {expect} from 'chai'
import {loadHosts} from '../../support/hosts/descriptor.js'
import {resetHosts} from '../../support/hosts/stop.js'
import {expectRefused, type Refused, Scene} from './scene.js'

describe('a state file', function () {
  this.timeout(30_000)
  let scene: Scene
  let file: string

  before(() => resetHosts(loadHosts()))

  beforeEach(async () => {
    scene = await Scene.open()
    file = scene.session.stateFile
  })

  afterEach(async () => {
    while (isMounted(dirname(file))) execFileSync('umount', [dirname(file)])
    await scene.close()
  })

  const damages: readonly (readonly [what: string, damaged: (text: string) => string, refused: Omit<Refused, 'exitCode'>])[] = [
    ['is not JSON', () => 'hello\n', {code: 'StateCorrupt', said: /^The state file ".*\/state\.json" is not JSON; nothing was changed/}],
    ['is empty', () => '', {code: 'StateCorrupt', said: /is not JSON; nothing was changed/}],
    ['is cut in half', (text) => text.slice(0, text.length / 2), {code: 'StateCorrupt', said: /is not JSON; nothing was changed/}],
    ['is another document', () => '[]\n', {code: 'StateCorrupt', said: /does not hold a state; nothing was changed/}],
    [
      'was edited by hand',
      (text) => text.replace('"revision":0', '"revision":7'),
      {code: 'StateCorrupt', said: /does not match its checksum; nothing was changed/},
    ],
    ['is from a newer Berth', (text) => text.replace(/"version":\d+/, '"version":999'), {code: 'StateTooNew', said: /state\.json".*999/}],
    ['holds escapes', () => '{"x": "\u001b[31m', {code: 'StateCorrupt', said: /is not JSON/}],
  ]

  for (const [what, damaged, refused] of damages)
    it(`that ${what} is not used, neither to read nor to write`, async () => {
      writeFileSync(file, damaged(readFileSync(file, 'utf8')))

      const suggests = refused.code === 'StateCorrupt' ? {suggests: /^berth state restore newest --state .*state\.json$/m} : {}
      for (const words of [
        ['cluster', 'list'],
        ['cluster', 'create', 'other'],
        ['task', 'list', '--cached'],
      ])
        await expectRefused(scene, words, {...refused, ...suggests, exitCode: 8})
    })

  it('whose journal was edited by hand is not used', async () => {
    writeFileSync(`${file}.journal`, readFileSync(`${file}.journal`, 'utf8').replace('prod', 'beta'))

    await expectRefused(scene, ['cluster', 'list'], {
      code: 'StateCorrupt',
      exitCode: 8,
      said: /^The journal ".*\/state\.json\.journal" was changed: line 2 does not match its checksum; nothing was changed by this command\.$/,
      suggests: /^berth state restore newest /m,
    })
  })

  for (const [what, damage] of [
    ['is damaged', (path: string) => writeFileSync(path, 'hello\n')],
    ['is gone', (path: string) => rmSync(path)],
  ] as const)
    it(`that ${what} is whole again after the suggested command`, async () => {
      await scene.session.json('cluster', 'create', 'other')
      damage(file)
      const {error} = JSON.parse((await scene.session.berth('cluster', 'list', '--json')).stdout)
      expect(error.exitCode).to.equal(8)

      const dry = await scene.session.text('state', 'restore', 'newest', '--dry-run')
      const refused = await scene.session.berth('state', 'restore', 'newest')
      const restored = await scene.session.json('state', 'restore', 'newest', '--yes')

      expect(dry).to.match(/^make the state of revision 2 anew \(/)
      expect(refused.exitCode).to.not.equal(0)
      expect(restored).to.deep.equal({from: 2, revision: 3})
      expect(await scene.session.json('cluster', 'list'))
        .to.have.property('clusters')
        .with.length(2)
      expect(await scene.session.text('state', 'history')).to.match(/^3 .* state restore +0 +recovered, since The state file /m)
    })

  it('from a newer Berth is not restored over', async () => {
    writeFileSync(file, readFileSync(file, 'utf8').replace(/"version":\d+/, '"version":999'))

    await expectRefused(scene, ['state', 'restore', 'newest', '--yes'], {code: 'StateTooNew', exitCode: 8, said: /999/})
  })

  it('that others may write to is not used', async () => {
    chmodSync(file, 0o666)

    const refused = {
      code: 'StateUnsafe',
      exitCode: 8,
      said: /^The state file ".*" may be written to by others \(mode 0666\)/,
      suggests: /^chmod go-w /m,
    }
    await expectRefused(scene, ['cluster', 'list'], refused)
    await expectRefused(scene, ['cluster', 'create', 'other'], refused)
  })

  it('that belongs to another is not used', async () => {
    chownSync(file, 12_345, 0)

    await expectRefused(scene, ['cluster', 'list'], {
      code: 'StateUnsafe',
      exitCode: 8,
      said: /belongs to user 12345, and Berth runs as user 0/,
      suggests: /^ls -ld /m,
    })
  })

  it('in a folder that others may write to is not written', async () => {
    chmodSync(dirname(file), 0o777)

    await expectRefused(scene, ['cluster', 'create', 'other'], {
      code: 'StateUnsafe',
      exitCode: 8,
      said: /^The folder of the state ".*" may be written to by others/,
      suggests: /^chmod go-w /m,
    })
  })

  it('that is a folder is not used', async () => {
    rmSync(file)
    mkdirSync(file)

    await expectRefused(scene, ['cluster', 'list'], {
      code: 'StateNotReadable',
      exitCode: 8,
      said: /because it is a folder\.$/,
      suggests: /^ls -l /m,
    })
  })

  it('on a file system that is read-only can be read, and no task is started without it', async () => {
    await scene.session.json('instance', 'join', 'local', '--name', 'local')
    execFileSync('mount', ['--bind', dirname(file), dirname(file)])
    execFileSync('mount', ['-o', 'remount,bind,ro', dirname(file)])

    const refused = {
      code: 'StateNotWritable',
      exitCode: 8,
      said: /could not be written, because its file system is read-only; it is as it was before\.$/,
      suggests: /^ls -ld /m,
    }
    await expectRefused(scene, ['cluster', 'create', 'other'], refused)
    await expectRefused(scene, ['task', 'run', '--image', 'busybox:test', '--memory', '32', '--', 'true'], refused)
    expect(await scene.session.json('cluster', 'list'))
      .to.have.property('clusters')
      .with.length(1)
    execFileSync('umount', [dirname(file)])
    await scene.session.json('instance', 'leave', 'local', '--yes')
  })

  for (const [what, options, fill] of [
    ['is full', 'size=64k,mode=0700', fillDisk],
    ['has no inode left', 'nr_inodes=20,mode=0700', useUpInodes],
  ] as const)
    it(`on a disk that ${what} is as before, and takes changes again when there is room`, async () => {
      execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', dirname(file)])
      await scene.session.json('cluster', 'create', 'prod')
      const fillers = fill(dirname(file))

      // Nothing is placed and no host is asked before the intent is on the disk.
      const refused = {
        code: 'StateDiskFull',
        exitCode: 8,
        said: /could not be written, because no space or no inode is left on its file system; it is as it was before\.$/,
        suggests: /^df -i /m,
      }
      await expectRefused(scene, ['cluster', 'create', 'other'], refused)
      for (const filler of fillers) rmSync(filler)

      await scene.session.json('cluster', 'create', 'other')
    })

  it('at a place that is no path is refused', async () => {
    await expectRefused(scene, ['cluster', 'list', '--state', 'http://host'], {
      code: 'InvalidState',
      exitCode: 2,
      said: '"http://host" cannot hold the state',
      suggests: /--state/,
    })
    await expectRefused(scene, ['cluster', 'create', 'x', '--state', '/dev/null/state.json'], {
      code: 'StateNotReadable',
      exitCode: 8,
      said: /because a part of its path is not a folder\.$/,
    })
  })

  it('is found over a path of nearly 4,096 bytes', async () => {
    const long = join(scene.session.folder, ...Array.from({length: 18}, () => 'x'.repeat(200)))

    await scene.session.json('cluster', 'create', 'deep', '--state', join(long, 'state.json'))

    expect(readdirSync(long)).to.include('state.json')
    rmSync(join(scene.session.folder, 'x'.repeat(200)), {recursive: true})
  })
})

describe('the settings file', function () {
  this.timeout(30_000)
  let scene: Scene
  let file: string

  beforeEach(async () => {
    scene = await Scene.open()
    file = join(scene.session.folder, 'config', 'berth', 'config.json')
  })

  afterEach(() => scene.close())

  for (const [what, text] of [
    ['is not JSON', '{"currentCluster": '],
    ['is not an object', '[]'],
    ['names no cluster', '{"currentCluster": 7}'],
  ] as const)
    it(`that ${what} is told, and left as it is`, async () => {
      mkdirSync(dirname(file), {recursive: true})
      writeFileSync(file, text)

      const refused = {
        code: 'SettingsCorrupt',
        exitCode: 8,
        said: /^The settings file ".*\/config\.json" .*; mend it, or move it away to begin anew\.$/,
        suggests: /^mv /m,
      }
      await expectRefused(scene, ['task', 'list', '--cached'], refused)

      expect(readFileSync(file, 'utf8')).to.equal(text)
      expect(await scene.session.json('task', 'list', '--cached', '--cluster', 'prod')).to.have.property('tasks')
    })
})

function isMounted(path: string): boolean {
  return readFileSync('/proc/self/mounts', 'utf8').includes(` ${path} `)
}

/** Writes until the disk is full; returns the files. */
function fillDisk(folder: string): readonly string[] {
  const filler = join(folder, 'filler')
  for (const size of [4096, 1]) {
    try {
      for (;;) writeFileSync(filler, 'x'.repeat(size), {flag: 'a'})
    } catch {
      // Full for pieces of this size.
    }
  }
  return [filler]
}

/** Makes empty files until there is no inode left; returns them. */
function useUpInodes(folder: string): readonly string[] {
  for (let number = 0; ; number++) {
    const path = join(folder, `filler-${number}`)
    try {
      writeFileSync(path, '')
    } catch {
      return readdirSync(folder, {encoding: 'utf8'}).flatMap((name) =>
        name.startsWith('filler') && existsSync(join(folder, name)) ? join(folder, name) : [],
      )
    }
  }
}
