import {expect} from 'chai'
import {containerListed, containerSeen, imageSeen} from './seen.js'

const ID = 'f'.repeat(64)

describe('containerListed', () => {
  it('reads what an engine lists, one port for each address it is bound to', () => {
    const listed = containerListed({
      Id: ID,
      Names: ['/other/alias', '/web'],
      Image: 'nginx:1',
      ImageID: 'sha256:1',
      Labels: {maintainer: 'somebody'},
      State: 'running',
      Created: 1_700_000_000,
      Ports: [
        {IP: '0.0.0.0', PrivatePort: 80, PublicPort: 8080, Type: 'tcp'},
        {IP: '::', PrivatePort: 80, PublicPort: 8080, Type: 'tcp'},
        {PrivatePort: 443, Type: 'tcp'},
        {IP: '0.0.0.0', PrivatePort: 9, PublicPort: 9, Type: 'sctp'},
      ],
    })

    expect(listed).to.deep.equal({
      runtimeId: ID,
      name: 'web',
      image: 'nginx:1',
      imageId: 'sha256:1',
      status: 'running',
      createdAt: '2023-11-14T22:13:20.000Z',
      ports: [
        {ip: '0.0.0.0', hostPort: 8080, containerPort: 80, protocol: 'tcp'},
        {ip: '::', hostPort: 8080, containerPort: 80, protocol: 'tcp'},
      ],
    })
  })

  it('lives with what an engine leaves out', () => {
    expect(containerListed({Id: ID, Names: null, Labels: null, Ports: null})).to.include({name: '', image: '', status: 'running'})
  })

  it('knows podman’s words', () => {
    expect(containerListed({Id: ID, State: 'stopped'}).status).to.equal('exited')
    expect(containerListed({Id: ID, State: 'configured'}).status).to.equal('created')
  })
})

describe('containerSeen', () => {
  it('reads a container that ended', () => {
    const seen = containerSeen({
      Id: ID,
      Name: '/web',
      Image: 'sha256:1',
      Created: '2026-11-23T20:56:00.123456789Z',
      RestartCount: 2,
      State: {
        Status: 'exited',
        ExitCode: 137,
        OOMKilled: true,
        Error: '',
        StartedAt: '2026-11-23T20:56:01.5Z',
        FinishedAt: '2026-11-23T20:56:02Z',
      },
      Config: {Image: 'nginx:1', Labels: {}, Cmd: ['serve']},
      HostConfig: {Memory: 0, MemoryReservation: 33_554_432, CpuShares: 128, NanoCpus: 500_000_000, RestartPolicy: {Name: 'always'}},
      NetworkSettings: {Ports: {'80/tcp': null}},
    })

    expect(seen).to.deep.equal({
      runtimeId: ID,
      name: 'web',
      image: 'nginx:1',
      imageId: 'sha256:1',
      status: 'exited',
      exitCode: 137,
      outOfMemory: true,
      error: '',
      terminal: false,
      createdAt: '2026-11-23T20:56:00.123Z',
      startedAt: '2026-11-23T20:56:01.500Z',
      finishedAt: '2026-11-23T20:56:02.000Z',
      ports: [],
      command: ['serve'],
      memoryMiB: 32,
      limits: {cpuShares: 128, cpuCores: 0.5, memoryBytes: 0, memoryReservationBytes: 33_554_432, memoryAndSwapBytes: 0},
      restartPolicy: 'always',
      restartCount: 2,
    })
  })

  it('reads a cap however it was said, and none where nothing was', () => {
    const capOf = (HostConfig: object) => containerSeen({Id: ID, HostConfig}).limits.cpuCores

    expect(
      [{}, {NanoCpus: 250_000_000}, {CpuQuota: 150_000}, {CpuQuota: 50_000, CpuPeriod: 25_000}, {CpuQuota: -1}].map(capOf),
    ).to.deep.equal([0, 0.25, 1.5, 2, 0])
    expect(containerSeen({Id: ID, HostConfig: {RestartPolicy: {Name: ''}}}).restartPolicy).to.equal('no')
  })

  it('has no exit code while it runs, and none when it never started', () => {
    const never = '0001-01-01T00:00:00Z'
    const running = containerSeen({Id: ID, State: {Status: 'running', ExitCode: 0, StartedAt: '2026-11-23T20:56:01Z', FinishedAt: never}})
    const failed = containerSeen({
      Id: ID,
      State: {Status: 'created', ExitCode: 127, Error: 'no such file', StartedAt: never, FinishedAt: never},
    })

    expect(running).not.to.have.any.keys('exitCode', 'finishedAt')
    expect(failed).not.to.have.any.keys('exitCode', 'startedAt')
    expect(failed.error).to.equal('no such file')
  })

  it('reads published ports', () => {
    const NetworkSettings = {
      Ports: {'53/udp': [{HostIp: '0.0.0.0', HostPort: '32768'}], '80/tcp': [{HostIp: '127.0.0.1', HostPort: '8080'}]},
    }

    expect(containerSeen({Id: ID, NetworkSettings}).ports).to.deep.equal([
      {ip: '0.0.0.0', hostPort: 32_768, containerPort: 53, protocol: 'udp'},
      {ip: '127.0.0.1', hostPort: 8080, containerPort: 80, protocol: 'tcp'},
    ])
  })

  it('tells health only where there is a check, in a look as in the words of a listing', () => {
    expect(containerSeen({Id: ID, State: {Status: 'running', Health: {Status: 'unhealthy'}}}).health).to.equal('unhealthy')
    for (const none of [undefined, null, {}, {Status: 'none'}, {Status: ''}])
      expect(containerSeen({Id: ID, State: {Status: 'running', ...(none === undefined ? {} : {Health: none})}})).not.to.have.property(
        'health',
      )
    for (const [words, health] of [
      ['Up 2 minutes (healthy)', 'healthy'],
      ['Up 2 minutes (unhealthy)', 'unhealthy'],
      ['Up 1 second (health: starting)', 'starting'],
    ])
      expect(containerListed({Id: ID, Status: words ?? ''}).health).to.equal(health)
    for (const words of ['Up 2 minutes', 'Up 2 minutes (Paused)', 'Exited (137) 1 second ago', ''])
      expect(containerListed({Id: ID, Status: words})).not.to.have.property('health')
  })

  it("has the address on the engine's own network, else on the first that gave it one, else none", () => {
    const networks = {Networks: {none: null, idle: {IPAddress: ''}, shop: {IPAddress: '10.1.0.2'}}}

    expect(containerSeen({Id: ID, NetworkSettings: {IPAddress: '172.17.0.2', ...networks}}).address).to.equal('172.17.0.2')
    expect(containerSeen({Id: ID, NetworkSettings: {IPAddress: '', ...networks}}).address).to.equal('10.1.0.2')
    expect(containerSeen({Id: ID, NetworkSettings: {IPAddress: '', Networks: null}})).not.to.have.property('address')
  })

  it('tells whether it has a terminal', () => {
    expect(containerSeen({Id: ID, Config: {Tty: true}}).terminal).to.equal(true)
    expect(containerSeen({Id: ID}).terminal).to.equal(false)
  })
})

describe('imageSeen', () => {
  it('lives with null lists', () => {
    expect(imageSeen({Id: 'sha256:1', RepoDigests: null, RepoTags: null})).to.deep.equal({
      id: 'sha256:1',
      repoDigests: [],
      repoTags: [],
      architecture: '',
      sizeBytes: 0,
    })
  })
})
