import {Args} from '@oclif/core'
import {BaseCommand} from '../../cli/base-command.js'
import {simulateFlags, simulateWanted} from '../../cli/simulate-flags.js'
import {simulationView} from '../../console/simulations.js'
import {simulatePlacement} from '../../manager/simulate-placement.js'

export default class PlacementSimulate extends BaseCommand<typeof PlacementSimulate> {
  static override summary =
    'Show what tasks would fill, on the instances there are or on described ones, and what a lost instance would mean.'
  static override description =
    'A file has rows of instances and of tasks: CSV with the columns kind (instance or task), name, count, cpu, memory, definition, ports, group, constraints, strategies, and any attribute; or JSON of {"instances": [...], "tasks": [...]} with these as fields and {"attributes": {...}}. Nothing is placed. With --lose and --lose-any what is on an instance is placed on the others, tasks of services under their own constraints and strategies, those of daemons nowhere: exits with 11 when something finds no place.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> web --count 20 --placement-strategy binpack:memory',
    "<%= config.bin %> <%= command.id %> web --count 500 --instances '100x4096cpu,16384mem,zone=a|b|c' --placement-strategy spread:attribute:ecs.availability-zone",
    '<%= config.bin %> <%= command.id %> --lose db1',
    '<%= config.bin %> <%= command.id %> web --count 5 --lose-any',
    '<%= config.bin %> <%= command.id %> --file plan.csv --lose-any',
  ]
  static override args = {
    'task-definition': Args.string({
      description:
        'Family (its newest revision), family:revision or ARN; asked for on a terminal when neither it nor --image is given, but for --lose alone.',
    }),
  }
  static override flags = simulateFlags

  async run() {
    const wanted = await simulateWanted(this.flags, this.args['task-definition'])
    const simulation = await simulatePlacement(this.world, wanted)
    this.exitWith(simulation.homelessCount > 0 ? 11 : 0)
    return this.tell(simulation, simulationView, (simulated) => ({simulation: simulated}))
  }
}
