// What is handed on passes AWS's own shapes: those that the SDK is generated from, walked by hand, and the SDK's own serializer, which drops what it does
// not know. No engine is needed, and nothing is sent.
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {Readable} from 'node:stream'
import {fileURLToPath} from 'node:url'
import * as ecs from '@aws-sdk/client-ecs'
import {expect} from 'chai'
import type {Described} from '../../../src/ecs/described.js'
import {registrationJson} from '../../../src/ecs/task-definitions.js'
import {definitionDiff} from '../../../src/model/definition-diff.js'
import {checkDefinition, parseDefinition} from '../../../src/model/definition/parse.js'

const FOLDER = fileURLToPath(new URL('../../data/task-definitions/', import.meta.url))

/** The compiler holds what is exported against the input of the SDK's command. */
const exported = (definition: Parameters<typeof registrationJson>[0]) =>
  registrationJson(definition) satisfies Described<ecs.RegisterTaskDefinitionCommandInput>

const {files} = JSON.parse(readFileSync(join(FOLDER, 'index.json'), 'utf8')) as {
  readonly files: readonly {readonly file: string; readonly valid_in_aws_model: boolean}[]
}

/** What publishers left open, filled in as they say. */
function textOf(file: string): string {
  return readFileSync(join(FOLDER, file), 'utf8')
    .replaceAll('{{networkmode}}', 'bridge')
    .replaceAll('{{launchtype}}', 'EC2')
    .replaceAll('{INSERT ticket/issue ID}', '1')
    .replaceAll(/"\{(?:INSERT|\{)[^"]*image\}*"/gi, '"app:1"')
}

describe('the export of a published definition', () => {
  for (const {file} of files.filter((one) => one.valid_in_aws_model))
    it(`of ${file} passes AWS's shapes, whole, and reads as the same definition`, async () => {
      const {document, tags} = await parseDefinition(textOf(file), {format: 'json', named: file})

      const sent = exported({document, tags})

      expect(strangers(ecs.RegisterTaskDefinitionRequest$, sent, '')).to.deep.equal([])
      expect(await serialized(sent)).to.deep.equal(sent)
      const again = checkDefinition(JSON.parse(JSON.stringify(sent)), file)
      expect(definitionDiff(document, again.document)).to.deep.equal([])
      expect(again.tags).to.deep.equal(tags)
    })

  it('would not pass with a field that AWS does not know, or one of another kind', async () => {
    const wrong = {family: 'web', containerDefinitions: [{name: 'app', image: 'a:1', berth: 1, cpu: '1', essential: 'yes'}]}

    expect(strangers(ecs.RegisterTaskDefinitionRequest$, wrong, '')).to.deep.equal([
      '.containerDefinitions[0].berth',
      '.containerDefinitions[0].cpu',
      '.containerDefinitions[0].essential',
    ])
    expect(await serialized(wrong as never)).to.not.deep.equal(wrong)
  })
})

/** The body that the SDK would send. */
async function serialized(input: ReturnType<typeof exported>): Promise<unknown> {
  let body: unknown
  const client = new ecs.ECSClient({
    credentials: {accessKeyId: 'none', secretAccessKey: 'none'},
    region: 'local',
    requestHandler: {
      handle: async (request: {readonly body: unknown}) => {
        body = request.body
        return {response: {statusCode: 200, headers: {'content-type': 'application/x-amz-json-1.1'}, body: Readable.from(['{}'])}}
      },
    } as never,
  })
  await client.send(new ecs.RegisterTaskDefinitionCommand(input as ecs.RegisterTaskDefinitionCommandInput))
  return JSON.parse(Buffer.from(body as string).toString())
}

// The SDK's schemas (smithy-typescript, static schemas): simple ones are numbers, with 64 for a list and 128 for a map of them; others are tuples.
const LIST = 64
const MAP = 128
const KINDS: Readonly<Record<number, string>> = {0: 'string', 1: 'number', 2: 'boolean'}

/** The places of `value` that the schema does not know, or that are of another kind. */
function strangers(schema: unknown, value: unknown, path: string): readonly string[] {
  if (typeof schema === 'function') return strangers(schema(), value, path)
  if (typeof schema === 'number') {
    if (schema >= MAP) return eachOf(value, path, 'object', (one, at) => strangers(schema - MAP, one, at))
    if (schema >= LIST) return eachOf(value, path, 'array', (one, at) => strangers(schema - LIST, one, at))
    return typeof value === (KINDS[schema] ?? 'string') ? [] : [path]
  }
  const [kind, ...parts] = schema as readonly [number, ...unknown[]]
  if (typeof kind !== 'number') return strangers(kind, value, path)
  if (kind === 0) return strangers(parts[3], value, path)
  if (kind === 1) return eachOf(value, path, 'array', (one, at) => strangers(parts[3], one, at))
  if (kind === 2) return eachOf(value, path, 'object', (one, at) => strangers(parts[4], one, at))
  const names = parts[3] as readonly string[]
  const schemas = parts[4] as readonly unknown[]
  return eachOf(value, path, 'object', (one, at, name) => (names.includes(name) ? strangers(schemas[names.indexOf(name)], one, at) : [at]))
}

function eachOf(
  value: unknown,
  path: string,
  kind: 'array' | 'object',
  strangersIn: (one: unknown, at: string, name: string) => readonly string[],
): readonly string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value) !== (kind === 'array')) return [path]
  const at = (name: string) => (kind === 'array' ? `${path}[${name}]` : `${path}.${name}`)
  return Object.entries(value).flatMap(([name, one]) => strangersIn(one, at(name), name))
}
