// The words of the controller's commands.
import {Flags} from '@oclif/core'
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

/** Whose systemd. */
export const unitFlags = {
  systemd: Flags.boolean({description: 'As a unit of systemd: the default.'}),
  user: Flags.boolean({description: 'A unit of yours alone, which needs no rights; default: one of the machine.'}),
}
