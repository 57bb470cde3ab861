// The words of the controller's commands.
import {Flags} from '@oclif/core'
import {InvalidInputError} from '../errors.js'
import {cluster} from './flags.js'

/** What the controller is told, by hand or by its unit. */
export const controllerFlags = {
  'allow-client-secrets': Flags.boolean({
    description: "Let definitions' secrets run programs here, and their secrets and environment files be read from outside their folders.",
  }),
  cluster,
  'log-format': Flags.option({
    default: 'text',
    description: 'How its log on stderr is written: a line an event.',
    options: ['text', 'json'] as const,
  })(),
  metrics: Flags.string({
    description: 'Serve figures for Prometheus at /metrics on this port of 127.0.0.1, or on HOST:PORT.',
    helpValue: '[HOST:]PORT',
  }),
}

interface ContainerFlags {
  readonly 'allow-client-secrets': boolean
  readonly 'dry-run': boolean
  readonly identity: string | undefined
  readonly 'known-hosts': string | undefined
}

/** What `--on` asks for besides. Throws `MissingArgument` without the two files, and `SecretsNotThere` for programs and files of this machine. */
export function containerWanted<T extends {readonly instance: string}>(
  words: T,
  {'allow-client-secrets': allowClientSecrets, 'dry-run': dryRun, identity, 'known-hosts': knownHosts}: ContainerFlags,
): T & {readonly dryRun: boolean; readonly identity: string; readonly knownHosts: string} {
  const again = `berth controller install --on ${words.instance} --identity KEY --known-hosts FILE`
  if (allowClientSecrets)
    throw new InvalidInputError(
      'SecretsNotThere',
      'A controller on an instance has no programs and files of this machine to take secrets from.',
      {
        suggestions: [again, 'berth controller install --systemd --allow-client-secrets'],
      },
    )
  if (identity === undefined || knownHosts === undefined)
    throw new InvalidInputError(
      'MissingArgument',
      `${identity === undefined ? '--identity' : '--known-hosts'} is missing: say what it logs in with and whom it trusts.`,
      {
        suggestions: [again],
      },
    )
  return {...words, dryRun, identity, knownHosts}
}

/** Where it is to run: by systemd on this machine, whose, or in a container on an instance. */
export const placeFlags = {
  on: Flags.string({
    description: 'As a container on this instance, where the state is shared (etcd): its image is made of the programs of this machine.',
    exclusive: ['systemd', 'user'],
    helpValue: 'INSTANCE',
  }),
  systemd: Flags.boolean({description: 'As a unit of systemd on this machine: the default.'}),
  user: Flags.boolean({description: 'A unit of yours alone, which needs no rights; default: one of the machine.'}),
}
