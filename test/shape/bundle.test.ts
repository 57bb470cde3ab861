// What the build writes is what the sources say: the committed manifest, and the bundle that the tests of the binary run.
import {execFile} from 'node:child_process'
import {cp, mkdtemp, readFile, readdir, rm, symlink} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {promisify} from 'node:util'
import {expect} from 'chai'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** A class of ours, as the bundle writes it. */
const OUR_ERRORS = /\bKnownError ?= ?class\b/

describe('the build', () => {
  let folder = ''

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'berth-build-'))
    for (const part of ['bin', 'package.json', 'src', 'tsconfig.json']) await cp(join(ROOT, part), join(folder, part), {recursive: true})
    await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
    await promisify(execFile)(process.execPath, ['bin/build.js'], {cwd: folder})
  })

  after(() => rm(folder, {force: true, recursive: true}))

  it('writes the manifest that is committed', async () => {
    expect(await readFile(join(folder, 'oclif.manifest.json'), 'utf8')).to.equal(await readFile(join(ROOT, 'oclif.manifest.json'), 'utf8'))
  })

  it('writes the parser of the query language that is committed', async () => {
    const parser = 'src/placement/query/parser.js'
    expect(await readFile(join(folder, parser), 'utf8')).to.equal(await readFile(join(ROOT, parser), 'utf8'))
  })

  it('writes the dist/ that lies here, wherever it is run', async () => {
    const files = (await readdir(join(folder, 'dist'), {recursive: true})).filter((file) => file.endsWith('.cjs')).sort()

    expect((await readdir(join(ROOT, 'dist'), {recursive: true})).filter((file) => file.endsWith('.cjs')).sort()).to.deep.equal(files)
    for (const file of files) {
      const same = (await readFile(join(folder, 'dist', file))).equals(await readFile(join(ROOT, 'dist', file)))
      expect(same, `dist/${file} is not what the sources make; run npm run build`).to.equal(true)
    }
  })

  it('keeps our own code in the main file, and heavy packages out of it', async () => {
    const main = await readFile(join(ROOT, 'dist', 'main.cjs'), 'utf8')

    expect(main).to.match(OUR_ERRORS).and.not.include('node_modules/dockerode/').and.not.include('node_modules/execa/')
    for (const file of await readdir(join(ROOT, 'dist', 'vendor'))) {
      expect(await readFile(join(ROOT, 'dist', 'vendor', file), 'utf8')).not.to.match(OUR_ERRORS)
    }
  })
})
