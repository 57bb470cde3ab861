// Image references, as Docker itself normalises them: `alpine` is docker.io/library/alpine:latest.
import {parseAll, type Reference} from '@swimlane/docker-reference'
import {InvalidInputError} from '../errors.js'
import {quoted} from '../model/names.js'

/** What the pull call takes: the repository with its registry, and one tag or digest. */
interface PullReference {
  readonly repository: string
  /** Never empty: without one Docker would pull every tag of the repository. */
  readonly tagOrDigest: string
}

const IMAGE_ID = /^(sha256:)?[0-9a-f]{64}$/

/** Of a reference with both a tag and a digest the digest decides, as for Docker. Throws `InvalidInputError` `InvalidReference`. */
export function pullReference(text: string): PullReference {
  const parsed = parse(text)
  if (parsed.domain === undefined) throw invalid(text)
  return {repository: `${parsed.domain}/${parsed.repository}`, tagOrDigest: parsed.digest ?? parsed.tag ?? 'latest'}
}

/** `text` itself when it is a whole image id or a well-formed reference. Throws `InvalidInputError` `InvalidReference`. */
export function checkImage(text: string): string {
  if (!IMAGE_ID.test(text)) parse(text)
  return text
}

function parse(text: string): Reference {
  try {
    return parseAll(text)
  } catch (cause) {
    throw invalid(text, cause)
  }
}

function invalid(text: string, cause?: unknown): InvalidInputError {
  return new InvalidInputError(
    'InvalidReference',
    `${quoted(text)} is not an image: give [registry/]name[:tag] or [registry/]name@sha256:digest, in lower case.`,
    {cause, suggestions: ['berth task run --image nginx:1 --memory 64']},
  )
}
