import {expect} from 'chai'
import fc from 'fast-check'
import type {ContainerDefinition, DependencyCondition} from '../model/container-definition.js'
import type {TaskDefinitionDocument} from '../model/task-definition.js'
import type {DesiredStatus} from '../model/task.js'
import type {ContainerFacts, TaskFacts} from './container-facts.js'
import {nextSteps} from './containers.js'
import {requirementsOf} from './dependencies.js'

const NOW = 1_000_000

const NONE: ContainerFacts = {phase: 'none'}
const CREATED: ContainerFacts = {phase: 'created'}
const RUNNING: ContainerFacts = {phase: 'running', startedAt: NOW - 1000}
const exited = (exitCode: number): ContainerFacts => ({phase: 'stopped', exitCode, startedAt: NOW - 2000, finishedAt: NOW - 1000})
/** It could not be made or started. */
const FAILED: ContainerFacts = {phase: 'stopped'}

function aTaskOf(...containers: readonly Partial<ContainerDefinition>[]): TaskDefinitionDocument {
  return {family: 'web', containerDefinitions: containers.map((said, index) => ({name: `c${index}`, image: 'app:1', ...said}))}
}

/** `app` waits for `init`, which is not essential. */
function waiting(condition: DependencyCondition, init: Partial<ContainerDefinition> = {}): TaskDefinitionDocument {
  return aTaskOf({name: 'app', dependsOn: [{containerName: 'init', condition}]}, {name: 'init', essential: false, ...init})
}

const kinds = (document: TaskDefinitionDocument, facts: TaskFacts, desired: DesiredStatus = 'RUNNING') =>
  nextSteps(document, desired, facts, NOW).steps.map((step) => `${step.kind} ${step.container.name}`)

