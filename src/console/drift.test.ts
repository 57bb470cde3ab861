import {expect} from 'chai'
import {anInstance, LONG_AGO} from '../../test/support/build.js'
import type {Drift} from '../model/drift.js'
import {driftJson, driftView} from './drift.js'

const moved: Drift = {
  id: '0123456789ab',
  kind: 'port',
  instance: anInstance({name: 'db1'}),
  subject: 'port 8080/tcp',
  wanted: 'of task 4f1c',
  found: 'held by container \u001b[31mthief',
  adopt: {possible: true, said: 'the ports there are recorded', remedy: {kind: 'know'}},
  revert: {possible: false, said: 'it is not ours', mend: 'ssh db1 docker stop thief'},
}
const known = {id: moved.id, instanceId: moved.instance.id, kind: 'port', subject: '', found: '', by: 'ada@desk', at: LONG_AGO} as const
const silent = [{instance: 'web1', since: LONG_AGO, why: 'It is off.'}]

describe('driftView', () => {
  it('tells each drift and its answers, what it would take by hand, and who is silent', () => {
    const {ids, text} = driftView(false)({drift: [moved], ignored: [], silent})

    expect(ids).to.deep.equal([moved.id])
    expect(text.split('\n')).to.deep.equal([
      '1 drift:',
      'ID            KIND  INSTANCE  WHAT           WANTED        FOUND',
      '0123456789ab  port  db1       port 8080/tcp  of task 4f1c  held by container \ufffd[31mthief',
      '',
      'answers (--adopt, --revert or --ignore ID):',
      '0123456789ab',
      '  adopt         the ports there are recorded',
      '  revert        not possible: it is not ours',
      '  by hand       ssh db1 docker stop thief',
      `web1: unknown since ${LONG_AGO}: It is off.`,
    ])
  })

  it('tells of what is ignored by number, or with who ignored it', () => {
    const shown = {drift: [], ignored: [{drift: moved, known}], silent: []}

    expect(driftView(false)(shown).text).to.equal('No drift.\n1 ignored: berth cluster drift --all')
    expect(driftView(true)(shown).text).to.match(/ {2}IGNORED\n.* {2}by ada@desk$/)
    expect(driftView(true)(shown).ids).to.deep.equal([])
  })

  it('tells what was answered, and what is left', () => {
    const shown = {drift: [moved], ignored: [], silent: [], answered: [{drift: moved, answer: 'adopt' as const}]}

    expect(driftView(false)(shown).text).to.equal('0123456789ab adopt: port, port 8080/tcp on db1\n1 left: berth cluster drift')
    expect(driftView(false)({...shown, drift: [], answered: []}).text).to.equal('Nothing to answer.')
  })
})

describe('driftJson', () => {
  it('says of the answers what a person reads, and not what they would write', () => {
    expect(driftJson(true)({drift: [moved], ignored: [{drift: moved, known}], silent: []})).to.deep.equal({
      drift: [
        {
          id: moved.id,
          kind: 'port',
          instance: 'db1',
          subject: moved.subject,
          wanted: moved.wanted,
          found: moved.found,
          adopt: {possible: true, said: 'the ports there are recorded'},
          revert: {possible: false, said: 'it is not ours', mend: 'ssh db1 docker stop thief'},
        },
      ].flatMap((one) => [one, {...one, ignored: {by: 'ada@desk', at: LONG_AGO}}]),
      ignoredCount: 1,
      silent: [],
    })
  })
})
