// A `service create` and a `service update` without any word, for tests that say only what matters to them: two tasks, ECS's percentages, waited for.
import type {CreateServiceWanted, UpdateServiceWanted} from '../../../src/manager/services.js'
import {NO_BREAKER} from '../../../src/model/deployment.js'

export const NOTHING_SAID = {
  cluster: undefined,
  detach: false,
  dryRun: false,
  timeoutSeconds: 600,
  name: 'web',
  sources: {secrets: [], fileSystems: [], allowClientSecrets: false},
} as const

export const CREATE_SERVICE: CreateServiceWanted = {
  ...NOTHING_SAID,
  taskDefinition: 'web',
  settings: {
    desiredCount: 2,
    deploymentConfiguration: {minimumHealthyPercent: 100, maximumPercent: 200, circuitBreaker: NO_BREAKER, isInferred: true},
    placementConstraints: [],
    placementStrategies: [],
    healthCheckGracePeriodSeconds: 0,
    healthyAfterSeconds: 40,
    silenceGraceSeconds: 60,
    tags: {},
    propagateTags: 'NONE',
  },
}

export const UPDATE_SERVICE: UpdateServiceWanted = {
  ...NOTHING_SAID,
  taskDefinition: undefined,
  settings: {},
  deployment: {},
  forceNewDeployment: false,
}
