// Who may import whom: the rooms of src/ in the order of their floors, for dependency-cruiser.
// A room not named here may not exist. `packages` are the npm packages it may use besides those that are free;
// a pure room imports no `node:` module and no other package at all.

const ROOMS = {
  errors: {pure: true, rooms: []},
  model: {packages: ['csv-parse', 'yaml', 'zod'], pure: true, rooms: ['errors']},
  ecs: {packages: ['@aws-sdk/client-ecs'], pure: true, rooms: ['model', 'errors']},
  placement: {packages: ['re2js'], pure: true, rooms: ['model', 'errors']},
  scheduling: {pure: true, rooms: ['placement', 'model', 'errors']},
  events: {packages: ['croner', 'ipaddr.js'], pure: true, rooms: ['ecs', 'model', 'errors']},
  world: {pure: true, rooms: ['model', 'errors']},
  docker: {packages: ['dockerode', 'tar-stream', '@swimlane/docker-reference'], rooms: ['world', 'model', 'errors']},
  store: {packages: ['conf', 'etcd3'], rooms: ['world', 'model', 'errors']},
  system: {packages: ['execa', 'ssh-config', 'tar-fs'], rooms: ['world', 'model', 'errors']},
  tasks: {rooms: ['scheduling', 'ecs', 'world', 'model', 'errors']},
  manager: {rooms: ['tasks', 'scheduling', 'placement', 'events', 'ecs', 'world', 'model', 'errors']},
  console: {
    packages: ['ansis', 'inquirer', 'jmespath', 'log-update', 'ora'],
    rooms: ['placement', 'events', 'ecs', 'world', 'model', 'errors'],
  },
  cli: {
    packages: ['@oclif/core'],
    rooms: [
      'manager',
      'tasks',
      'console',
      'docker',
      'store',
      'system',
      'scheduling',
      'placement',
      'events',
      'ecs',
      'world',
      'model',
      'errors',
    ],
  },
  commands: {packages: ['@oclif/core'], rooms: ['cli', 'console', 'manager', 'ecs']},
}

/** Packages that belong to rooms: nobody else may import them. */
const OWNED = [...new Set(Object.values(ROOMS).flatMap(({packages = []}) => packages))]

const TEST_FILE = '[.]test[.]ts$'

/** `errors` is a file, the others are folders. */
function pathOf(room) {
  return room === 'errors' ? '^src/errors[.]ts$' : `^src/${room}/`
}

function escaped(text) {
  return text.replace(/[.\\/^$*+?()[\]{}|-]/g, '\\$&')
}

/** Matches a package by where it is installed. */
function packagesPattern(packages) {
  return `^node_modules/(@types/)?(${packages.map(escaped).join('|')})/`
}

function rulesOf([room, {packages = [], pure = false, rooms}]) {
  const from = {path: pathOf(room), pathNot: TEST_FILE}
  const allowed = [room, ...rooms].map(pathOf)
  const foreign = OWNED.filter((name) => !packages.includes(name))
  return [
    {
      comment: `${room} may import ${rooms.join(', ') || 'no other room'}.`,
      from,
      name: `${room}-to-rooms`,
      severity: 'error',
      to: {path: '^src/', pathNot: allowed},
    },
    {
      comment: `These packages belong to other rooms than ${room}.`,
      from,
      name: `${room}-to-packages`,
      severity: 'error',
      to: {path: packagesPattern(foreign)},
    },
    ...(pure
      ? [
          {
            comment: `${room} is pure: no module of Node.`,
            from,
            name: `${room}-pure-of-node`,
            severity: 'error',
            to: {dependencyTypes: ['core']},
          },
          {
            comment: `${room} is pure: no package but its own.`,
            from,
            name: `${room}-pure-of-packages`,
            severity: 'error',
            to: {
              dependencyTypesNot: ['core', 'local'],
              path: '^node_modules/',
              ...(packages.length > 0 ? {pathNot: packagesPattern(packages)} : {}),
            },
          },
        ]
      : []),
  ]
}

module.exports = {
  forbidden: [
    {comment: 'No circle, types included.', from: {path: '^src/'}, name: 'no-circle', severity: 'error', to: {circular: true}},
    {
      comment: 'Every file of src/ stands in a room.',
      from: {path: '^src/', pathNot: [...Object.keys(ROOMS).map(pathOf), TEST_FILE]},
      name: 'no-other-room',
      severity: 'error',
      to: {},
    },
    {
      comment: 'Only tests import tests.',
      from: {path: '^src/', pathNot: TEST_FILE},
      name: 'not-to-tests',
      severity: 'error',
      to: {path: [TEST_FILE, '^test/']},
    },
    {
      comment: 'The SDK lends its types; none of its code is run.',
      from: {path: '^src/'},
      name: 'sdk-types-only',
      severity: 'error',
      to: {dependencyTypesNot: ['type-only'], path: packagesPattern(['@aws-sdk/client-ecs'])},
    },
    {
      comment: 'An import names something that is there.',
      from: {path: '^src/'},
      name: 'no-unresolvable',
      severity: 'error',
      to: {couldNotResolve: true},
    },
    ...Object.entries(ROOMS).flatMap(rulesOf),
  ],
  options: {
    doNotFollow: {path: 'node_modules'},
    enhancedResolveOptions: {conditionNames: ['import', 'require', 'node', 'default', 'types'], exportsFields: ['exports']},
    tsConfig: {fileName: 'tsconfig.json'},
    tsPreCompilationDeps: true,
  },
}
