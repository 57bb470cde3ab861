import {expect} from 'chai'
import {aDefinition, aDocument, LONG_AGO} from '../../test/support/build.js'
import {taskDefinitionJson} from './task-definitions.js'

describe('taskDefinitionJson', () => {
  it('tells the document as it was registered, and what registering added', () => {
    const document = {...aDocument({memoryReservation: 32}), cpu: '256'}

    expect(JSON.parse(JSON.stringify(taskDefinitionJson(aDefinition({document, revision: 7, status: 'INACTIVE'}))))).to.deep.equal({
      taskDefinitionArn: 'arn:aws:ecs:local:000000000000:task-definition/web:7',
      family: 'web',
      cpu: '256',
      containerDefinitions: document.containerDefinitions,
      revision: 7,
      status: 'INACTIVE',
      volumes: [],
      requiresAttributes: [{name: 'com.amazonaws.ecs.capability.docker-remote-api.1.21'}],
      placementConstraints: [],
      compatibilities: ['EXTERNAL', 'EC2'],
      registeredAt: LONG_AGO,
    })
  })
})
