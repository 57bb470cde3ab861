// A cluster of which a person does by hand what they should not, and what `cluster drift` says of it.
import {docker} from '../../support/hosts/engine.js'
import type {Ran} from '../../support/session.js'
import {Stage} from '../session/stage.js'

interface AnswerTold {
  readonly possible: boolean
  readonly said: string
  readonly mend?: string
}

/** A drift as `--json` tells it. */
export interface DriftTold {
  readonly id: string
  readonly kind: string
  readonly instance: string
  readonly subject: string
  readonly wanted: string
  readonly found: string
  readonly adopt: AnswerTold
  readonly revert: AnswerTold
  readonly ignored?: {readonly by: string; readonly at: string}
}

interface DriftDocument {
  readonly drift: readonly DriftTold[]
  readonly ignoredCount: number
  readonly silent: readonly {readonly instance: string; readonly since: string; readonly why: string}[]
}

export class DriftStage {
  private constructor(readonly stage: Stage) {}

  static async open(instances: readonly string[] = ['web1']): Promise<DriftStage> {
    return new DriftStage(await Stage.open(instances))
  }

  /** `docker` on `web1`, beside Berth. */
  docker(...words: readonly string[]): Promise<string> {
    return docker(this.stage.host('web1'), ...words)
  }

  /** What a look tells, with its exit code. */
  async look(...flags: readonly string[]): Promise<DriftDocument & {readonly exitCode: number | undefined}> {
    const {exitCode, stderr, stdout} = await this.stage.session.berth('cluster', 'drift', '--json', ...flags)
    if (exitCode !== 0 && exitCode !== 11) throw new Error(`The look failed: ${stdout}${stderr}`)
    return {exitCode, ...(JSON.parse(stdout) as DriftDocument)}
  }

  /** The only drift there is. */
  async only(): Promise<DriftTold> {
    const {drift} = await this.look()
    const [one] = drift
    if (!one || drift.length > 1) throw new Error(`There is not one drift: ${JSON.stringify(drift, undefined, 2)}`)
    return one
  }

  /** Answers drift, whatever is asked. */
  answer(...flags: readonly string[]): Promise<Ran> {
    return this.stage.session.berth('cluster', 'drift', ...flags, '--yes')
  }

  /** The id of a task on `web1`, and its container's. */
  async launch(flags: readonly string[] = []): Promise<{readonly id: string; readonly container: string}> {
    const id = await this.stage.launch(['--placement-constraint', 'memberOf:ec2InstanceId == web1', ...flags])
    const [container = ''] = await this.stage.containers('web1', id)
    return {id, container}
  }

  /** A container that is started by hand with the labels of another; returns its id. */
  async copyOf(container: string, ...flags: readonly string[]): Promise<string> {
    const {Config} = await this.stage.inspect('web1', container)
    const labels = Object.entries(Config.Labels).flatMap(([name, value]) => ['--label', `${name}=${value}`])
    return (await this.docker('run', '-d', ...labels, ...flags, 'busybox:test', 'sleep', '600')).trim()
  }

  close(): Promise<void> {
    return this.stage.close()
  }
}
