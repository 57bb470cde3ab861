// Brings a checkout to the point where its scripts can run: packages as package-lock.json says, and a fresh build.
// Plain Node, because nothing is installed yet. It talks on stderr alone and does nothing when all is there.
import {spawnSync} from 'node:child_process'
import {existsSync, readdirSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'

const checkout = fileURLToPath(new URL('..', import.meta.url))
const inCheckout = (path) => join(checkout, path)

/** When the file was last changed, in epoch milliseconds; 0 when there is none. */
function changedAt(path) {
  return existsSync(path) ? statSync(path).mtimeMs : 0
}

/** The latest change of any file that the bundle is made of. */
function sourcesChangedAt() {
  const sources = readdirSync(inCheckout('src'), {recursive: true}).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  const files = [...sources.map((name) => join('src', name)), 'bin/build.js', 'package.json', 'package-lock.json', 'tsconfig.json']
  return Math.max(...files.map((name) => changedAt(inCheckout(name))))
}

/** Runs the program in the checkout, its output on stderr; ends this process with its code when it fails. */
function run(said, program, args) {
  process.stderr.write(`${said}\n`)
  const {status, error} = spawnSync(program, args, {cwd: checkout, stdio: ['ignore', 2, 2]})
  if (status === 0) return
  process.stderr.write(`${program} ${args.join(' ')} ended with ${error?.message ?? status}\n`)
  process.exit(status || 1)
}

if (changedAt(inCheckout('node_modules/.package-lock.json')) < changedAt(inCheckout('package-lock.json'))) {
  run('Installing packages (npm ci)', 'npm', ['ci'])
}
if (changedAt(inCheckout('dist/main.cjs')) < sourcesChangedAt()) {
  run('Building (node bin/build.js)', process.execPath, [inCheckout('bin/build.js'), '--keep-manifest'])
}
