// Figures as the text that Prometheus reads (exposition format 0.0.4, prometheus.io/docs/instrumenting/exposition_formats, read 2026-11-27).

export interface Sample {
  readonly labels?: Readonly<Record<string, string>>
  readonly value: number
  /** What follows the name: `_sum`, `_bucket`. */
  readonly suffix?: string
}

export interface Family {
  readonly name: string
  readonly help: string
  readonly kind: 'counter' | 'gauge' | 'histogram'
  readonly samples: readonly Sample[]
}

/** The whole page; a family without samples is left out. */
export function prometheusText(families: readonly Family[]): string {
  return families
    .filter(({samples}) => samples.length > 0)
    .flatMap(({help, kind, name, samples}) => [
      `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`,
      `# TYPE ${name} ${kind}`,
      ...samples.map(({labels = {}, suffix = '', value}) => `${name}${suffix}${labelText(labels)} ${numberText(value)}`),
    ])
    .map((line) => `${line}\n`)
    .join('')
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}

function numberText(value: number): string {
  return value === Number.POSITIVE_INFINITY ? '+Inf' : String(value)
}

/** How often something took how long, in buckets that count what is not above their bound. */
export class Histogram {
  readonly #counts: number[]
  #sum = 0
  #count = 0

  /** `bounds`: in seconds, rising. */
  constructor(private readonly bounds: readonly number[]) {
    this.#counts = bounds.map(() => 0)
  }

  observe(seconds: number): void {
    this.#sum += seconds
    this.#count += 1
    for (const [index, bound] of this.bounds.entries()) if (seconds <= bound) this.#counts[index] = (this.#counts[index] ?? 0) + 1
  }

  /** One sample a bucket, the last without a bound, then sum and count. */
  samples(labels: Readonly<Record<string, string>> = {}): readonly Sample[] {
    const buckets = [
      ...this.bounds.map((bound, index) => [String(bound), this.#counts[index] ?? 0] as const),
      ['+Inf', this.#count] as const,
    ]
    return [
      ...buckets.map(([le, value]) => ({labels: {...labels, le}, suffix: '_bucket', value})),
      {labels, suffix: '_sum', value: this.#sum},
      {labels, suffix: '_count', value: this.#count},
    ]
  }
}
