// `npm run hosts up|down`: hosts that stay between runs of single tests.
import {defaultDescriptor, readDescriptor, stopDescribed, sweep, writeDescriptor} from './descriptor.js'
import {dockerdPid} from './engine.js'
import {startHosts} from './start.js'
import {allHosts} from './test-hosts.js'

async function up(): Promise<void> {
  const file = defaultDescriptor()
  await sweep()
  const standing = readDescriptor(file)
  if (standing && !allHosts(standing).every(dockerdPid)) await stopDescribed(file)
  const hosts = readDescriptor(file) ?? (await startHosts())
  writeDescriptor(file, hosts)
  for (const host of hosts.ssh) process.stdout.write(`${host.name}  ${host.url}  unix://${host.socketPath}\n`)
  process.stdout.write(`local  unix://${hosts.local.socketPath}\n\n`)
  for (const [name, value] of Object.entries(hosts.environment)) process.stdout.write(`export ${name}=${value}\n`)
  process.stdout.write(`\n${file}\n`)
}

async function down(): Promise<void> {
  await sweep()
  process.stdout.write((await stopDescribed(defaultDescriptor())) ? 'The hosts are down.\n' : 'No hosts stand.\n')
}

const deeds: Readonly<Record<string, () => Promise<void>>> = {up, down}
const deed = deeds[process.argv[2] ?? '']
if (deed) {
  await deed()
} else {
  process.stderr.write('Say `npm run hosts up` or `npm run hosts down`.\n')
  process.exitCode = 2
}
