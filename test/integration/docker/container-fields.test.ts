// Each field of a container that stands for itself: what `docker inspect` says of it, and what the program inside meets.
import {expect} from 'chai'
import type {ContainerSpec} from '../../../src/world/container-spec.js'
import {startTestEngine, type TestEngine} from '../../support/engine.js'
import {run} from '../../support/hosts/programs.js'
import {aContainer, aSpec, failureOf, printed, soon, textOf} from '../../support/specs.js'

interface FieldCase {
  readonly it: string
  readonly said: Partial<ContainerSpec>
  /** By their paths in `docker inspect`. */
  readonly inspected: Readonly<Record<string, unknown>>
  /** Runs inside, and prints what `prints` says. */
  readonly script?: string
  readonly prints?: RegExp | string
}

const MIB = 1024 * 1024

const LIMITS: readonly FieldCase[] = [
  {
    it: 'may use so much of a core at most',
    said: {cpuCores: 0.5},
    inspected: {'HostConfig.NanoCpus': 500_000_000},
    script: 'cat /sys/fs/cgroup/cpu.max 2>/dev/null || cat /sys/fs/cgroup/cpu/cpu.cfs_quota_us',
    prints: /^50000\b/,
  },
  {
    it: 'may use so much memory and swap at most',
    said: {memoryMiB: 32, memoryAndSwapMiB: 48},
    inspected: {'HostConfig.Memory': 32 * MIB, 'HostConfig.MemorySwap': 48 * MIB},
    script: 'cat /sys/fs/cgroup/memory.max 2>/dev/null || cat /sys/fs/cgroup/memory/memory.limit_in_bytes',
    prints: String(32 * MIB),
  },
  {
    it: 'has shared memory of that size',
    said: {sharedMemoryMiB: 16},
    inspected: {'HostConfig.ShmSize': 16 * MIB},
    script: "df -k /dev/shm | awk 'END {print $2}'",
    prints: String(16 * 1024),
  },
  {
    it: 'has file systems in memory with their options',
    said: {tmpfs: {'/scratch': 'size=8m,noexec'}},
    inspected: {'HostConfig.Tmpfs': {'/scratch': 'size=8m,noexec'}},
    script: 'grep /scratch /proc/mounts',
    prints: /^tmpfs \/scratch tmpfs .*noexec.*size=8192k/,
  },
  {
    it: 'has limits of processes',
    said: {ulimits: [{name: 'nofile', soft: 512, hard: 1024}]},
    inspected: {'HostConfig.Ulimits': [{Name: 'nofile', Soft: 512, Hard: 1024}]},
    script: 'ulimit -Sn; ulimit -Hn',
    prints: '512\n1024',
  },
  {
    it: 'has kernel settings of its own',
    said: {sysctls: {'net.core.somaxconn': '321'}},
    inspected: {'HostConfig.Sysctls': {'net.core.somaxconn': '321'}},
    script: 'cat /proc/sys/net/core/somaxconn',
    prints: '321',
  },
]

const RIGHTS: readonly FieldCase[] = [
  {
    it: 'runs as that user',
    said: {user: '65534:65534'},
    inspected: {'Config.User': '65534:65534'},
    script: 'id -u; id -g',
    prints: '65534\n65534',
  },
  {
    it: 'cannot write on a root file system that is read-only',
    said: {readonlyRootFilesystem: true},
    inspected: {'HostConfig.ReadonlyRootfs': true},
    script: 'touch /berth 2>/dev/null || echo refused',
    prints: 'refused',
  },
  {
    it: 'has capabilities more and less than usual',
    said: {capabilities: {add: ['NET_ADMIN'], drop: ['CHOWN']}},
    inspected: {'HostConfig.CapDrop': ['CHOWN']},
    script: 'ip link set lo mtu 1400 && cat /sys/class/net/lo/mtu; touch /tmp/a; chown 1 /tmp/a 2>/dev/null || echo refused',
    prints: '1400\nrefused',
  },
  {
    it: 'cannot gain rights where that is switched off',
    said: {securityOptions: ['no-new-privileges']},
    inspected: {'HostConfig.SecurityOpt': ['no-new-privileges']},
    script: "awk '/NoNewPrivs/ {print $2}' /proc/self/status",
    prints: '1',
  },
  {
    it: 'has devices of the host under names of its own',
    said: {devices: [{hostPath: '/dev/zero', containerPath: '/dev/nought', permissions: 'r'}]},
    inspected: {'HostConfig.Devices': [{PathOnHost: '/dev/zero', PathInContainer: '/dev/nought', CgroupPermissions: 'r'}]},
    script: 'head -c 3 /dev/nought | wc -c',
    prints: '3',
  },
  {
    it: 'has an init before its program',
    said: {init: true},
    inspected: {'HostConfig.Init': true},
    script: 'cat /proc/1/comm',
    prints: 'docker-init',
  },
]