describe('nextSteps', () => {
  const pair = aTaskOf({name: 'app', stopTimeout: 5}, {name: 'log', essential: false})

  it('creates every container of a new task', () => {
    expect(kinds(pair, {})).to.deep.equal(['create app', 'create log'])
  })

  it('starts what is created and leaves what runs', () => {
    expect(kinds(pair, {app: CREATED, log: RUNNING})).to.deep.equal(['start app'])
  })

  it('is done when all run', () => {
    expect(kinds(pair, {app: RUNNING, log: RUNNING})).to.deep.equal([])
  })

  it('leaves the task running when a container stops that is not essential', () => {
    expect(kinds(pair, {app: RUNNING, log: exited(1)})).to.deep.equal([])
  })

  it('stops the rest when an essential container has stopped', () => {
    expect(kinds(pair, {app: exited(0), log: RUNNING})).to.deep.equal(['stop log'])
  })

  it('starts nothing for a task that is wanted stopped', () => {
    expect(kinds(pair, {app: CREATED}, 'STOPPED')).to.deep.equal([])
  })

  it('stops with the timeout of the definition, or thirty seconds', () => {
    const {steps} = nextSteps(pair, 'STOPPED', {app: RUNNING, log: RUNNING}, NOW)

    expect(steps.map((step) => (step.kind === 'stop' ? step.timeoutSeconds : undefined))).to.deep.equal([5, 30])
  })

  describe('with a dependency', () => {
    const table: readonly [DependencyCondition, ContainerFacts, string[]][] = [
      ['START', NONE, ['create init']],
      ['START', CREATED, ['start init']],
      ['START', RUNNING, ['create app']],
      ['START', exited(1), ['create app']],
      ['START', FAILED, ['giveUp app']],
      ['COMPLETE', RUNNING, []],
      ['COMPLETE', exited(3), ['create app']],
      ['COMPLETE', FAILED, ['giveUp app']],
      ['SUCCESS', RUNNING, []],
      ['SUCCESS', exited(0), ['create app']],
      ['SUCCESS', exited(3), ['giveUp app']],
      ['HEALTHY', RUNNING, []],
      ['HEALTHY', {...RUNNING, health: 'UNKNOWN'}, []],
      ['HEALTHY', {...RUNNING, health: 'UNHEALTHY'}, []],
      ['HEALTHY', {...RUNNING, health: 'HEALTHY'}, ['create app']],
      ['HEALTHY', {...exited(0), health: 'HEALTHY'}, ['giveUp app']],
    ]
    for (const [condition, init, expected] of table)
      it(`on ${condition}, seen as ${JSON.stringify(init)}: ${expected.join(', ') || 'waits'}`, () => {
        expect(kinds(waiting(condition), {init})).to.deep.equal(expected)
      })

    it('says of a wait that is over what happened to whom', () => {
      const [step] = nextSteps(waiting('SUCCESS'), 'RUNNING', {init: exited(3)}, NOW).steps

      expect(step).to.include({kind: 'giveUp', because: 'container "init" exited 3, and SUCCESS was waited for'})
    })

    it('waits as long as the start timeout of the dependency, and wakes then', () => {
      const document = waiting('HEALTHY', {startTimeout: 10})

      expect(nextSteps(document, 'RUNNING', {init: RUNNING}, NOW)).to.deep.equal({steps: [], wakeAt: NOW - 1000 + 10_000})
      expect(nextSteps(document, 'RUNNING', {init: RUNNING}, NOW + 9000).steps.map(({kind}) => kind)).to.deep.equal(['giveUp'])
    })

    it('never gives up a wait for START by a timeout', () => {
      expect(kinds(waiting('START', {startTimeout: 1}), {init: {...CREATED, startedAt: NOW - 60_000}})).to.deep.equal(['start init'])
    })

    it('waits for what is linked to to run, and for what has the volumes to be there', () => {
      const document = aTaskOf(
        {name: 'app', links: ['db:database'], volumesFrom: [{sourceContainer: 'data'}]},
        {name: 'db'},
        {name: 'data'},
      )

      expect(kinds(document, {db: RUNNING, data: NONE})).to.deep.equal(['create data'])
      expect(kinds(document, {db: CREATED, data: CREATED})).to.deep.equal(['start db', 'start data'])
      expect(kinds(document, {db: RUNNING, data: CREATED})).to.deep.equal(['create app', 'start data'])
    })

    it('stops in the reverse order', () => {
      const chain = aTaskOf(
        {name: 'a'},
        {name: 'b', dependsOn: [{containerName: 'a', condition: 'START'}]},
        {name: 'c', dependsOn: [{containerName: 'b', condition: 'START'}]},
      )

      expect(kinds(chain, {a: RUNNING, b: RUNNING, c: RUNNING}, 'STOPPED')).to.deep.equal(['stop c'])
      expect(kinds(chain, {a: RUNNING, b: RUNNING, c: exited(0)}, 'STOPPED')).to.deep.equal(['stop b'])
      expect(kinds(chain, {a: RUNNING, b: exited(0), c: exited(0)}, 'STOPPED')).to.deep.equal(['stop a'])
    })
  })

  describe('with a restart policy', () => {
    const kept = (said: Partial<NonNullable<ContainerDefinition['restartPolicy']>>) =>
      aTaskOf({name: 'app', restartPolicy: {enabled: true, restartAttemptPeriod: 60, ...said}})
    const ran = (seconds: number, exitCode = 1): ContainerFacts => ({
      phase: 'stopped',
      exitCode,
      startedAt: NOW - seconds * 1000,
      finishedAt: NOW,
    })

    it('starts again what ran for its period, whatever its code', () => {
      expect(kinds(kept({}), {app: ran(60)})).to.deep.equal(['start app'])
      expect(kinds(kept({}), {app: ran(60, 0)})).to.deep.equal(['start app'])
    })

    it('leaves what ran for less, what ended with an ignored code, and all of a task that is wanted stopped', () => {
      expect(kinds(kept({}), {app: ran(59)})).to.deep.equal([])
      expect(kinds(kept({ignoredExitCodes: [0, 3]}), {app: ran(60, 3)})).to.deep.equal([])
      expect(kinds(kept({enabled: false}), {app: ran(600)})).to.deep.equal([])
      expect(kinds(kept({}), {app: ran(600)}, 'STOPPED')).to.deep.equal([])
    })

    it('counts five minutes where the policy names no period', () => {
      const document = aTaskOf({name: 'app', restartPolicy: {enabled: true}})

      expect(kinds(document, {app: ran(299)})).to.deep.equal([])
      expect(kinds(document, {app: ran(300)})).to.deep.equal(['start app'])
    })
  })
})

