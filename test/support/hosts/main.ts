// `npm run hosts up|down`: hosts that stay between runs of single tests.
import {rmSync} from 'node:fs'
import {readDescriptor, standingDescriptor, writeDescriptor} from './descriptor.js'
import {answers} from './engine.js'
import {startHosts} from './start.js'
import {stopRun} from './stop.js'
import {allHosts, type TestHosts} from './test-hosts.js'

async function up(): Promise<void> {
  const hosts = (await standing()) ?? (await startAnew())
  for (const host of hosts.ssh) process.stdout.write(`${host.name}  ${host.url}  unix://${host.socketPath}\n`)
  process.stdout.write(`local  unix://${hosts.local.socketPath}\n\n`)
  for (const [name, value] of Object.entries(hosts.environment)) process.stdout.write(`export ${name}=${value}\n`)
  process.stdout.write(`\n${standingDescriptor()}\n`)
}

async function down(): Promise<void> {
  process.stdout.write((await stopStanding()) ? 'The hosts are down.\n' : 'No hosts stand.\n')
}

/** The hosts that stand already, when all their engines answer. */
async function standing(): Promise<TestHosts | undefined> {
  const hosts = readDescriptor(standingDescriptor())
  if (!hosts) return undefined
  const answered = await Promise.all(allHosts(hosts).map((host) => answers(host.socketPath)))
  return answered.every(Boolean) ? hosts : undefined
}

async function startAnew(): Promise<TestHosts> {
  await stopStanding()
  const hosts = await startHosts({stay: true})
  writeDescriptor(standingDescriptor(), hosts)
  return hosts
}

async function stopStanding(): Promise<boolean> {
  const hosts = readDescriptor(standingDescriptor())
  if (!hosts) return false
  await stopRun(hosts)
  rmSync(standingDescriptor(), {force: true})
  return true
}

const deeds: Readonly<Record<string, () => Promise<void>>> = {up, down}
const deed = deeds[process.argv[2] ?? '']
if (deed) {
  await deed()
} else {
  process.stderr.write('Say `npm run hosts up` or `npm run hosts down`.\n')
  process.exitCode = 2
}