const SURROUNDINGS: readonly FieldCase[] = [
  {it: 'has that host name', said: {hostname: 'front'}, inspected: {'Config.Hostname': 'front'}, script: 'hostname', prints: 'front'},
  {
    it: 'works in that folder',
    said: {workingDirectory: '/var/deep'},
    inspected: {'Config.WorkingDir': '/var/deep'},
    script: 'pwd',
    prints: '/var/deep',
  },
  {
    it: 'asks those name servers for names in those domains',
    said: {dnsServers: ['192.0.2.53'], dnsSearchDomains: ['shop.example']},
    inspected: {'HostConfig.Dns': ['192.0.2.53'], 'HostConfig.DnsSearch': ['shop.example']},
    script: "grep -E '^(nameserver|search)' /etc/resolv.conf | sort",
    prints: 'nameserver 192.0.2.53\nsearch shop.example',
  },
  {
    it: 'knows hosts by the addresses given',
    said: {extraHosts: ['store:192.0.2.7']},
    inspected: {'HostConfig.ExtraHosts': ['store:192.0.2.7']},
    script: "awk '/store/ {print $1}' /etc/hosts",
    prints: '192.0.2.7',
  },
  {
    it: 'has no network but itself where there is none',
    said: {network: 'none'},
    inspected: {'HostConfig.NetworkMode': 'none'},
    script: 'ls /sys/class/net',
    prints: 'lo',
  },
  {
    it: 'has no network but itself where it is disabled',
    said: {networkDisabled: true},
    inspected: {'Config.NetworkDisabled': true},
    script: 'ls /sys/class/net',
    prints: 'lo',
  },
  {
    it: 'has an input that stays open where it is interactive',
    said: {interactive: true},
    inspected: {'Config.OpenStdin': true},
    script: "readlink /proc/self/fd/0 | sed 's/:.*//'",
    prints: 'pipe',
  },
  {it: 'has no input otherwise', said: {}, inspected: {'Config.OpenStdin': false}, script: 'readlink /proc/self/fd/0', prints: '/dev/null'},
  {
    it: 'has a terminal',
    said: {terminal: true},
    inspected: {'Config.Tty': true},
    script: 'test -t 1 && echo a terminal',
    prints: 'a terminal',
  },
  {
    it: 'has its output kept by that driver with those options',
    said: {log: {driver: 'json-file', options: {'max-file': '2', 'max-size': '1m'}}},
    inspected: {'HostConfig.LogConfig': {Type: 'json-file', Config: {'max-file': '2', 'max-size': '1m'}}},
  },
  {
    it: 'is checked as often and as patiently as asked',
    said: {healthCheck: {test: ['CMD', 'true'], intervalSeconds: 5, timeoutSeconds: 2, retries: 3, startPeriodSeconds: 10}},
    inspected: {
      'Config.Healthcheck': {Test: ['CMD', 'true'], Interval: 5e9, Timeout: 2e9, Retries: 3, StartPeriod: 10e9},
    },
  },
  {it: 'is not checked where that is switched off', said: {healthCheck: 'none'}, inspected: {'Config.Healthcheck': {Test: ['NONE']}}},
  {
    it: 'bears labels of a person, but none of them in place of ours',
    said: {labels: {colour: 'red', 'berth.container': 'false name'}},
    inspected: {'Config.Labels.colour': 'red', 'Config.Labels.berth\\.container': 'main'},
  },
]

describe('A container on Docker', function () {
  this.timeout(60_000)
  let real: TestEngine
  const docker = (...words: readonly string[]) => run('docker', ['-H', `unix://${real.socketPath}`, ...words])
  const inspected = async (name: string) => JSON.parse(await docker('inspect', name))[0]

  before(async () => {
    real = await startTestEngine()
  })
  after(() => real.stop())

  for (const field of [...LIMITS, ...RIGHTS, ...SURROUNDINGS])
    it(field.it, async () => {
      const name = await aContainer(real.engine, {...field.said, command: ['sh', '-c', field.script ?? 'exit 0']})
      await real.engine.wait(name, soon())

      const said = await inspected(name)
      for (const [path, value] of Object.entries(field.inspected)) expect(said).to.have.deep.nested.property(path, value)
      if (field.prints === undefined) return
      const words = textOf(await printed(real.engine.logs(name, {}, soon())), 'stdout').trim()
      if (typeof field.prints === 'string') expect(words).to.equal(field.prints)
      else expect(words).to.match(field.prints)
    })

  it('swaps as readily as asked, where the kernel lets a container choose', async () => {
    const cgroupVersion = (await docker('info', '--format', '{{.CgroupVersion}}')).trim()
    const name = await aContainer(real.engine, {memoryMiB: 32, swappiness: 40})

    expect((await inspected(name)).HostConfig.MemorySwappiness).to.equal(cgroupVersion === '1' ? 40 : null)
  })

  it('is made with every right where it is privileged: whether it starts is up to what the engine itself may do', async () => {
    const spec = aSpec({privileged: true})
    await real.engine.create(spec, soon())

    expect((await inspected(spec.name)).HostConfig.Privileged).to.equal(true)
  })

  it('prints into nothing where its driver keeps nothing', async () => {
    const name = await aContainer(real.engine, {log: {driver: 'none', options: {}}})

    expect((await inspected(name)).HostConfig.LogConfig.Type).to.equal('none')
  })

  it('does not start with a field that the engine refuses, and says which', async () => {
    const spec = aSpec({sysctls: {'kernel.berth': '1'}})
    await real.engine.create(spec, soon())
    const failure = await failureOf(real.engine.start(spec.name, soon()))

    expect(failure).to.have.property('code', 'CannotStartContainerError')
    expect(failure.message).to.contain('kernel.berth')
  })
})
