// `npm run pack`: packs what npm would publish, installs it in an empty folder without running any script, and uses it from there.
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {execFileSync} from 'node:child_process'

const CHECKOUT = fileURLToPath(new URL('../../../', import.meta.url))

function packAndUse(scratch: string): void {
  const packed: readonly {readonly filename: string; readonly files: readonly {readonly path: string}[]}[] = JSON.parse(
    output('npm', ['pack', '--json', '--pack-destination', scratch], CHECKOUT),
  )
  const [tarball] = packed
  if (!tarball) throw new Error('npm packed nothing.')
  process.stdout.write(`${tarball.filename}:\n${tarball.files.map(({path}) => `  ${path}\n`).join('')}`)
  output('npm', ['install', '--ignore-scripts', '--no-save', '--prefix', scratch, join(scratch, tarball.filename)], scratch)
  for (const words of [['--version'], ['cluster', 'list']]) {
    const said = output(join(scratch, 'node_modules', '.bin', 'berth'), words, scratch, ownFolders(scratch))
    process.stdout.write(`$ berth ${words.join(' ')}\n${said}`)
  }
}

/** Nothing of the person's own settings is seen or changed. */
function ownFolders(scratch: string): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(BERTH|XDG)_/.test(name))
  return {...Object.fromEntries(own), XDG_CACHE_HOME: scratch, XDG_CONFIG_HOME: scratch, XDG_RUNTIME_DIR: scratch, XDG_STATE_HOME: scratch}
}

/** What the program printed on stdout; its talk goes to ours. Throws when it exits other than 0. */
function output(program: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = process.env): string {
  return execFileSync(program, args, {cwd, encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'inherit']})
}

const scratch = mkdtempSync(join(tmpdir(), 'berth-pack-'))
try {
  packAndUse(scratch)
} finally {
  rmSync(scratch, {force: true, recursive: true})
}
