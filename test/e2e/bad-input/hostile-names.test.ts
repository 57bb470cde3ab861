// Names that are made to be taken for something else: an option, a shell's words, a path, a terminal's commands.
import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {resetHosts} from '../../support/hosts/stop.js'
import {expectRefused, type Refused, Scene} from './scene.js'

/** What no name may be, by what it is made for. */
const HOSTILE: Readonly<Record<string, string>> = {
  'a path': '../../x',
  'a shell substitution': '$(touch TRAP)',
  'a shell chain': 'x; touch TRAP',
  'two lines': 'a\nb',
  'a terminal escape': '\u001b[31mx\u001b]0;title\u0007',
  'a change of direction': 'a\u202eb',
  'no character': '',
  'very many characters': 'a'.repeat(5000),
  'another alphabet': 'größe-名',
}

/** Every place that takes a name, with the words before and after it. */
const NEW_NAMES: readonly (readonly [
  place: string,
  words: (name: string) => readonly string[],
  code: string,
  except?: readonly string[],
])[] = [
  ['a new cluster', (name) => ['cluster', 'create', name], 'InvalidName'],
  ['a new instance', (name) => ['instance', 'join', 'local', '--name', name], 'InvalidName'],
  ['a host', (name) => ['instance', 'join', name], 'InvalidHost'],
  ['an ssh host', (name) => ['instance', 'join', `ssh://${name}`], 'InvalidHost'],
  ['an ssh user', (name) => ['instance', 'join', `ssh://${name}@web1`], 'InvalidHost'],
  ['an attribute', (name) => ['instance', 'join', 'local', '--attribute', `${name}=x`], 'InvalidAttribute', ['a path']],
  ["an attribute's value", (name) => ['instance', 'join', 'local', '--attribute', `a=${name}`], 'InvalidAttribute', ['a path']],
  ['a zone', (name) => ['instance', 'join', 'local', '--zone', name], 'InvalidAttribute', ['a path']],
  ['an instance type', (name) => ['instance', 'join', 'local', '--instance-type', name], 'InvalidAttribute', ['a path']],
  ['a task definition', (name) => ['task', 'run', name], 'InvalidReference'],
  ['an image', (name) => ['task', 'run', '--image', name], 'InvalidImage'],
  ['a volume', (name) => ['task', 'run', '--image', 'busybox:test', '--volume', `${name}:/data`], 'InvalidVolume'],
  ['a mark', (name) => ['task', 'run', '--image', 'busybox:test', '--started-by', name], 'InvalidStartedBy', ['a path']],
]

const PRINTABLE = ['a path', 'a shell substitution', 'a shell chain', 'another alphabet']

const OTHERS: typeof NEW_NAMES = [
  ['a group', (name) => ['task', 'run', '--image', 'busybox:test', '--group', name], 'InvalidGroup', PRINTABLE],
  ['a token', (name) => ['task', 'run', '--image', 'busybox:test', '--client-token', name], 'InvalidClientToken', ['a path']],
  ['a constraint', (name) => ['task', 'run', '--image', 'busybox:test', '--placement-constraint', name], 'InvalidConstraint'],
  ['a port', (name) => ['task', 'run', '--image', 'busybox:test', '-p', name], 'InvalidPort'],
  ['an amount', (name) => ['task', 'run', '--image', 'busybox:test', '--memory', name], 'InvalidSize'],
]

const KNOWN_NAMES: readonly (readonly [place: string, words: (name: string) => readonly string[], code: string])[] = [
  ['a cluster', (name) => ['cluster', 'describe', name], 'ClusterNotFoundException'],
  ['a cluster to use', (name) => ['cluster', 'use', name], 'ClusterNotFoundException'],
  ['a cluster by its flag', (name) => ['task', 'list', '--cluster', name], 'ClusterNotFoundException'],
  ['an instance', (name) => ['instance', 'describe', name], 'ContainerInstanceNotFound'],
  ['an instance to leave', (name) => ['instance', 'leave', name, '--yes'], 'ContainerInstanceNotFound'],
  ['a task', (name) => ['task', 'describe', name], 'TaskNotFound'],
  ['a task to stop', (name) => ['task', 'stop', name, '--yes'], 'TaskNotFound'],
]

describe('a hostile name', function () {
  this.timeout(60_000)
  let scene: Scene

  before(async () => {
    scene = await Scene.open()
    await resetHosts(scene.hosts)
  })

  after(() => scene.close())

  afterEach(() => {
    for (const folder of [process.cwd(), scene.session.folder]) expect(existsSync(join(folder, 'TRAP')), 'a shell ran').to.equal(false)
  })

  for (const [place, words, code, except = []] of [...NEW_NAMES, ...OTHERS])
    it(`is refused for ${place}, whatever it is made for`, async () => {
      for (const [what, name] of Object.entries(HOSTILE))
        if (!except.includes(what)) await expectHostile(words(name), {code, exitCode: 2, said: ''}, what)
    })

  for (const [place, words, code] of KNOWN_NAMES)
    it(`is found nowhere for ${place}, whatever it is made for`, async () => {
      for (const [what, name] of Object.entries(HOSTILE)) await expectHostile(words(name), {code, exitCode: 3, said: ''}, what)
    })

  it('is never taken for an option of ssh', async () => {
    const trap = `-oProxyCommand=touch ${join(scene.session.folder, 'TRAP')}`

    for (const host of [`ssh://${trap}`, `ssh://${trap}@web1`, `ssh://web1${trap}/..`])
      await expectRefused(scene, ['instance', 'join', host], {
        code: 'InvalidHost',
        exitCode: 2,
        said: /is not a host/,
        suggests: /^berth instance join local$/m,
      })
    await expectRefused(scene, ['instance', 'join', trap], {code: 'InvalidUsage', exitCode: 2, said: /has no flag/})
  })

  it('is never taken for a path of a container', async () => {
    for (const id of ['../../info', '..%2f..%2finfo', 'a/../../version', '?all=1'])
      await expectRefused(scene, ['task', 'wait', id], {code: 'TaskNotFound', exitCode: 3, said: `has no task ${JSON.stringify(id)}.`})
  })

  it('in a variable reaches the program as it is, and the terminal never', async () => {
    await scene.session.json('instance', 'join', 'local', '--name', 'local')
    const value = '$(touch TRAP) \u001b[31m `x` "\'\n'

    const {tasks} = await scene.session.json<{tasks: readonly {taskArn: string}[]}>(
      ...[
        'task',
        'run',
        '--image',
        'busybox:test',
        '--memory',
        '32',
        '--env',
        `A=${value}`,
        '--',
        'sh',
        '-c',
        'test "$A" = "$1"',
        'sh',
        value,
      ],
    )
    const told = await scene.session.berth('task', 'describe', tasks[0]?.taskArn ?? '')

    expect(told.exitCode).to.equal(0)
    expect(told.stdout).to.match(/^[^\p{Cc}\p{Cf}\n]+(\n[^\p{Cc}\p{Cf}\n]*)*$/u)
  })

  async function expectHostile(words: readonly string[], refused: Refused, what: string): Promise<void> {
    try {
      const error = await expectRefused(scene, words, refused)
      expect(error.message.length, 'characters of the message').to.be.lessThan(400)
    } catch (error) {
      throw new Error(`${what}: ${error instanceof Error ? error.message : String(error)}`, {cause: error})
    }
  }
})
