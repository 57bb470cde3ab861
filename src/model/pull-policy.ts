// When an image is asked of its registry before a container is made from it.

/**
 * `missing`: only when the host has it not, so that a launch depends on nothing outside; `always`: each time, and a pull that fails fails the start;
 * `never`: not even then. Docker's words; on ECS the agent's ECS_IMAGE_PULL_BEHAVIOR says as much for a whole host (`prefer-cached`, `always`).
 */
export type PullPolicy = (typeof PULL_POLICIES)[number]

export const PULL_POLICIES = ['missing', 'always', 'never'] as const
