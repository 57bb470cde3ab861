import {expect} from 'chai'
import {KnownError} from '../../errors.js'
import {predicateOf, type Queried} from './evaluate.js'
import {parseExpression} from './parse.js'

const HOST: Queried = {
  attributes: {
    'ecs.instance-type': 't2.small',
    'ecs.availability-zone': 'us-east-1a',
    disk: 'ssd',
    gpu: null,
    level: '10',
    'path/of\\it': 'a b',
  },
  ec2InstanceId: 'web1',
  agentConnected: true,
  agentVersion: '1.14.5',
  registeredAt: Date.parse('2018-06-18T22:28:28Z'),
  runningTasksCount: 2,
  tasksInGroup: new Map([
    ['service:web', 2],
    ['family:db', 1],
  ]),
}

const holds = (text: string, queried: Queried = HOST) => predicateOf(parseExpression(text))(queried)

describe('the cluster query language', () => {
  for (const [text, expected] of [
    // AWS's own examples, and their opposites.
    ['attribute:ecs.instance-type == t2.small', true],
    ['attribute:ecs.instance-type equals t2.small', true],
    ['attribute:ecs.availability-zone in [us-east-1a, us-east-1b]', true],
    ['attribute:ecs.availability-zone in [us-east-1b,us-east-1c]', false],
    ['attribute:ecs.instance-type =~ t2.* and attribute:ecs.availability-zone != us-east-1d', true],
    ['attribute:ecs.instance-type =~ g2.*', false],
    ['task:group == service:web', true],
    ['not(task:group == database)', true],
    ['not(task:group == family:db)', false],
    ['runningTasksCount == 1', false],
    ['agentVersion < 1.14.5', false],
    ['registeredAt < 2018-02-13', false],
    ["ec2InstanceId in ['web1', 'web2']", true],
    ['(attribute:gpu exists or attribute:class == heavy) and attribute:disk == ssd', true],
    // Equality, of what is there and of what is not.
    ['attribute:disk == SSD', false],
    ['attribute:disk != hdd', true],
    ['attribute:disk != ssd', false],
    ['attribute:absent != ssd', false],
    ['attribute:absent == ssd', false],
    ['not(attribute:absent == ssd)', true],
    ['attribute:absent !exists or attribute:absent != ssd', true],
    ['attribute:gpu != ssd', true],
    ["attribute:gpu == ''", true],
    ['attribute:disk not_equals hdd', true],
    ['attribute:path/of\\it == "a b"', true],
    ["attribute:path/of\\it == 'a b'", true],
    // Lists.
    ['attribute:disk in [ssd]', true],
    ['attribute:disk !in [hdd, nvme]', true],
    ['attribute:disk not_in [ ssd ]', false],
    ['attribute:absent !in [ssd]', false],
    // Existence.
    ['attribute:gpu exists', true],
    ['attribute:absent exists', false],
    ['attribute:absent !exists', true],
    ['attribute:gpu not_exists', false],
    // Patterns match the whole value.
    ['attribute:disk =~ s', false],
    ['attribute:disk =~ s+d', true],
    ['attribute:disk matches s.d', true],
    ['attribute:disk !~ h.*', true],
    ['attribute:disk not_matches s.*', false],
    ['attribute:absent !~ h.*', false],
    ["attribute:disk =~ '(ssd|hdd)'", true],
    ['attribute:disk =~ ssd|hdd', true],
    ['attribute:disk =~ [s]sd', true],
    // Order: of numbers where both are numbers, else of texts.
    ['attribute:level > 9', true],
    ['attribute:level greater_than 9', true],
    ['attribute:level >= 10', true],
    ['attribute:level greater_than_equal 10.5', false],
    ['attribute:level < 9', false],
    ['attribute:level less_than 1e2', true],
    ['attribute:level <= 10', true],
    ['attribute:level less_than_equal 9', false],
    ['attribute:level > 9x', false],
    ['attribute:disk > hdd', true],
    ['attribute:absent > 1', false],
    // Versions, times, numbers, booleans.
    ['agentVersion == 1.14.5', true],
    ['agentVersion > 1.9.9', true],
    ['agentVersion >= 1.14', true],
    ['agentVersion != 1.14.5.0', false],
    ['registeredAt > 2018-06-18', true],
    ['registeredAt == 2018-06-18T22:28:28Z', true],
    ['registeredAt == 2018-06-18T22:28:28', true],
    ['registeredAt == 2018-06-19T00:28:28+02:00', true],
    ['registeredAt <= 2018-06-18T22:28:27+00:00', false],
    ['runningTasksCount >= 2', true],
    ['runningTasksCount != 2', false],
    ['agentConnected == true', true],
    ['agentConnected != true', false],
    ['agentConnected in [false]', false],
    // Groups: any of the tasks, or none of them.
    ['task:group in [service:web, x]', true],
    ['task:group =~ family:.*', true],
    ['task:group != service:web', false],
    ['task:group != service:api', true],
    ['task:group !in [service:api]', true],
    ['task:group !~ service:.*', false],
    // Joining.
    ['attribute:disk == hdd or attribute:gpu exists and attribute:disk == ssd', true],
    ['attribute:disk == ssd or attribute:gpu exists and attribute:disk == hdd', true],
    ['(attribute:disk == ssd or attribute:gpu exists) and attribute:disk == hdd', false],
    ['not attribute:disk == hdd and attribute:gpu exists', true],
    ['!attribute:disk == hdd', true],
    ['not not attribute:disk == ssd', true],
    ['attribute:disk==ssd&&attribute:gpu exists', true],
    ['attribute:disk==hdd||attribute:gpu exists', true],
    ['  ( ( attribute:disk == ssd ) )  ', true],
    ['attribute:disk == and', false],
  ] as const)
    it(`${expected ? 'holds' : 'does not hold'}: ${text}`, () => expect(holds(text)).to.equal(expected))

  it('holds of no version where there is no agent', () => {
    const {agentVersion: _, ...agentless} = HOST
    for (const text of ['agentVersion < 9', 'agentVersion > 0', 'agentVersion != 1.0']) expect(holds(text, agentless)).to.equal(false)
    expect(holds('not(agentVersion > 0)', agentless)).to.equal(true)
  })
})

