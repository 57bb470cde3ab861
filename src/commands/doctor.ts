import {BaseCommand} from '../cli/base-command.js'
import {cluster} from '../cli/flags.js'
import {diagnosisView} from '../console/diagnosis.js'
import {examineCluster} from '../manager/doctor.js'

export default class Doctor extends BaseCommand<typeof Doctor> {
  static override summary = 'Examine the hosts of the cluster, and the state, and say what would mend what is wrong.'
  static override description =
    'Asked of each host: does it answer, what its sshd allows, what engine it has and whether that changed since the join, what is left of its disk, its clock, its mark, stray containers. Nothing is changed. Exits with 11 when there is a problem.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    "<%= config.bin %> <%= command.id %> --query 'findings[?severity==`problem`]'",
  ]
  static override flags = {cluster}

  async run() {
    const findings = await examineCluster(this.world, this.flags.cluster)
    this.exitWith(findings.some(({severity}) => severity === 'problem') ? 11 : 0)
    return this.tell(findings, diagnosisView, (found) => ({findings: found}))
  }
}
