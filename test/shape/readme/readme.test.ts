// What README.md says of commands, exit codes and scripts is what the code says.
import {readFile} from 'node:fs/promises'
import {expect} from 'chai'
import {readReadme} from './files.js'
import {refreshed} from './sections.js'

/** A page that a person reads while working on the code. */
function page(name: string): Promise<string> {
  return readFile(new URL(`../../../${name}`, import.meta.url), 'utf8')
}

describe('README.md', () => {
  it('tells of the commands and exit codes of now; npm run readme writes them', async () => {
    const {current, fresh} = await readReadme()

    expect(current).to.equal(fresh)
  })

  it('is left as it is but between the markers', () => {
    const text = 'one\n<!-- words -->\nold\n<!-- end of words -->\ntwo\n'

    expect(refreshed(text, {words: 'new'})).to.equal('one\n<!-- words -->\nnew\n<!-- end of words -->\ntwo\n')
  })

  it('is refused without its markers', () => {
    expect(() => refreshed('one\n', {words: 'new'})).to.throw('<!-- words -->')
  })

  it('names only scripts that there are', async () => {
    const {scripts} = JSON.parse(await page('package.json')) as {scripts: Record<string, string>}
    const pages = await Promise.all(['README.md', 'src/README.md', 'test/README.md'].map(page))
    const named = pages.flatMap((text) => [...text.matchAll(/npm run ([a-z:]+)/g)].map(([, name]) => name))

    expect(named).to.include('demo')
    expect(Object.keys(scripts)).to.include.members(named)
  })

  it('names only files that there are', async () => {
    const text = await page('src/README.md')
    const files = [...text.matchAll(/`([a-z-]+\/[a-z/-]+\.ts)`/g)].map(([, file]) => file as string)

    expect(files).to.have.length.greaterThan(5)
    for (const file of files) expect(await page(`src/${file}`), file).not.to.equal('')
  })
})
