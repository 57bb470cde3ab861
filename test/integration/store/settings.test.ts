import {mkdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {expect} from 'chai'
import type {KnownError} from '../../../src/errors.js'
import {SettingsFile} from '../../../src/store/settings.js'
import {StateFolder} from '../../support/state-folder.js'

describe('SettingsFile', () => {
  let folder: StateFolder
  let settings: SettingsFile
  beforeEach(() => {
    folder = new StateFolder()
    settings = new SettingsFile(join(folder.path, 'berth'))
  })
  afterEach(() => folder.remove())

  it('finds no settings where nobody wrote, and makes nothing', async () => {
    expect(await settings.read()).to.deep.equal({})
    expect(() => statSync(dirname(settings.location))).to.throw('ENOENT')
  })

  it('reads what it wrote, from a file for its owner only', async () => {
    await settings.write({currentCluster: 'prod'})

    expect(await settings.read()).to.deep.equal({currentCluster: 'prod'})
    expect(statSync(settings.location).mode & 0o777).to.equal(0o600)
    expect(statSync(dirname(settings.location)).mode & 0o777).to.equal(0o700)
  })

  it('forgets a setting that is written without', async () => {
    await settings.write({currentCluster: 'prod'})
    await settings.write({})

    expect(await settings.read()).to.deep.equal({})
  })

  it('keeps what it does not know', async () => {
    mkdirSync(dirname(settings.location))
    writeFileSync(settings.location, '{"later": {"a": [1]}}')
    await settings.write({currentCluster: 'prod'})

    expect(JSON.parse(readFileSync(settings.location, 'utf8'))).to.deep.equal({currentCluster: 'prod', later: {a: [1]}})
  })

  for (const text of ['', '{', '[]', 'null', '{"currentCluster": 3}'])
    it(`refuses a file that holds ${text || 'nothing'}, and leaves it as it is`, async () => {
      mkdirSync(dirname(settings.location))
      writeFileSync(settings.location, text)

      const error: KnownError = await settings.read().then(
        () => expect.fail('It did not throw.'),
        (thrown: KnownError) => thrown,
      )

      expect(error).to.include({code: 'SettingsCorrupt', exitCode: 8})
      expect(error.message).to.include(settings.location)
      expect(error.suggestions[0]).to.equal(`mv ${settings.location} ${settings.location}.broken`)
      expect(readFileSync(settings.location, 'utf8')).to.equal(text)
    })

  it('does not write over a broken file', async () => {
    mkdirSync(dirname(settings.location))
    writeFileSync(settings.location, '{')

    expect(await settings.write({currentCluster: 'prod'}).catch((error: unknown) => error)).to.have.property('code', 'SettingsCorrupt')
    expect(readFileSync(settings.location, 'utf8')).to.equal('{')
  })

  it('says that they cannot be written where the folder cannot be made', async () => {
    rmSync(folder.path, {recursive: true})
    writeFileSync(folder.path, '')

    expect(await settings.write({currentCluster: 'prod'}).catch((error: unknown) => error)).to.have.property('code', 'StateNotReadable')
  })
})
