// The words of commands that deploy and change daemons, and what they ask for together.
import {Args, Flags, type Interfaces} from '@oclif/core'
import type {DefinitionText} from '../manager/definition-text.js'
import type {DeployDaemonWanted} from '../manager/daemons.js'
import {NO_BREAKER} from '../model/deployment.js'
import {formatFlag} from './definition-files.js'
import {configurationSaid, DEFAULT_SETTINGS, mannerOf, rolloutFlags, settingsSaid, sourcesOf, workloadFlags} from './workload-flags.js'

export const daemonArgs = {name: Args.string({description: 'Name of the daemon.', required: true})}

/** For commands that name any number of daemons; the rest of the words are names too. */
export const daemonsArgs = {name: Args.string({description: 'Names of the daemons; default: all of the cluster.'})}

export const deployArgs = {
  definition: Args.string({
    description: 'File of an ECS task definition (- for standard input), or family or family:revision of one that is registered.',
    required: true,
  }),
}

const daemonFlags = {
  ...rolloutFlags,
  ...workloadFlags,
  'minimum-healthy-percent': Flags.integer({
    description: 'So many are kept healthy in an update, of the instances that it belongs on; default: 0, all at once.',
    helpValue: 'PERCENT',
    max: 99,
    min: 0,
  }),
}

export const deployFlags = {
  ...daemonFlags,
  format: formatFlag(),
  name: Flags.string({description: 'Name of the daemon; default: the family of what it runs.', helpValue: 'NAME'}),
}

export const updateDaemonFlags = {
  ...daemonFlags,
  'force-new-deployment': Flags.boolean({description: 'Deploy again though the definition is the same: tags are resolved anew.'}),
  'task-definition': Flags.string({description: 'What its tasks run from now on.', helpValue: 'NAME'}),
}

/** Throws `InvalidInputError`s. */
export function daemonWanted(
  words: Interfaces.InferredFlags<typeof daemonFlags> & {readonly 'force-new-deployment'?: boolean},
  of: {readonly definition: DefinitionText | string | undefined; readonly isUpdate: boolean; readonly name: string | undefined},
): DeployDaemonWanted {
  return {
    ...mannerOf(words),
    ...of,
    defaults: {
      ...DEFAULT_SETTINGS,
      deploymentConfiguration: {minimumHealthyPercent: 0, maximumPercent: 100, circuitBreaker: NO_BREAKER},
    },
    settings: settingsSaid(words),
    configuration: configurationSaid(words),
    isForced: words['force-new-deployment'] ?? false,
    sources: sourcesOf(words),
  }
}