describe('nextSteps, over whole lives', () => {
  const CONDITIONS: readonly DependencyCondition[] = ['START', 'COMPLETE', 'SUCCESS', 'HEALTHY']

  /** Up to five containers; each may depend on those before it, so there is no circle. */
  const aDefinition = fc
    .array(
      fc.record({
        essential: fc.boolean(),
        needs: fc.array(fc.record({on: fc.nat(4), condition: fc.constantFrom(...CONDITIONS)}), {maxLength: 2}),
        restarts: fc.boolean(),
        startTimeout: fc.option(fc.integer({min: 2, max: 10}), {nil: undefined}),
      }),
      {minLength: 1, maxLength: 5},
    )
    .map((said) => {
      const containers = said.map(({essential, needs, restarts, startTimeout}, index): ContainerDefinition => {
        const dependsOn = needs.flatMap(({condition, on}) => (on < index ? [{containerName: `c${on}`, condition}] : []))
        return {
          name: `c${index}`,
          image: 'app:1',
          essential: essential || index === said.length - 1,
          dependsOn,
          ...(restarts ? {restartPolicy: {enabled: true, restartAttemptPeriod: 60}} : {}),
          ...(startTimeout === undefined ? {} : {startTimeout}),
        }
      })
      return {family: 'web', containerDefinitions: containers} satisfies TaskDefinitionDocument
    })

  /** What happens by itself in each round: to whom, and what. */
  const happenings = fc.array(
    fc.record({who: fc.nat(4), what: fc.constantFrom('dies', 'dies well', 'heals', 'sickens', 'nothing'), stops: fc.nat(40)}),
    {minLength: 60, maxLength: 60},
  )

  interface Life {
    readonly facts: TaskFacts
    readonly desired: DesiredStatus
    readonly now: number
  }

  /** Lives a task to its end, and tells each step with the facts it was taken on. */
  function live(
    document: TaskDefinitionDocument,
    happens: readonly {readonly who: number; readonly what: string; readonly stops: number}[],
    told: (step: ReturnType<typeof nextSteps>['steps'][number], life: Life) => void,
  ): Life & {readonly rounds: number} {
    let life: Life = {facts: {}, desired: 'RUNNING', now: NOW}
    for (const [round, {stops, what, who}] of happens.entries()) {
      const {steps, wakeAt} = nextSteps(document, life.desired, life.facts, life.now)
      for (const step of steps) told(step, life)
      let {desired} = life
      const facts: Record<string, ContainerFacts> = {...life.facts}
      for (const step of steps) {
        const {name} = step.container
        if (step.kind === 'create') facts[name] = {phase: 'created'}
        else if (step.kind === 'start') facts[name] = {phase: 'running', startedAt: life.now}
        else if (step.kind === 'stop') facts[name] = {...facts[name], phase: 'stopped', exitCode: 137, finishedAt: life.now}
        else desired = 'STOPPED'
      }
      const happened = facts[`c${who}`]
      if (steps.length === 0 && happened?.phase === 'running') {
        if (what.startsWith('dies'))
          facts[`c${who}`] = {...happened, phase: 'stopped', exitCode: what === 'dies' ? 1 : 0, finishedAt: life.now}
        else if (what !== 'nothing') facts[`c${who}`] = {...happened, health: what === 'heals' ? 'HEALTHY' : 'UNHEALTHY'}
      }
      if (stops === 0) desired = 'STOPPED'
      life = {facts, desired, now: Math.max(life.now + 1000, wakeAt ?? 0)}
      const isOver = desired === 'STOPPED' && Object.values(facts).every(({phase}) => phase !== 'running')
      if (isOver) return {...life, rounds: round}
    }
    return {...life, rounds: happens.length}
  }

  it('never starts a container before its conditions hold', () => {
    fc.assert(
      fc.property(aDefinition, happenings, (document, happens) => {
        live(document, happens, (step, {facts}) => {
          if (step.kind !== 'start' && step.kind !== 'create') return
          for (const {condition, on} of requirementsOf(step.container)) {
            const dependency = facts[on]
            if (facts[step.container.name]?.phase === 'stopped') continue
            if (condition === 'SUCCESS') expect(dependency).to.include({phase: 'stopped', exitCode: 0})
            else if (condition === 'COMPLETE') expect(dependency).to.include({phase: 'stopped'})
            else if (condition === 'HEALTHY') expect(dependency).to.include({phase: 'running', health: 'HEALTHY'})
            else expect(dependency?.phase).to.be.oneOf(['running', 'stopped'])
          }
        })
      }),
    )
  })

  it('never stops a container while one that depends on it runs', () => {
    fc.assert(
      fc.property(aDefinition, happenings, (document, happens) => {
        live(document, happens, (step, {facts}) => {
          if (step.kind !== 'stop') return
          const dependents = document.containerDefinitions.filter((one) => requirementsOf(one).some(({on}) => on === step.container.name))
          for (const {name} of dependents) expect(facts[name]?.phase).to.not.equal('running')
        })
      }),
    )
  })

  it('always ends a task, whatever container dies when: after a stop was asked for nothing runs', () => {
    fc.assert(
      fc.property(aDefinition, happenings, (document, happens) => {
        const wanted = happens.map((one, index) => (index === 25 ? {...one, stops: 0} : one))
        const {facts, rounds} = live(document, wanted, () => {})

        expect(Object.values(facts).map(({phase}) => phase)).to.not.include('running')
        expect(rounds).to.be.lessThan(60)
      }),
    )
  })

  it('always ends a task of which an essential container has died for good', () => {
    fc.assert(
      fc.property(aDefinition, happenings, (document, happens) => {
        const mortal: TaskDefinitionDocument = {
          ...document,
          containerDefinitions: document.containerDefinitions.map(({restartPolicy: _, ...one}) => one),
        }
        let facts: TaskFacts = live(
          mortal,
          happens.slice(0, 20).map((one) => ({...one, stops: 1})),
          () => {},
        ).facts
        const last = mortal.containerDefinitions.at(-1)?.name ?? ''
        if (facts[last]?.phase !== 'running') return
        facts = {...facts, [last]: exited(1)}

        for (let round = 0; round < mortal.containerDefinitions.length; round += 1)
          for (const step of nextSteps(mortal, 'RUNNING', facts, NOW).steps) {
            expect(step.kind).to.equal('stop')
            facts = {...facts, [step.container.name]: exited(137)}
          }
        expect(Object.values(facts).map(({phase}) => phase)).to.not.include('running')
      }),
    )
  })
})
