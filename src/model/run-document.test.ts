import {expect} from 'chai'
import {isInternal, PAUSE_CONTAINER, runDocument} from './run-document.js'
import type {TaskDefinitionDocument} from './task-definition.js'
import {mainContainer} from './task-definition.js'

const document: TaskDefinitionDocument = {
  family: 'web',
  containerDefinitions: [
    {name: 'app', image: 'app:1', dependsOn: [{containerName: 'db', condition: 'START'}]},
    {name: 'db', image: 'db:1'},
  ],
}

describe('runDocument', () => {
  it('is the definition itself where nothing is shared', () => expect(runDocument(document)).to.deep.equal(document))

  it('applies the overrides of the run', () => {
    const run = runDocument(document, {cpu: '512', containerOverrides: [{name: 'app', command: ['date']}]})

    expect(run.cpu).to.equal('512')
    expect(run.containerDefinitions[0]?.command).to.deep.equal(['date'])
  })

  for (const shared of [{networkMode: 'awsvpc'}, {pidMode: 'task'}, {ipcMode: 'task'}] as const)
    it(`adds the container that holds what is shared, after which all others start (${JSON.stringify(shared)})`, () => {
      const run = runDocument({...document, ...shared})

      expect(run.containerDefinitions.map(({name}) => name)).to.deep.equal(['app', 'db', PAUSE_CONTAINER])
      expect(run.containerDefinitions[0]?.dependsOn).to.deep.equal([
        {containerName: PAUSE_CONTAINER, condition: 'START'},
        {containerName: 'db', condition: 'START'},
      ])
      expect(mainContainer(run).name).to.equal('app')
      expect(run.containerDefinitions.filter(({name}) => isInternal(name))).to.have.length(1)
    })
})
