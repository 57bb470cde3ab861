import {expect} from 'chai'
import {z} from 'zod'
import {HONOURED, NOTED, REFUSED} from '../../../test/support/definition-fields.js'
import {faultsOf} from '../../../test/support/definition-faults.js'
import {WHOLE_DEFINITION, WHOLE_TAGS} from '../../../test/support/whole-definition.js'
import {definitionNotes} from './notes.js'
import {checkDefinition} from './parse.js'
import {TASK_DEFINITION} from './schema.js'

/** Every field of the schema, the fields of an object for the object; `[]` for the items of a list. */
function fieldsOf(schema: unknown, path = ''): readonly string[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return fieldsOf(schema.unwrap(), path)
  if (schema instanceof z.ZodArray) return fieldsOf(schema.element, `${path}[]`)
  if (!(schema instanceof z.ZodObject)) return [path]
  return Object.entries(schema.shape).flatMap(([name, field]) => fieldsOf(field, path === '' ? name : `${path}.${name}`))
}

/** Every field that stands in the value, as `fieldsOf` names them; a map counts as one. */
function fieldsIn(value: unknown, path = ''): readonly string[] {
  if (known.has(path)) return [path]
  if (Array.isArray(value)) return value.flatMap((item) => fieldsIn(item, `${path}[]`))
  if (typeof value !== 'object' || value === null) return [path]
  return Object.entries(value).flatMap(([name, field]) => fieldsIn(field, path === '' ? name : `${path}.${name}`))
}

const known = new Set(fieldsOf(TASK_DEFINITION))

/** `value` under the names of `path`, in lists where it says so. */
function standingAt(path: string, value: unknown): unknown {
  return path.split('.').reduceRight<unknown>((inside, name) => {
    const [field = name, isList] = name.split('[')
    return {[field]: isList === undefined ? inside : [inside]}
  }, value)
}

describe('every field of a task definition', () => {
  it('is honoured, noted or refused, and only one of them', () => {
    const listed = [...HONOURED, ...NOTED, ...Object.keys(REFUSED)]

    expect([...listed].sort()).to.deep.equal([...known].sort())
  })

  it('stays as it is when it is honoured or noted', () => {
    const {document, tags} = checkDefinition({...WHOLE_DEFINITION, tags: WHOLE_TAGS}, 'whole.json')

    expect([...new Set(fieldsIn({...document, tags}))].sort(), 'all are there').to.deep.equal(
      [...HONOURED, ...NOTED].filter((field) => field !== 'memory').sort(),
    )
    expect(document).to.deep.equal(WHOLE_DEFINITION)
    expect(tags).to.deep.equal(WHOLE_TAGS)
  })

  for (const field of NOTED)
    it(`has a note: ${field}`, () => {
      const document = checkDefinition(field === 'memory' ? {...WHOLE_DEFINITION, memory: '512'} : WHOLE_DEFINITION, 'whole.json').document

      const noted = definitionNotes(document).map(({path}) => path.replace(/\[\d+\]/g, '[]'))
      expect(
        noted.some((path) => field === path || field.startsWith(`${path}.`) || field.startsWith(`${path}[`)),
        noted.join(', '),
      ).to.equal(true)
    })

  for (const [field, value] of Object.entries(REFUSED))
    it(`is refused by name: ${field}`, () => {
      const faults = faultsOf(() => checkDefinition(standingAt(field, value), 'refused.json'))

      const fault = faults.find(({path}) => path.replace(/\[\d+\]/g, '[]') === field)
      expect(fault).to.include({code: 'UnsupportedFeatureException'})
      expect(fault?.rule).to.match(/^cannot be had: .{20,}/)
    })
})
