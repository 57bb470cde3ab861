import {Args} from '@oclif/core'
import {BaseCommand} from '../../cli/base-command.js'
import {cluster, planFlags} from '../../cli/flags.js'
import {joinFlags, joinWanted} from '../../cli/instance-flags.js'
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
  static override flags = {...planFlags, ...joinFlags, cluster}

  async run() {
    const {cluster, 'dry-run': dryRun} = this.flags
    const joined = await joinInstance(this.world, {...joinWanted(this.flags), cluster, dryRun, host: this.args.host})
    return this.answer(joined, instanceNamesView, (found) => ({containerInstance: instancesJson(found).containerInstances[0]}))
  }
}
