// Builds dist/, oclif.manifest.json and the parser of the query language: one main file with all of our own code, and one file for each heavy package,
// which the main file loads when it is first used. Run by `npm run build`; no part of the published package. With `--keep-manifest`
// the manifest and the parser stay as they lie there: what only needs dist/ must not hide that what is committed is stale.
import {cp, mkdir, readdir, readFile, rm, writeFile} from 'node:fs/promises'
import {createRequire} from 'node:module'
import {dirname, join, sep} from 'node:path'
import {fileURLToPath} from 'node:url'
import {build} from 'esbuild'

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..')
const COMMANDS_FOLDER = join(ROOT, 'src', 'commands')

/** Packages that cost more than a few milliseconds to load, or more than a few kilobytes to read. */
const HEAVY = [
  'conf',
  'csv-parse/sync',
  'dockerode',
  'etcd3',
  'execa',
  'inquirer',
  'jmespath',
  'log-update',
  'ora',
  're2js',
  'ssh-config',
  'tar-fs',
  'tar-stream',
  'yaml',
  'zod',
]

/** oclif reaches for these when it runs from TypeScript sources, which a bundle never does. */
const NEVER_NEEDED = ['cpu-features', 'ts-node', 'tsx', 'typescript', '*.node']

/**
 * Parts of packages that Berth never asks for. Of dockerode, 150 files: BuildKit sessions (gRPC) and its own SSH (Berth speaks to a
 * socket that OpenSSH forwards). Of oclif, what looks for commands, plugins and settings in folders (Berth hands its own over). Of zod, fifty
 * languages. In the bundle they say so when they are called, or are not there (`nothing`).
 */
const LEFT_OUT = [
  {file: /dockerode[\\/]lib[\\/]session\.js$/, name: 'BuildKit sessions'},
  {file: /docker-modem[\\/]lib[\\/]ssh\.js$/, name: "dockerode's own SSH"},
  {file: /node_modules[\\/]tinyglobby[\\/]/, name: 'commands found by their files', exported: 'glob'},
  {file: /node_modules[\\/]minimatch[\\/]/, name: 'plugins', exported: 'minimatch'},
  {file: /zod[\\/]v4[\\/]locales[\\/]index\.js$/, name: "zod's messages in other languages", nothing: true},
]

/**
 * oclif sorts commands as the person's language does, for which Node loads its tables of all languages: 6 ms of every command. Ids are
 * lower-case ASCII, so that their code units give the same order.
 */
const SORTED_BY_CODE_UNIT = {
  file: /@oclif[\\/]core[\\/]lib[\\/]config[\\/]plugin\.js$/,
  from: '(a, b) => a.id.localeCompare(b.id)',
  to: '(a, b) => (a.id < b.id ? -1 : 1)',
}

const COMMON = {
  bundle: true,
  charset: 'ascii',
  external: NEVER_NEEDED,
  format: 'cjs',
  legalComments: 'none',
  logLevel: 'warning',
  // Names stay, for stack traces. Half the bytes are a sixth of the time of a short command.
  minifySyntax: true,
  minifyWhitespace: true,
  platform: 'node',
  preserveSymlinks: true,
  target: 'node20',
  absWorkingDir: ROOT,
}

/** The id of every command by the file it stands in: `task/run.ts` is `task:run`. */
async function commandFiles() {
  const files = await readdir(COMMANDS_FOLDER, {recursive: true})
  const sources = files.filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts')).sort()
  return sources.map((file) => ({file: join(COMMANDS_FOLDER, file), id: file.slice(0, -'.ts'.length).split(sep).join(':')}))
}

/** The command table: a getter for each command, so that looking one up loads that one. */
async function commandTable() {
  const own = (await commandFiles()).map(
    ({file, id}) => `  get ${JSON.stringify(id)}() { return require(${JSON.stringify(file)}).default },`,
  )
  const help = `  get help() { return require('@oclif/plugin-help/lib/commands/help.js').default },`
  return ['export const COMMANDS = {', ...own, help, '}'].join('\n')
}

