// The kinds of fields that a task definition has, each with the words that refuse another kind: what the schema is written in.
import {z} from 'zod'

/** The code of a fault that refuses what ECS has and Berth has not. */
export const UNSUPPORTED = 'UnsupportedFeatureException'

function mustBe(kind: string) {
  return {error: ({input}: {readonly input?: unknown}) => (input === undefined || input === null ? 'is required' : `must be ${kind}`)}
}

/** No program can be given a NUL: the system ends its words with one. */
export function text() {
  return z.string(mustBe('text')).regex(/^[^\0]*$/, {error: 'must not hold a NUL character'})
}

/** Text that the pattern describes in `kind`'s words. */
export function textLike(pattern: RegExp, kind: string) {
  return z.string(mustBe('text')).regex(pattern, {error: `must be ${kind}`})
}

/** What ECS calls a name. */
export function name() {
  return textLike(/^[A-Za-z0-9_-]{1,255}$/, '1 to 255 letters, digits, hyphens and underscores')
}

/** A number without quotes: the AWS command-line tool takes no other. */
export function whole(min: number, max = Number.MAX_SAFE_INTEGER, unit = '') {
  const range = max === Number.MAX_SAFE_INTEGER ? `${min} or more` : `from ${min} to ${max}`
  const error = `must be ${range}${unit && ` ${unit}`}`
  return z.int(mustBe('a whole number, not in quotes')).min(min, {error}).max(max, {error})
}

export function flag() {
  return z.boolean(mustBe('true or false'))
}

export function oneOf<const V extends readonly string[]>(values: V) {
  return z.enum(values, mustBe(values.length === 1 ? `${values[0]}` : `one of ${values.join(', ')}`))
}

export function list<S extends z.ZodType>(item: S) {
  return z.array(item, mustBe('a list'))
}

export function map() {
  return z
    .record(z.string(), text(), mustBe('an object whose values are text'))
    .refine((entries) => !Object.hasOwn(entries, '__proto__'), {error: 'must not hold the key "__proto__"'})
}

export function object<F extends z.ZodRawShape>(fields: F) {
  return z.strictObject(fields, mustBe('an object'))
}

/** A field that ECS has and Berth has not: it must be absent, null, empty or false. `why` goes on after "cannot be had: ". */
export function refused(why: string) {
  const isAbsent = (value: unknown) =>
    value === undefined || value === null || value === false || (Array.isArray(value) && value.length === 0)
  return z
    .unknown()
    .refine(isAbsent, {error: `cannot be had: ${why}`, params: {code: UNSUPPORTED}})
    .optional()
}

/** The fields may be absent or null. */
export function maybe<F extends Record<string, z.ZodType>>(fields: F): {[K in keyof F]: z.ZodOptional<z.ZodNullable<F[K]>>} {
  const entries = Object.entries(fields).map(([field, schema]) => [field, schema.nullish()])
  return Object.fromEntries(entries) as {[K in keyof F]: z.ZodOptional<z.ZodNullable<F[K]>>}
}
