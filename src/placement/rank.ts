// Chance that can be repeated: what ECS leaves to a die is a hash here, so that the same request over the same fleet gives the same seats.

/** A 32-bit number for a text: FNV-1a over its UTF-16 code units, then mixed. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return mix(hash)
}

/** Murmur3's finalizer: each bit of the input turns half of the bits of the result. */
export function mix(number: number): number {
  let mixed = number
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
