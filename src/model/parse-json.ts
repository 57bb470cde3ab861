// JSON as RFC 8259 has it, read so that a fault has its line and column and a key that stands twice is one. Unlike `JSON.parse`, whose
// messages quote what stands around a fault, it never tells of the text.
import {type Fault, faultAt, invalidDefinition, type Path} from './definition/fault.js'

/** Deeper than anything that is meant. */
const MAX_DEPTH = 64

const SPACE = /[ \t\n\r]*/y
const STRING = /"[^"\\\0-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\0-\x1f]*)*"/y
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const WORD = /true|false|null/y

/** The value of the text. Throws `ClientException` with the line and column of a fault in its syntax, or of every key that stands twice. */
export function parseJson(text: string, named: string): unknown {
  const reader = new JsonReader(text.replace(/^\ufeff/, ''), named)
  return reader.whole()
}

class JsonReader {
  private at = 0
  private readonly twice: Fault[] = []

  constructor(
    private readonly text: string,
    private readonly named: string,
  ) {}

  whole(): unknown {
    const value = this.value([])
    this.take(SPACE)
    if (this.at < this.text.length) throw this.wrong('nothing may follow the end of the document')
    if (this.twice.length > 0) throw invalidDefinition(this.named, this.twice)
    return value
  }

  private value(path: Path): unknown {
    if (path.length > MAX_DEPTH) throw this.wrong(`it is nested deeper than ${MAX_DEPTH} levels`)
    this.take(SPACE)
    const begins = this.text[this.at]
    if (begins === '{') return this.object(path)
    if (begins === '[') return this.list(path)
    if (begins === '"') return this.string('a closing quote is missing, or a character needs a backslash')
    const scalar = this.take(NUMBER) ?? this.take(WORD)
    if (scalar === undefined) throw this.wrong('a value is missing')
    return JSON.parse(scalar)
  }

  private object(path: Path): object {
    const entries = new Map<string, unknown>()
    for (let more = this.opens('}'); more; more = this.continues('}')) {
      this.take(SPACE)
      const keyAt = this.at
      const key = this.string('a key in double quotes is missing')
      if (entries.has(key)) this.twice.push(faultAt(undefined, [...path, key], `stands twice: again at ${this.position(keyAt)}`))
      this.take(SPACE)
      if (this.text[this.at] !== ':') throw this.wrong('a colon is missing')
      this.at += 1
      entries.set(key, this.value([...path, key]))
    }
    return Object.fromEntries(entries)
  }

  private list(path: Path): readonly unknown[] {
    const items: unknown[] = []
    for (let more = this.opens(']'); more; more = this.continues(']')) items.push(this.value([...path, items.length]))
    return items
  }

  /** Past the opening bracket: is there anything before the closing one? */
  private opens(closing: string): boolean {
    this.at += 1
    this.take(SPACE)
    return !this.skips(closing)
  }

  /** Past a value: does another follow? */
  private continues(closing: string): boolean {
    this.take(SPACE)
    if (this.skips(closing)) return false
    if (this.skips(',')) return true
    throw this.wrong(`a comma or ${closing} is missing`)
  }

  private skips(character: string): boolean {
    if (this.text[this.at] !== character) return false
    this.at += 1
    return true
  }

  private string(missing: string): string {
    const literal = this.take(STRING)
    if (literal === undefined) throw this.wrong(missing)
    return JSON.parse(literal)
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.text)?.[0]
    this.at += found?.length ?? 0
    return found
  }

  private wrong(what: string): Error {
    return invalidDefinition(this.named, [faultAt(undefined, [], `is not JSON: ${what} at ${this.position(this.at)}`)])
  }

  private position(at: number): string {
    const before = this.text.slice(0, at).split('\n')
    return `line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`
  }
}
