import {expect} from 'chai'
import fc from 'fast-check'
import {faultsIn, faultsOf} from '../../../test/support/definition-faults.js'
import {WHOLE_DEFINITION, WHOLE_TAGS} from '../../../test/support/whole-definition.js'
import {checkDefinition, type ParseOptions, parseDefinition} from './parse.js'

const MINIMAL = {family: 'web', containerDefinitions: [{name: 'web', image: 'nginx:1', memory: 64}]}

const AS_YAML = `
# Comments are no part of it.
family: web
containerDefinitions:
  - name: web
    image: nginx:1
    memory: 64
`

/** What is thrown for the text. */
async function refusal(text: string, format: ParseOptions['format'] = 'json', named = 'web.json'): Promise<unknown> {
  return parseDefinition(text, {format, named}).then(
    () => undefined,
    (error: unknown) => error,
  )
}

/** The message, and all that `--json` prints beside it. */
async function told(text: string, format: ParseOptions['format'] = 'json'): Promise<string> {
  const error = await refusal(text, format)
  return `${String(error)} ${JSON.stringify(faultsIn(error))} ${String(error instanceof Error ? error.cause : '')}`
}

describe('parseDefinition', () => {
  for (const [text, format, named] of [
    [JSON.stringify(MINIMAL), 'json', 'x'],
    [`\ufeff${JSON.stringify(MINIMAL)}`, 'auto', '-'],
    [JSON.stringify(MINIMAL), 'yaml', 'x'],
    [JSON.stringify(MINIMAL), 'auto', 'web.yml'],
    [AS_YAML, 'yaml', 'x'],
    [AS_YAML, 'auto', 'web.yaml'],
    [AS_YAML, 'auto', '-'],
  ] as const)
    it(`reads ${text.trim().slice(0, 12)}... as ${format} of ${named}`, async () => {
      expect(await parseDefinition(text, {format, named})).to.deep.equal({document: MINIMAL, tags: [], notes: []})
    })

  it('refuses YAML in a file that says it is JSON', async () => {
    expect(faultsIn(await refusal(AS_YAML, 'auto'))[0]?.rule).to.include('is not JSON')
  })

  it('refuses a text longer than any definition', async () => {
    expect(faultsIn(await refusal(' '.repeat(524_289)))[0]?.rule).to.include('524289 characters')
  })

  it('never tells the value of a variable, a secret or an option, whatever is wrong around it', async () => {
    const marker = 'hunter2-MARKER'
    const container = {
      environment: {PASSWORD: marker},
      secrets: [{name: 'A', valueFrom: `vault:${marker}`}, {name: 'B', valueFrom: marker, value: marker}, marker],
      logConfiguration: {logDriver: 'splunk', options: [marker], secretOptions: marker},
      environments: marker,
    }
    const entries = [{name: 'A', value: {is: marker}}, {name: marker, valu: marker}, marker, `A=${marker}`]
    const broken = [
      {family: 'web', containerDefinitions: [container, {...container, environment: entries}]},
      {family: 'web', containerDefinitions: JSON.stringify([container])},
      {family: 'web', containerDefinitions: [JSON.stringify(container)]},
    ]

    for (const document of broken) expect(await told(JSON.stringify(document))).to.not.include(marker)
    for (const document of broken) {
      const text = JSON.stringify(document)
      for (const cut of [text.length - 2, text.indexOf(marker) + 3, text.lastIndexOf(marker) + 3]) {
        expect(await told(text.slice(0, cut))).to.not.include('hunter2')
        expect(await told(text.slice(0, cut), 'yaml')).to.not.include('hunter2')
      }
    }
  })
})