const commandTablePlugin = {
  name: 'command-table',
  setup(setup) {
    setup.onResolve({filter: /\/command-table\.js$/}, () => ({namespace: 'command-table', path: 'command-table'}))
    setup.onLoad({filter: /.*/, namespace: 'command-table'}, async () => ({contents: await commandTable(), resolveDir: ROOT}))
    // The help command lies behind no export of its package.
    setup.onResolve({filter: /^@oclif\/plugin-help\/lib\//}, ({path}) => ({path: join(ROOT, 'node_modules', path)}))
  },
}

/** In the main file a heavy package is a file of its own, required where the package was imported. */
const heavyPackagesPlugin = {
  name: 'heavy-packages',
  setup(setup) {
    const filter = new RegExp(`^(${HEAVY.join('|')})$`)
    setup.onResolve({filter}, ({path}) => ({namespace: 'heavy', path}))
    setup.onLoad({filter: /.*/, namespace: 'heavy'}, async ({path}) => ({contents: await proxyOf(path), resolveDir: ROOT}))
    setup.onResolve({filter: /^\.\/vendor\//, namespace: 'heavy'}, ({path}) => ({external: true, path}))
  },
}

/** Says again what the package exports, so that `import` means the same as before it was moved out. */
async function proxyOf(name) {
  const file = `./vendor/${fileOf(name)}`
  if (await isCommonJs(name)) return `module.exports = require('${file}')`
  const names = Object.keys(await import(name))
  // Without a default export, whose meaning such an object would change, what is exported is only reached for when it is used.
  if (!names.includes('default'))
    return `module.exports = {__esModule: true, ${names.map((one) => `get ${one}() { return require('${file}').${one} }`).join(', ')}}`
  // By way of names of our own: a package may export words that no variable can have, such as zod's `catch`.
  const exported = names.map((one, index) => `const e${index} = all.${one}; export {e${index} as ${one}}`)
  return [`const all = require('${file}')`, ...exported].join('\n')
}

/** An entry that exports all of the package. */
async function entryOf(name) {
  if (await isCommonJs(name)) return `module.exports = require('${name}')`
  const hasDefault = 'default' in (await import(name))
  return [`export * from '${name}'`, ...(hasDefault ? [`export {default} from '${name}'`] : [])].join('\n')
}

/** The file of dist/vendor/ that a package, or a part of one, becomes. */
function fileOf(name) {
  return `${name.replaceAll('/', '-')}.cjs`
}

async function isCommonJs(name) {
  const [packageName] = name.split('/')
  const settings = JSON.parse(await readFile(join(ROOT, 'node_modules', packageName, 'package.json'), 'utf8'))
  return settings.type !== 'module'
}

const leftOutPlugin = {
  name: 'left-out',
  setup(setup) {
    for (const {exported, file, name, nothing} of LEFT_OUT) {
      const message = JSON.stringify(`${name} are not part of Berth.`)
      const target = exported === undefined ? 'module.exports' : `exports.${exported}`
      const contents = nothing ? 'export {}' : `${target} = () => { throw new Error(${message}) }`
      setup.onLoad({filter: file}, () => ({contents, loader: 'js'}))
    }
  },
}

const sortedByCodeUnitPlugin = {
  name: 'sorted-by-code-unit',
  setup(setup) {
    const {file, from, to} = SORTED_BY_CODE_UNIT
    setup.onLoad({filter: file}, async ({path}) => {
      const source = await readFile(path, 'utf8')
      if (!source.includes(from)) throw new Error(`${path} sorts in another way by now: see whether SORTED_BY_CODE_UNIT is still needed.`)
      return {contents: source.replace(from, to)}
    })
  },
}

/**
 * docker-modem tells all that it sends where DEBUG is set, credentials of registries among it: in the bundle it tells nothing.
 */
const quietModemPlugin = {
  name: 'quiet-modem',
  setup(setup) {
    setup.onResolve({filter: /^debug$/}, ({importer}) =>
      /[\\/]docker-modem[\\/]/.test(importer) ? {namespace: 'quiet-modem', path: 'debug'} : undefined,
    )
    setup.onLoad({filter: /.*/, namespace: 'quiet-modem'}, () => ({contents: 'module.exports = () => () => {}', loader: 'js'}))
  },
}

async function buildVendor(name) {
  await build({
    ...COMMON,
    outfile: join('dist', 'vendor', fileOf(name)),
    plugins: [leftOutPlugin, quietModemPlugin],
    stdin: {contents: await entryOf(name), loader: 'js', resolveDir: ROOT, sourcefile: `${name}.js`},
  })
}

async function buildMain() {
  await build({
    ...COMMON,
    entryPoints: [join('src', 'cli', 'main.ts')],
    outfile: join('dist', 'main.cjs'),
    plugins: [commandTablePlugin, heavyPackagesPlugin, leftOutPlugin, sortedByCodeUnitPlugin],
  })
}

/** The parser of the cluster query language: committed, so that tests run from sources alone. */
async function writeParser() {
  const {default: peggy} = await import('peggy')
  const folder = join(ROOT, 'src', 'placement', 'query')
  const source = peggy.generate(await readFile(join(folder, 'query.peggy'), 'utf8'), {format: 'es', output: 'source'})
  await writeFile(join(folder, 'parser.js'), source)
}

/** oclif's own description of every command, keys in order, so that the same sources always give the same text. */
async function writeManifest() {
  const {Plugin} = createRequire(import.meta.url)('@oclif/core')
  const plugin = new Plugin({errorOnManifestCreate: true, ignoreManifest: true, isRoot: true, respectNoCacheDefault: true, root: ROOT})
  await plugin.load()
  await writeFile(join(ROOT, 'oclif.manifest.json'), `${JSON.stringify(sorted(plugin.manifest), undefined, 2)}\n`)
}

function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  )
}

if (!process.argv.includes('--keep-manifest')) await writeParser()
await rm(join(ROOT, 'dist'), {force: true, recursive: true})
await mkdir(join(ROOT, 'dist', 'vendor'), {recursive: true})
await Promise.all([buildMain(), ...HEAVY.map(buildVendor)])
// etcd's client reads its protocol from files, which it looks for in the folder beside its own.
await cp(join(ROOT, 'node_modules', 'etcd3', 'proto'), join(ROOT, 'dist', 'proto'), {recursive: true})
if (!process.argv.includes('--keep-manifest')) await writeManifest()
