import {Flags} from '@oclif/core'
import {BaseCommand} from '../../cli/base-command.js'
import {cluster, planFlags} from '../../cli/flags.js'
import {attribute, instanceArgs, instanceType, resourceFlags, updateWanted, zone} from '../../cli/instance-flags.js'
import {instanceNamesView} from '../../console/instances.js'
import {instancesJson} from '../../ecs/instances.js'
import {updateInstance} from '../../manager/instances.js'

export default class InstanceUpdate extends BaseCommand<typeof InstanceUpdate> {
  static override summary = 'Change the attributes or registered resources of an instance.'
  static override description = 'What is not named stays as it is. Tasks that run on it go on, whether they would still fit or not.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> db1 --attribute disk=nvme',
    '<%= config.bin %> <%= command.id %> db1 --zone b --remove-attribute disk',
  ]
  static override args = instanceArgs
  static override flags = {
    ...planFlags,
    ...resourceFlags,
    attribute,
    cluster,
    'instance-type': instanceType,
    'remove-attribute': Flags.string({description: 'Remove a custom attribute. Repeatable.', helpValue: 'NAME', multiple: true}),
    zone,
  }

  async run() {
    const updated = await updateInstance(this.world, updateWanted(this.flags, this.args.instance))
    return this.answer(updated, instanceNamesView, (found) => ({containerInstance: instancesJson(found).containerInstances[0]}))
  }
}
