// Sizes of memory as a person types them.
import {InvalidInputError} from '../errors.js'
import {quoted} from './names.js'

const MEBIBYTE = 1024 * 1024
const BYTES_PER_UNIT: Readonly<Record<string, number>> = {
  '': MEBIBYTE,
  b: 1,
  g: 1024 * MEBIBYTE,
  k: 1024,
  m: MEBIBYTE,
  t: MEBIBYTE * MEBIBYTE,
}

/** Whole MiB of `512`, `512m`, `512MiB`, `2g`, `2 GB`: powers of 1024 as ECS and Docker count. Throws `InvalidSize`. */
export function parseMemoryMiB(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([bkmgt]?)(?:i?b)?$/i.exec(text.trim())
  const unit = BYTES_PER_UNIT[(match?.[2] ?? '?').toLowerCase()]
  const sizeMiB = match?.[1] && unit !== undefined ? (Number(match[1]) * unit) / MEBIBYTE : Number.NaN
  if (!Number.isSafeInteger(sizeMiB))
    throw new InvalidInputError(
      'InvalidSize',
      `${quoted(text)} is not a size in whole MiB; give a number, or a number with a unit, such as 512, 512m or 2g.`,
      {suggestions: ['berth task run FAMILY --memory 512', 'berth instance join local --reserve-memory 256']},
    )
  return sizeMiB
}
