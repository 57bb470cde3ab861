// Wrong words: what was meant is guessed where it is near, and nothing is touched.
import {expect} from 'chai'
import {resetHosts} from '../../support/hosts/stop.js'
import {expectRefused, type Refused, Scene} from './scene.js'

type Case = readonly [words: readonly string[], refused: Refused]

const WRONG_WORDS: readonly Case[] = [
  [
    ['clustr', 'list'],
    {code: 'UnknownCommand', exitCode: 2, said: '"clustr list" is not a berth command.', suggests: /^berth cluster list$/m},
  ],
  [['cluster', 'lsit'], {code: 'UnknownCommand', exitCode: 2, said: 'is not a berth command.', suggests: /^berth cluster list$/m}],
  [['tsk', 'run', 'web'], {code: 'UnknownCommand', exitCode: 2, said: 'is not a berth command.', suggests: /^berth task run$/m}],
  [['frobnicate'], {code: 'UnknownCommand', exitCode: 2, said: '"frobnicate" is not a berth command.', suggests: /^berth --help$/m}],
  [['\u001b[31mx'], {code: 'UnknownCommand', exitCode: 2, said: '"\\u001b[31mx" is not a berth command.'}],
  [
    ['cluster', 'list', '--jsom'],
    {code: 'InvalidUsage', exitCode: 2, said: '"berth cluster list" has no flag "--jsom".', suggests: /^berth cluster list --json$/m},
  ],
  [
    ['task', 'list', '--\u001b[31mx'],
    {code: 'InvalidUsage', exitCode: 2, said: 'has no flag "--\\u001b[31mx".', suggests: /^berth task list --help$/m},
  ],
  [['cluster', 'create', 'a', '\u001b[31mb'], {code: 'InvalidUsage', exitCode: 2, said: 'does not take the word "\\u001b[31mb".'}],
  [['cluster', 'list', '--', 'ls'], {code: 'InvalidUsage', exitCode: 2, said: 'takes no words after --.', suggests: /--help$/m}],
  [['cluster', 'use'], {code: 'InvalidUsage', exitCode: 2, said: '"berth cluster use" needs CLUSTER: ', suggests: /--help$/m}],
  [['task', 'describe'], {code: 'InvalidUsage', exitCode: 2, said: '"berth task describe" needs TASK: ', suggests: /--help$/m}],
  [['instance', 'leave'], {code: 'InvalidUsage', exitCode: 2, said: '"berth instance leave" needs INSTANCE: ', suggests: /--help$/m}],
  [['instance', 'join'], {code: 'MissingArgument', exitCode: 2, said: 'Name the host to join.', suggests: /^berth instance join local$/m}],
  [['task', 'run'], {code: 'MissingArgument', exitCode: 2, said: 'Name what to run', suggests: /^berth task run --image /m}],
  [
    ['task', 'run', 'x', '--image', 'y'],
    {code: 'InvalidUsage', exitCode: 2, said: 'not both', suggests: /^berth task run --image y -- x$/m},
  ],
]

const WRONG_VALUES: readonly Case[] = [
  [
    ['instance', 'list', '--status', '\u001b[31mx'],
    {code: 'InvalidUsage', exitCode: 2, said: 'Expected --status=\\u001b[31mx to be one of: ACTIVE, DRAINING.'},
  ],
  [
    ['task', 'run', '--image', 'x', '--count', 'many'],
    {code: 'InvalidUsage', exitCode: 2, said: 'Flag --count does not fit: expected an integer but received: many.'},
  ],
  [['task', 'run', '--image', 'x', '--count', '0'], {code: 'InvalidUsage', exitCode: 2, said: 'Flag --count does not fit'}],
  [['task', 'run', '--image', 'x', '--count', '999999999999'], {code: 'InvalidUsage', exitCode: 2, said: 'Flag --count does not fit'}],
  [['task', 'run', '--image', 'x', '--cpu', '-1'], {code: 'InvalidUsage', exitCode: 2, said: 'Flag --cpu does not fit'}],
  [['task', 'run', '--image', 'x', '--memory', 'lots'], {code: 'InvalidSize', exitCode: 2, said: '"lots" is not a size'}],
  [
    ['task', 'run', '--image', 'x', '--memory', '1'],
    {code: 'InvalidSize', exitCode: 2, said: 'at least 6; 1 was given', suggests: /--memory 64$/m},
  ],
  [
    ['task', 'run', '--image', 'x', '-p', '99999:80'],
    {code: 'InvalidPort', exitCode: 2, said: '"99999:80" is not a port to publish', suggests: /-p 8080:80$/m},
  ],
  [
    ['task', 'run', '--image', 'x', '--env', '=1'],
    {code: 'InvalidEnvironment', exitCode: 2, said: 'has no name', suggests: /--env NAME=VALUE$/m},
  ],
  [
    ['task', 'run', '--image', 'x', '--volume', './here:/there'],
    {code: 'InvalidVolume', exitCode: 2, said: 'begins with a relative path', suggests: /--volume \/srv/},
  ],
  [['task', 'stop', 'x', '--timeout', 'soon'], {code: 'InvalidDuration', exitCode: 2, said: '"soon"'}],
  [
    ['instance', 'join', 'local', '--reserve-port', '99999'],
    {code: 'InvalidResources', exitCode: 2, said: '99999 is no port', suggests: /--reserve-port 8080$/m},
  ],
  [
    ['instance', 'join', 'local', '--reserve-memory', '999g'],
    {code: 'InvalidResources', exitCode: 2, said: 'leaves nothing for tasks', suggests: /--reserve-memory \d+$/m},
  ],
  [
    ['instance', 'join', 'local', '--tlskey', 'k'],
    {code: 'InvalidUsage', exitCode: 2, said: 'TLS takes all three of', suggests: /--tlscacert/},
  ],
  [
    ['instance', 'join', 'tcp://127.0.0.1:1', '--tlscacert', '/no', '--tlscert', '/no', '--tlskey', '/no'],
    {code: 'TlsFileUnreadable', exitCode: 6, said: 'The TLS file "/no" could not be read.', suggests: /^ls -l \/no$/m},
  ],
  [['cluster', 'create', 'x', '--exit-code'], {code: 'InvalidUsage', exitCode: 2, said: '--exit-code'}],
]

describe('a command line that is wrong', function () {
  this.timeout(30_000)
  let scene: Scene

  before(async () => {
    scene = await Scene.open()
    await resetHosts(scene.hosts)
  })

  after(() => scene.close())

  for (const [words, refused] of [...WRONG_WORDS, ...WRONG_VALUES])
    it(`is refused: ${JSON.stringify(words.join(' ')).slice(1, -1)}`, async () => {
      await expectRefused(scene, words, refused)
    })

  it('that names a cluster nearly tells the one that was meant', async () => {
    const {suggestions} = await expectRefused(scene, ['cluster', 'describe', 'prd'], {
      code: 'ClusterNotFoundException',
      exitCode: 3,
      said: 'Cluster "prd" does not exist.',
    })

    expect(suggestions[0]).to.equal('berth cluster describe prod')
  })
})
