import {expect} from 'chai'
import {controllersIn, controllerText, leadershipOf, standbyOf} from './controller.js'

const held = (name: string, pid: number, isAlive = true) => ({name, pid, isAlive, command: 'controller run', by: 'ada@here'})

describe('controllersIn', () => {
  it('tells who leads the cluster, and who stands by', () => {
    const locks = [
      held('state', 1),
      held(leadershipOf('prod'), 2),
      held(standbyOf('prod', 'ada@here/3'), 3),
      held(leadershipOf('prod2'), 4),
      held(standbyOf('prod2', 'ada@here/5'), 5),
    ]

    const {leader, standby} = controllersIn(locks, 'prod')

    expect(leader).to.deep.equal({pid: 2, command: 'controller run', by: 'ada@here'})
    expect(standby.map(({pid}) => pid)).to.deep.equal([3])
  })

  it('counts one that died as nobody', () => {
    expect(controllersIn([held(leadershipOf('prod'), 2, false)], 'prod')).to.deep.equal({standby: []})
  })
})

describe('controllerText', () => {
  it('names host and process, as far as they are known', () => {
    expect(controllerText({by: 'ada@here', pid: 7})).to.equal('ada@here (process 7)')
    expect(controllerText({pid: 7})).to.equal('this machine (process 7)')
  })
})
