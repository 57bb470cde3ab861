import {Args, Flags} from '@oclif/core'
import {BaseCommand} from '../../cli/base-command.js'
import {cluster, planFlags} from '../../cli/flags.js'
import {attribute, instanceType, resourceFlags, resourceSettings, tlsFiles, tlsFlags, zone} from '../../cli/instance-flags.js'
import {instanceNamesView} from '../../console/instances.js'
import {instancesJson} from '../../ecs/instances.js'
import {joinInstance} from '../../manager/join.js'

export default class InstanceJoin extends BaseCommand<typeof InstanceJoin> {
  static override summary = 'Make a host an instance of the cluster.'
  static override description = [
    'Nothing is installed on the host: it must run a Docker engine that you can reach. HOST is local, unix:///path, ssh://[user@]host[:port][/path/to/docker.sock] or tcp://host:2376.',
    'For ssh your own ssh program is used, with its configuration, keys and known hosts; on a terminal it may ask. One engine is in one cluster once.',
  ].join('\n')
  static override examples = [
    '<%= config.bin %> <%= command.id %> local --zone home',
    '<%= config.bin %> <%= command.id %> ssh://deploy@db1.example --name db1 --zone a --attribute disk=ssd --reserve-memory 512',
    '<%= config.bin %> <%= command.id %> tcp://10.0.0.5:2376 --tlscacert ca.pem --tlscert cert.pem --tlskey key.pem',
  ]
  static override args = {host: Args.string({description: 'The host; asked for on a terminal when it is not given.'})}
  static override flags = {
    ...planFlags,
    ...resourceFlags,
    ...tlsFlags,
    attribute,
    cluster,
    'instance-type': instanceType,
    name: Flags.string({description: "Name of the instance; default: the host's own name.", helpValue: 'NAME'}),
    zone,
  }

  async run() {
    const {attribute: attributes = [], cluster, 'dry-run': dryRun, 'instance-type': instanceType, name, zone} = this.flags
    const wanted = {attributes, cluster, dryRun, host: this.args.host, instanceType, name, zone}
    const joined = await joinInstance(this.world, {...wanted, resources: resourceSettings(this.flags), tls: tlsFiles(this.flags)})
    return this.answer(joined, instanceNamesView, (found) => ({containerInstance: instancesJson(found).containerInstances[0]}))
  }
}
