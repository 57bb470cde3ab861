#!/bin/sh
':' //; exec node -- "$0" "$@"
// The door: loads the bundle and hands it the words typed.
// It begins as a shell script of one line, because without `--` Node takes `--env-file` from anywhere among the words for its own, and
// with it whatever NODE_OPTIONS stands in that file. (`env -S`, which could say the same, is not everywhere.)
// Compiling the bundle takes longer than most commands, so V8's compiled code is kept between runs, with all the functions that
// those runs used: written when a command is run for the first time, ignored when it is not ours or does not fit. Losing it costs
// a tenth of a second and nothing else, so nothing about it may fail the command.
// Node's own modules come by `getBuiltinModule`: an `import` of one reads all that it exports, which loads half of Node.
const {closeSync, fstatSync, mkdirSync, openSync, readFileSync, readSync, renameSync, rmSync, statSync, writeFileSync} =
  process.getBuiltinModule('fs')
const {dirname, join} = process.getBuiltinModule('path')
const {fileURLToPath} = process.getBuiltinModule('url')
const {Script} = process.getBuiltinModule('vm')

const MOST_COMMANDS_KEPT = 100
const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const argv = process.argv.slice(2)
const cacheFolder = join(process.env.XDG_CACHE_HOME || join(process.env.HOME || '/nonexistent', '.cache'), 'berth')
const modules = new Map()

/** The exports of a file of dist/, which is run once. */
function load(file) {
  const known = modules.get(file)
  if (known) return known.exports
  const module = {exports: {}}
  modules.set(file, module)
  const {mtimeMs, size} = statSync(file)
  const kept = readKept(file, `${file} ${size} ${mtimeMs}`)
  // The bundle is ASCII, which Node reads fastest as latin1.
  const source = `(function (exports, require, module, __filename, __dirname) {${readFileSync(file, 'latin1')}\n})`
  const script = new Script(source, {cachedData: kept.code, filename: file})
  keepAtExit(script, kept)
  script.runInThisContext().call(module.exports, module.exports, requireOf(file), module, file, dirname(file))
  return module.exports
}

/** `require` for a file of dist/: its neighbours come through `load` too. Node's own is only made for files elsewhere. */
function requireOf(file) {
  const native = () => process.getBuiltinModule('module').createRequire(file)
  const own = (id) => {
    if (id.startsWith('./vendor/')) return load(join(dirname(file), id))
    // oclif asks for package.json, to see which Node it wants.
    if (id.endsWith('/package.json')) return JSON.parse(readFileSync(id, 'utf8'))
    return process.getBuiltinModule(id) ?? native()(id)
  }
  return Object.assign(own, {resolve: (...words) => native().resolve(...words)})
}

/** What was kept of the file: compiled code, and the commands whose functions it holds. Nothing, when it fits another file or is not ours alone. */
function readKept(file, identity) {
  const path = join(cacheFolder, `${file.slice(file.lastIndexOf('/') + 1)}-${process.version}-${process.arch}`)
  try {
    const bytes = readOwn(path)
    const headLength = bytes.readUInt32LE(0)
    const head = JSON.parse(bytes.toString('utf8', 4, 4 + headLength))
    if (head.identity === identity) return {code: bytes.subarray(4 + headLength), commands: head.commands, identity, path}
  } catch {
    // Not there, or damaged: it is written anew.
  }
  return {code: undefined, commands: [], identity, path}
}

/** Bytes of a file that nobody but us can have written: compiled code is run as it stands. */
function readOwn(path) {
  const file = openSync(path, 'r')
  try {
    const {mode, size, uid} = fstatSync(file)
    if (uid !== process.getuid?.() || (mode & 0o022) !== 0) throw new Error('not ours alone')
    const bytes = Buffer.allocUnsafe(size)
    if (readSync(file, bytes) !== size) throw new Error('changed while it was read')
    return bytes
  } finally {
    closeSync(file)
  }
}

/** When this command has not yet left its functions in the kept code, they are added as the process ends. */
function keepAtExit(script, {code, commands, identity, path}) {
  const command = argv
    .slice(0, 2)
    .filter((word) => /^[a-z_-]+$/.test(word))
    .join(' ')
  const fits = code !== undefined && script.cachedDataRejected !== true
  if (fits && (commands.includes(command) || commands.length >= MOST_COMMANDS_KEPT)) return
  const head = Buffer.from(JSON.stringify({commands: fits ? [...commands, command] : [command], identity}))
  process.on('exit', () => write(path, [head, script.createCachedData()]))
}

function write(path, [head, code]) {
  const temporary = `${path}.${process.pid}`
  try {
    // Level by level: Node's own recursion never ends where the system answers "no such folder" to every attempt, as under /proc.
    for (const folder of [dirname(cacheFolder), cacheFolder]) mkdirUnlessThere(folder)
    const length = Buffer.alloc(4)
    length.writeUInt32LE(head.length)
    writeFileSync(temporary, Buffer.concat([length, head, code]), {flag: 'wx', mode: 0o600})
    renameSync(temporary, path)
  } catch {
    // No place to keep it: the next run compiles again.
    rmSync(temporary, {force: true})
  }
}

function mkdirUnlessThere(folder) {
  try {
    mkdirSync(folder, {mode: 0o700})
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
  }
}

await load(join(root, 'dist', 'main.cjs')).main(argv, root)
