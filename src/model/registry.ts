// Which registry an image comes from, by Docker's rule (distribution/reference, normalize.go, read 2026-11-26).

/** Docker's own registry, where an image's name says none. */
export const DOCKER_HUB = 'docker.io'

/** What stands before the first slash, where it can only be a host: it has a dot or a port, or is `localhost`; else `docker.io`. */
export function registryOf(image: string): string {
  const slash = image.indexOf('/')
  const first = image.slice(0, Math.max(0, slash))
  return /[.:]/.test(first) || first === 'localhost' ? first : DOCKER_HUB
}
