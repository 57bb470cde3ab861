// The state itself: its revisions, what changed between them, and the way back, beside tasks on a real host.
import {symlinkSync} from 'node:fs'
import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {expect} from 'chai'
import type {State} from '../../../src/model/state.js'
import type {Change} from '../../../src/world/store.js'
import {SystemProcesses} from '../../../src/system/process-identity.js'
import {expectRefused} from '../bad-input/scene.js'
import {Stage} from './stage.js'

describe('the state', function () {
  this.timeout(60_000)
  let stage: Stage

  beforeEach(async () => {
    stage = await Stage.open(['local'])
  })

  afterEach(() => stage.close())

  const history = async () => (await stage.session.json<{readonly history: readonly Change[]}>('state', 'history')).history

  it('tells every commit, the newest first, and what it changed', async () => {
    const id = await stage.launch([])
    await stage.session.text('task', 'stop', '--timeout', '1', id)
    const commits = await history()
    const text = await stage.session.text('state', 'history', '--limit', '2')
    const stopping = commits.findLast(({command}) => command === 'task stop')
    const diff = await stage.session.text('state', 'diff', String((stopping?.revision ?? 0) - 1), String(stopping?.revision))

    expect(commits.map(({revision}) => revision)).to.deep.equal(commits.map((_, index) => commits.length - index))
    expect(commits.map(({command}) => command)).to.include.members(['cluster create', 'instance join', 'task run', 'task stop'])
    expect(text.split('\n')).to.have.length(3)
    expect(diff).to.match(new RegExp(`^~ tasks/${id}\\n(.*\\n)*    desiredStatus: "RUNNING" -> "STOPPED"$`, 'm'))
    expect(await stage.session.text('state', 'diff', 'newest')).to.equal('Nothing changed.')
  })

  it('becomes what it was, as a new revision, and a look tells what became of the tasks', async () => {
    const id = await stage.launch([])
    const {revision} = await stage.session.json<State>('state', 'show')
    await stage.session.text('task', 'stop', '--timeout', '1', id)

    const dry = await stage.session.text('state', 'restore', String(revision), '--dry-run')
    const declined = await stage.session.berth('state', 'restore', String(revision))
    await stage.session.text('state', 'restore', String(revision), '--yes')
    const cached = await stage.session.text('task', 'list', '--cached', '-q')
    const seen = await stage.session.text('task', 'list', '-q')

    expect(dry).to.match(new RegExp(`^restore the state of revision ${revision}: 1 record changes \\(it is at revision \\d+\\)$`, 'm'))
    expect(declined.exitCode).to.equal(10)
    expect([cached, seen]).to.deep.equal([id, ''])
    expect((await history())[0]?.revision).to.be.greaterThan(revision)
  })

  it('is printed and pushed back, but never over another one unless that is said', async () => {
    const kept = join(stage.session.folder, 'kept.json')
    await writeFile(kept, await stage.session.text('state', 'show'))
    await stage.session.json('cluster', 'create', 'other')

    await stage.session.text('state', 'push', kept, '--yes')
    const state = await stage.session.json<State>('state', 'pull')
    await writeFile(kept, JSON.stringify({...state, lineage: 'f'.repeat(32)}))

    expect(Object.values(state.clusters).map(({name}) => name)).to.deep.equal(['prod'])
    await expectRefused(stage.scene, ['state', 'push', kept, '--yes'], {
      code: 'ForeignState',
      exitCode: 4,
      said: /^That state is of another lineage than the one at /,
      suggests: /^berth state push FILE --any-lineage$/m,
    })
    expect(await stage.session.text('state', 'push', kept, '--any-lineage', '--dry-run')).to.match(
      /^note: the state is as it was at revision /,
    )
    expect(await stage.session.text('state', 'path')).to.equal(stage.session.stateFile)
  })

  it('refuses revisions that are none', async () => {
    await expectRefused(stage.scene, ['state', 'show', '999'], {
      code: 'RevisionNotKept',
      exitCode: 3,
      said: /^Revision 999 of the state ".*" is not kept\.$/,
      suggests: /^berth state history /m,
    })
    await expectRefused(stage.scene, ['state', 'diff', 'first'], {
      code: 'InvalidRevision',
      exitCode: 2,
      said: '"first" is no revision of the state: give its number, or newest.',
    })
  })

  it('tells who holds it, and lets go of a lock only by force while its holder lives', async () => {
    const {startedAt} = new SystemProcesses().of(process.pid)
    const holder = {...new SystemProcesses().self(), startedAt, command: 'task run', since: '2026-01-02T03:04:05.000Z'}
    symlinkSync(JSON.stringify(holder), `${stage.session.stateFile}.lock`)

    const listed = await stage.session.text('state', 'lock', 'list')
    await expectRefused(stage.scene, ['state', 'unlock'], {
      code: 'LockHeld',
      exitCode: 4,
      said: new RegExp(`^"state" is held by process ${process.pid}, "berth task run", which lives`),
      suggests: /^berth state unlock state --force$/m,
    })
    await stage.session.text('state', 'unlock', '--force')

    expect(listed).to.match(new RegExp(`^state +${process.pid} +task run +2026-01-02T03:04:05\\.000Z +lives$`, 'm'))
    expect(await stage.session.text('state', 'lock', 'list')).to.equal('Nothing is locked.')
    await expectRefused(stage.scene, ['state', 'unlock', 'nothing'], {
      code: 'LockNotFound',
      exitCode: 3,
      said: 'Nothing is locked as "nothing".',
    })
  })
})
