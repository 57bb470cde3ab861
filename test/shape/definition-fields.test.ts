// A field that is said to be honoured is read by the code that runs tasks.
import {readdir, readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {expect} from 'chai'
import {HONOURED} from '../support/definition-fields.js'

const SOURCES = fileURLToPath(new URL('../../src/', import.meta.url))

/** The rooms that run tasks, and of the model what they ask about documents: neither the types alone nor what checks a definition. */
const READERS = /^(ecs|manager|placement|scheduling|tasks)\/|^model\/(port-mappings|run-document|task-definition|task-volumes)\.ts$/

/** Objects that the engine gets as they stand. */
const HANDED_ON = ['capabilities']

describe('the code that runs tasks', () => {
  let text = ''

  before(async () => {
    const names = (await readdir(SOURCES, {recursive: true})).filter((name) => READERS.test(name) && /(?<!\.test)\.ts$/.test(name))
    const texts = await Promise.all(names.map((name) => readFile(join(SOURCES, name), 'utf8')))
    // The declaration of a field's type does not read it.
    text = texts.join('\n').replace(/^ {2}readonly .*$/gm, '')
  })

  for (const field of HONOURED)
    it(`reads ${field}`, () => {
      const names = field.replaceAll('[]', '').split('.')
      const name = names.find((one) => HANDED_ON.includes(one)) ?? names.at(-1)
      expect(text).to.match(new RegExp(`\\b${name}\\b`))
    })
})
