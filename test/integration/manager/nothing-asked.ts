// A `task run` without any word, for tests that say only what matters to them.
import type {RunTasksWanted} from '../../../src/manager/run-request.js'

export const NOTHING_ASKED: RunTasksWanted = {
  clientToken: undefined,
  sources: {allowClientSecrets: false, fileSystems: [], secrets: []},
  cluster: undefined,
  command: [],
  constraints: [],
  container: undefined,
  count: 1,
  cpuUnits: undefined,
  detach: false,
  dryRun: false,
  environment: [],
  group: undefined,
  image: undefined,
  memoryMiB: undefined,
  overrides: undefined,
  ports: [],
  pull: undefined,
  reference: undefined,
  removeWhenStopped: false,
  startedBy: undefined,
  strategies: [],
  volumes: {mountPoints: [], volumes: []},
}
