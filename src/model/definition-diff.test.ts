import {expect} from 'chai'
import fc from 'fast-check'
import {definitionDiff, differenceText} from './definition-diff.js'
import type {TaskDefinitionDocument} from './task-definition.js'

const web: TaskDefinitionDocument = {
  family: 'web',
  cpu: '256',
  containerDefinitions: [
    {name: 'app', image: 'nginx:1', command: ['a', 'b'], environment: [{name: 'A', value: '1'}], portMappings: [{containerPort: 80}]},
    {name: 'log', image: 'log:1'},
  ],
  volumes: [{name: 'data'}],
}

describe('definitionDiff', () => {
  it('finds what changed, came and went, by names', () => {
    const other: TaskDefinitionDocument = {
      ...web,
      containerDefinitions: [
        {name: 'log', image: 'log:1'},
        {
          name: 'app',
          image: 'nginx:2',
          command: ['b', 'a'],
          environment: [{name: 'B', value: '2'}],
          portMappings: [{containerPort: 80, hostPort: 8080}],
        },
      ],
      volumes: [],
      memory: '512',
    }

    expect(definitionDiff(web, other).map(differenceText)).to.deep.equal([
      '  containerDefinitions[app].command: ["a","b"] -> ["b","a"]',
      '- containerDefinitions[app].environment[A].name: "A"',
      '- containerDefinitions[app].environment[A].value: "1"',
      '+ containerDefinitions[app].environment[B].name: "B"',
      '+ containerDefinitions[app].environment[B].value: "2"',
      '  containerDefinitions[app].image: "nginx:1" -> "nginx:2"',
      '+ containerDefinitions[app].portMappings[80].hostPort: 8080',
      '+ memory: "512"',
      '- volumes[data].name: "data"',
    ])
  })

  it('finds nothing where only the order of named things differs', () => {
    expect(definitionDiff(web, {...web, containerDefinitions: [...web.containerDefinitions].reverse()})).to.deep.equal([])
  })

  const document = fc.record({
    family: fc.constant('web'),
    cpu: fc.constantFrom('256', '512'),
    containerDefinitions: fc.uniqueArray(
      fc.record({
        name: fc.constantFrom('a', 'b', 'c'),
        image: fc.constantFrom('x:1', 'x:2'),
        environment: fc.array(fc.record({name: fc.constantFrom('A', 'B'), value: fc.string()}), {maxLength: 3}),
        command: fc.array(fc.constantFrom('p', 'q'), {maxLength: 2}),
      }),
      {selector: ({name}) => name, minLength: 1, maxLength: 3},
    ),
  })

  it('is empty for a definition and itself, and only for what is the same', () => {
    fc.assert(
      fc.property(document, (one) => {
        expect(definitionDiff(one, structuredClone(one))).to.deep.equal([])
      }),
    )
  })

  it('turns its sides round when it is asked the other way round', () => {
    fc.assert(
      fc.property(document, document, (a, b) => {
        const turned = definitionDiff(b, a).map(({from, path, to}) => ({
          path,
          ...(to === undefined ? {} : {from: to}),
          ...(from === undefined ? {} : {to: from}),
        }))
        expect(definitionDiff(a, b)).to.deep.equal(turned)
      }),
    )
  })
})