describe('checkDefinition', () => {
  it('tells all faults at once, in the order of their paths, and what follows from one not at all', () => {
    const container = {name: 'b b', image: 'x', memory: '64', essential: 'yes', dependsOn: [{containerName: 'nobody', condition: 'START'}]}
    const containers = [...Array(10).fill({name: 'a', image: 'x', memory: 4}), container]
    const faults = faultsOf(() => checkDefinition({containerDefinitions: containers, cpu: '1', colour: 'red'}, 'web.json'))

    expect(faults.slice(0, 2).map(({path}) => path)).to.deep.equal(['colour', 'containerDefinitions'])
    expect(faults.slice(-7).map(({path, value}) => [path, value])).to.deep.equal([
      ['containerDefinitions[9].name', '"a"'],
      ['containerDefinitions[10].dependsOn[0].containerName', '"nobody"'],
      ['containerDefinitions[10].essential', '"yes"'],
      ['containerDefinitions[10].memory', '"64"'],
      ['containerDefinitions[10].name', '"b b"'],
      ['cpu', '"1"'],
      ['family', undefined],
    ])
    expect(faults).to.have.lengthOf(2 + 10 + 9 + 6)
  })

  it('takes what describe-task-definition prints, and says what it leaves out', () => {
    const arn = 'arn:aws:ecs:eu-west-1:111111111111:task-definition/web:7'
    const own = {taskDefinitionArn: arn, revision: 7, status: 'ACTIVE', requiresAttributes: [], compatibilities: ['EC2']}
    const dates = {registeredAt: '2026-01-02T03:04:05Z', registeredBy: 'arn:aws:iam::111111111111:root'}
    const empty = {volumes: [], placementConstraints: []}
    const container = {cpu: 0, links: [], portMappings: [], environment: [], mountPoints: [], entryPoint: null, ulimits: null}
    const containerDefinitions = MINIMAL.containerDefinitions.map((one) => ({...one, ...container}))
    const described = {...MINIMAL, containerDefinitions, ...own, ...dates, ...empty}

    for (const printed of [described, {...described, tags: []}, {taskDefinition: described, tags: []}]) {
      const {document, notes, tags} = checkDefinition(printed, 'web.json')
      expect(document).to.deep.equal(MINIMAL)
      expect(tags).to.deep.equal([])
      expect(notes.map(({path}) => path)).to.deep.equal(Object.keys({...own, ...dates}))
    }
    expect(checkDefinition({taskDefinition: described, tags: WHOLE_TAGS}, 'x').tags).to.deep.equal(WHOLE_TAGS)
  })

  it('gives the paths of what describe-task-definition prints as they stand there', () => {
    const printed = {taskDefinition: {...MINIMAL, cpu: 'much'}, tags: [], failures: []}

    expect(faultsOf(() => checkDefinition(printed, 'x')).map(({path}) => path)).to.deep.equal(['failures', 'taskDefinition.cpu'])
  })

  for (const [field, value] of Object.entries({inferenceAccelerators: [{deviceName: 'a', deviceType: 'b'}], networkMode: 'default'}))
    it(`leaves out ${field}, with a note`, () => {
      const {document, notes} = checkDefinition({...MINIMAL, [field]: value}, 'x')

      expect(document).to.deep.equal(MINIMAL)
      expect(notes.map(({path}) => path)).to.deep.equal([field])
    })

  for (const [given, sizes] of [
    [
      {cpu: '.5 vCPU', memory: '1GB'},
      {cpu: '512', memory: '1024'},
    ],
    [
      {cpu: '1 vcpu', memory: '0.5 GB'},
      {cpu: '1024', memory: '512'},
    ],
    [
      {cpu: '192 vCPU', memory: '2048'},
      {cpu: '196608', memory: '2048'},
    ],
  ] as const)
    it(`stores ${given.cpu} and ${given.memory} as ECS does`, () =>
      expect(checkDefinition({...MINIMAL, ...given}, 'x').document).to.deep.equal({...MINIMAL, ...sizes}))

  it('runs a health check directly that does not say how, as ECS does', () => {
    const containerDefinitions = MINIMAL.containerDefinitions.map((one) => ({...one, healthCheck: {command: ['/healthcheck']}}))

    expect(checkDefinition({...MINIMAL, containerDefinitions}, 'x').document.containerDefinitions[0]?.healthCheck).to.deep.equal({
      command: ['CMD', '/healthcheck'],
    })
  })

  it('never changes what it has read once: read again, a document is the same', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), junk()), {maxLength: 4}), (changes) => {
        const first = whenValid(changed(WHOLE_DEFINITION, changes))
        if (!first) return
        const again = checkDefinition({...first.document, ...(first.tags.length > 0 ? {tags: first.tags} : {})}, 'again.json')
        expect(again.document).to.deep.equal(first.document)
        expect(again.tags).to.deep.equal(first.tags)
      }),
      {numRuns: 300},
    )
  })

  it('answers any value with a definition or with faults', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.jsonValue(),
          fc.record({taskDefinition: fc.jsonValue(), tags: fc.jsonValue()}),
          fc.record({containerDefinitions: fc.array(fc.jsonValue())}),
        ),
        (value) => {
          expect(faultsOf(() => checkDefinition(value, 'any.json'))).to.not.be.empty
        },
      ),
    )
  })
})

/** Values that the console or a careless hand puts somewhere. */
function junk(): fc.Arbitrary<unknown> {
  return fc.constantFrom(null, undefined, [], '', 0, 1, 60, '1 GB', '512', true, false, {})
}

/** `document` with the leaf of each number replaced: the same number means the same leaf. */
function changed(document: object, changes: readonly (readonly [number, unknown])[]): unknown {
  const copy = structuredClone(document)
  for (const [at, value] of changes) {
    const places = leavesOf(copy)
    const place = places[at % places.length]
    if (place) Reflect.set(place[0], place[1], value)
  }
  return copy
}

function leavesOf(value: object): readonly (readonly [object, string])[] {
  return Object.entries(value).flatMap(([key, inside]) => [
    [value, key] as const,
    ...(typeof inside === 'object' && inside !== null ? leavesOf(inside) : []),
  ])
}

function whenValid(value: unknown) {
  try {
    return checkDefinition(value, 'changed.json')
  } catch (error) {
    expect(faultsIn(error)).to.not.be.empty
    return undefined
  }
}
