import {expect} from 'chai'
import fc from 'fast-check'
import {aCluster, aDocument, anId, anInstance, aState} from '../../test/support/build.js'
import {CONSTRAINTS, GROUPS, requestsOn, scenes, STRATEGIES} from '../../test/support/placement-scenes.js'
import {unobserved} from '../model/observation.js'
import type {RequiredAttribute} from '../model/attributes.js'
import type {PlacementRequest} from '../model/placement.js'
import {buildFleet, type Fleet} from './fleet.js'
import {place} from './place.js'
import {Race} from './race.js'
import {Seating} from './seating.js'

/** Every request on what those before it have left, by itself and by the one who keeps orders: the same seats, the same fleet in the end. */
function expectTheSame(requests: readonly PlacementRequest[], fleet: Fleet): void {
  const seating = new Seating(fleet)
  let left = fleet
  for (const request of requests) {
    const {fleet: next, placed, refused} = place(request, left)
    left = next
    const seated = seating.place(request)
    expect(seated).to.deep.equal({placed, refusedCount: refused.length})
    if (refused.length > 0) expect(seating.reasonsAgainst(request)).to.deep.equal(refused[0]?.reasons)
  }
  expect(seating.fleet).to.deep.equal(left)
}

describe('Seating', () => {
  it('always gives the seats that each request would be given by itself', () => {
    const cases = scenes.chain((scene) => {
      const requests = fc.constantFrom(...GROUPS, 'family:none').chain((group) => requestsOn(Object.values(scene.state.instances), group))
      return fc.record({scene: fc.constant(scene), requests: fc.array(requests, {maxLength: 8})})
    })

    fc.assert(
      fc.property(cases, ({requests, scene}) => expectTheSame(requests, buildFleet(scene.state, aCluster().id, scene.seen))),
      {numRuns: 1500},
    )
  })

  it('always does on many instances too, whose groups are large and small', () => {
    const single = fc.record({
      cpu: fc.integer({min: 0, max: 400}),
      memory: fc.integer({min: 6, max: 300}),
      group: fc.constantFrom('a', 'a', 'a', 'b', 'c'),
      count: fc.constantFrom(1, 1, 1, 2, 30),
      strategies: fc.array(fc.constantFrom(...STRATEGIES), {maxLength: 3}),
      seed: fc.string({maxLength: 4}),
      constraints: fc.oneof({weight: 3, arbitrary: fc.constant([])}, {weight: 1, arbitrary: fc.subarray(CONSTRAINTS, {maxLength: 1})}),
      requiredAttributes: fc.constantFrom<readonly RequiredAttribute[]>([], [], [], [{name: 'disk', value: 'd1'}]),
      hostPort: fc.constantFrom(undefined, undefined, undefined, 8080),
      failures: fc.constantFrom({}, {}, {[anId(3, 'a')]: 3, [anId(4, 'a')]: 1}),
    })
    const instances = Array.from({length: 150}, (_, number) =>
      anInstance({
        id: anId(number, 'a'),
        name: `i${String(number).padStart(3, '0')}`,
        cpuUnits: 1024,
        memoryMiB: 512 + 128 * (number % 5),
        customAttributes: {zone: `z${number % 3}`, disk: `d${number % 7}`},
      }),
    )
    const fleet = buildFleet(aState({instances}), aCluster().id, unobserved(0))

    fc.assert(
      fc.property(fc.array(single, {minLength: 100, maxLength: 250}), (requests) => {
        expectTheSame(
          requests.map(({cpu, failures: recentFailures, hostPort, memory, ...said}) => ({
            ...said,
            recentFailures,
            document: aDocument({cpu, memory, portMappings: hostPort === undefined ? [] : [{containerPort: 80, hostPort}]}),
          })),
          fleet,
        )
      }),
      // A smaller case of so many requests would be long in coming.
      {numRuns: 20, endOnFailure: true},
    )
  })
})

describe('a race', () => {
  it('always finds the clock that strikes first of those that take part', () => {
    const races = fc.integer({min: 1, max: 70}).chain((size) =>
      fc.record({
        seed: fc.string({maxLength: 6}),
        size: fc.constant(size),
        open: fc.uniqueArray(fc.nat({max: size - 1}), {maxLength: size}),
      }),
    )

    fc.assert(
      fc.property(races, ({open, seed, size}) => {
        const inTurn = [...open].sort((a, b) => new Race(seed, size).firstStrike(a) - new Race(seed, size).firstStrike(b))

        expect(
          new Race(seed, size).first(
            () => false,
            (place) => open.includes(place),
          ),
        ).to.equal(inTurn[0] ?? -1)
      }),
      {numRuns: 1000},
    )
  })
})
