// This very program as an image: Node.js, the bundle, ssh, and a shell (ssh runs its jumps by one), with what the dynamic linker says that they load. It runs on
// hosts of the same kind of processor; of the host's own files it needs none.
import {createHash} from 'node:crypto'
import {createReadStream} from 'node:fs'
import {access, constants, readdir, realpath, stat} from 'node:fs/promises'
import {dirname, join, relative} from 'node:path'
import {pipeline} from 'node:stream/promises'
import {ConflictError} from '../errors.js'
import {type AssembledImage, fileOf, type ImageFile, type OwnImage} from '../world/assembled-image.js'
import {sshMissing} from './ssh-faults.js'

/** Node's names for processors, as engines say them. */
const ARCHITECTURES: Readonly<Record<string, string>> = {
  arm: 'arm',
  arm64: 'arm64',
  ppc64: 'ppc64le',
  riscv64: 'riscv64',
  s390x: 's390x',
  x64: 'amd64',
}

/** Names of users and hosts, as the C library looks them up by modules of its own; those that are part of it are not there as files. */
const NAME_MODULES = ['libnss_files.so.2', 'libnss_dns.so.2', 'libresolv.so.2']

const SETTINGS = [
  fileOf('etc/passwd', 0o644, 'root:x:0:0:root:/root:/bin/sh\n'),
  fileOf('etc/group', 0o644, 'root:x:0:\n'),
  fileOf('etc/nsswitch.conf', 0o644, 'passwd: files\ngroup: files\nhosts: files dns\n'),
]

const PROGRAM_FOLDER = 'opt/berth'

/**
 * The first process of the container. What ssh leaves in the background becomes its child when ssh has gone, and must be waited for; Node waits only for children
 * of its own, a shell for any. It hands on the signal to end, and ends as the program did.
 */
const FIRST_PROCESS = [
  `trap 'kill -TERM "$program"' TERM INT`,
  `/usr/bin/node -- /${PROGRAM_FOLDER}/bin/run.js "$@" & program=$!`,
  'wait "$program"; code=$?',
  'while kill -0 "$program" 2>/dev/null; do wait "$program"; code=$?; done',
  'exit "$code"',
].join('\n')

export class SystemOwnImage implements OwnImage {
  constructor(
    private readonly machine: {
      readonly environment: Readonly<Record<string, string | undefined>>
      /** The script that runs, as it was named. */
      readonly script: string
    },
  ) {}

  async assemble(signal: AbortSignal): Promise<AssembledImage> {
    if (process.platform !== 'linux')
      throw new ConflictError(
        'ClientNotLinux',
        'The image of the controller is made of the programs of this machine, and only those of Linux run in a container.',
        {suggestions: ['berth controller install --on INSTANCE     (from a machine with Linux)', 'berth controller run']},
      )
    const programs = await this.#programs(signal)
    const bundle = await filesOf(dirname(dirname(await realpath(this.machine.script))))
    const digest = createHash('sha256').update(FIRST_PROCESS)
    for (const one of [...programs, ...bundle]) await addTo(digest, one)
    return {
      reference: `berth-controller:${digest.digest('hex').slice(0, 16)}`,
      architecture: ARCHITECTURES[process.arch] ?? process.arch,
      entryPoint: ['/bin/sh', '-c', FIRST_PROCESS, 'berth'],
      layers: [programs, bundle],
    }
  }

  /** In order of their paths. */
  async #programs(signal: AbortSignal): Promise<readonly ImageFile[]> {
    const ssh = await this.#found('ssh')
    if (ssh === undefined) throw sshMissing(undefined)
    const programs = new Map([
      ['usr/bin/node', process.execPath],
      ['usr/bin/ssh', ssh],
      ['bin/sh', '/bin/sh'],
    ])
    const loaded = (await Promise.all([...programs.values()].map((path) => librariesOf(path, signal)))).flat()
    const beside = loaded
      .filter((path) => /\/libc[.-][^/]*$/.test(path))
      .flatMap((libc) => NAME_MODULES.map((name) => join(dirname(libc), name)))
    const there = await Promise.all(beside.map(async (path) => ((await exists(path)) ? [path, ...(await librariesOf(path, signal))] : [])))
    for (const path of [...loaded, ...there.flat()]) programs.set(relative('/', path), path)
    const files = await Promise.all([...programs].map(([path, source]) => fileAt(path, source, 0o755)))
    return [...SETTINGS, ...files].sort(byPath)
  }

  /** A program of the person's PATH. */
  async #found(name: string): Promise<string | undefined> {
    for (const folder of (this.machine.environment['PATH'] ?? '/usr/bin').split(':'))
      if (folder.startsWith('/') && (await exists(join(folder, name)))) return join(folder, name)
    return undefined
  }
}

/** Absolute paths; none of a program that loads nothing. */
async function librariesOf(path: string, signal: AbortSignal): Promise<readonly string[]> {
  const {execa} = await import('execa')
  const {stdout} = await execa('ldd', [await realpath(path)], {cancelSignal: signal, env: {LC_ALL: 'C'}, reject: false, stdin: 'ignore'})
  signal.throwIfAborted()
  return stdout.split('\n').flatMap((line) => {
    const [, library] = /^\s+(?:\S+ => )?(\/\S+) \(0x[0-9a-f]+\)$/.exec(line) ?? []
    return library === undefined ? [] : [library]
  })
}

/** What of the program's folder it is made of. */
async function filesOf(root: string): Promise<readonly ImageFile[]> {
  const built = await readdir(join(root, 'dist'), {recursive: true, withFileTypes: true})
  const inDist = built.filter((one) => one.isFile()).map((one) => join(relative(root, one.parentPath), one.name))
  const paths = ['bin/run.js', 'package.json', 'oclif.manifest.json', ...inDist]
  return (await Promise.all(paths.map((path) => fileAt(join(PROGRAM_FOLDER, path), join(root, path), 0o644)))).sort(byPath)
}

async function fileAt(path: string, source: string, mode: number): Promise<ImageFile> {
  const real = await realpath(source)
  return {path, mode, sizeBytes: (await stat(real)).size, content: () => createReadStream(real)}
}

async function addTo(digest: ReturnType<typeof createHash>, {content, mode, path, sizeBytes}: ImageFile): Promise<void> {
  digest.update(`\n${path} ${mode} ${sizeBytes}\n`)
  await pipeline(content(), async (pieces) => {
    for await (const piece of pieces) digest.update(piece as Uint8Array)
  })
}

async function exists(path: string): Promise<boolean> {
  return access(path, constants.R_OK).then(
    () => true,
    () => false,
  )
}

function byPath(a: ImageFile, b: ImageFile): number {
  return a.path < b.path ? -1 : 1
}