describe('an expression that is none', () => {
  for (const [text, column, said] of [
    ['', 1, 'it is empty'],
    ['attribute:disk = ssd', 16, '"=" stands where an operator (==, !='],
    ['attribute:disk', 15, 'it ends where an operator'],
    ['attribute: == ssd', 11, '" " stands where the name of an attribute was expected'],
    ['disk == ssd', 1, 'a subject (attribute:NAME, task:group'],
    ['attribute:disk ==', 18, 'it ends where a value was expected'],
    ["attribute:disk == 'ssd", 19, 'a value was expected'],
    ['attribute:disk == ssd and', 26, 'it ends where'],
    ['attribute:disk == ssd or (attribute:gpu exists', 47, '")"'],
    ['attribute:disk == ssd)', 22, '")" stands where'],
    ['attribute:disk in (ssd)', 19, 'a list such as [a, b] was expected'],
    ['attribute:disk in [ssd hdd]', 24, '"," or "]" was expected'],
    ['attribute:disk in []', 20, 'a value was expected'],
    ['attribute:disk == a b', 21, '"b" stands where'],
    ['attribute:disk exists ssd', 23, '"s" stands where'],
    ['attribute:a == 1 and task:group > x', 22, 'task:group takes ==, !=, in, !in, =~, !~'],
    ['task:group exists', 1, 'compares by exists'],
    ['runningTasksCount == many', 1, '"many" is not a whole number'],
    ['runningTasksCount in [1]', 1, 'runningTasksCount takes ==, !=, >, >=, <, <='],
    ['agentVersion == new', 1, '"new" is not a version such as 1.14.5'],
    ['registeredAt > yesterday', 1, '"yesterday" is not a time'],
    ['registeredAt > 2018-13-45', 1, '"2018-13-45" is not a time'],
    ['agentConnected == yes', 1, '"yes" is not true or false'],
    ['attribute:disk =~ [', 1, 'is no pattern'],
    ["attribute:disk =~ '(?=a)b'", 1, 'is no pattern'],
    ["attribute:disk =~ '(a)\\1'", 1, 'is no pattern'],
    [`attribute:disk == ${'x'.repeat(2000)}`, 2001, 'it has 2018 characters, and 2000 are allowed'],
  ] as const)
    it(`is refused at column ${column}: ${text.length > 60 ? `${text.slice(0, 40)}...` : text}`, () => {
      const failure = failureOf(text)
      expect(failure).to.include({code: 'InvalidParameterException', exitCode: 2})
      expect(failure.message).to.include(` is wrong at column ${column}: `).and.to.include(said)
    })

  it('is refused, or asked, at once, whatever it is made of', function () {
    // A backtracking engine would take hours.
    this.timeout(5000)
    expect(failureOf(`${'('.repeat(1999)}x`).code).to.equal('InvalidParameterException')
    expect(failureOf('!'.repeat(2000)).code).to.equal('InvalidParameterException')
    const deep = `${'('.repeat(980)}attribute:a exists${')'.repeat(980)}`
    expect(holds(deep)).to.equal(false)
    const negated = `${'!'.repeat(1980)}attribute:a exists`
    expect(holds(negated)).to.equal(false)
    const catastrophic: Queried = {...HOST, attributes: {a: `${'a'.repeat(127)}!`}}
    for (const pattern of ['(a+)+$', '(a|aa)+$', '(a|a?)+$', '([a-zA-Z]+)*$', '(.*a){30}$'])
      expect(holds(`attribute:a =~ '${pattern}'`, catastrophic)).to.equal(false)
  })
})

function failureOf(text: string): KnownError {
  try {
    parseExpression(text)
  } catch (error) {
    if (error instanceof KnownError) return error
    throw error
  }
  throw new Error(`${text} is an expression.`)
}
