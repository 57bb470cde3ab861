// A refusal as a person reads it.
import type {Reason, Refusal} from '../model/placement.js'

/** One line an instance, in the order of the refusal: its name and everything it lacks, such as `db1: is DRAINING; needs 512 MiB, 130 MiB remain`. */
export function refusalText(refusal: Refusal): string {
  const byInstance = new Map<string, Reason[]>()
  for (const reason of refusal.reasons) {
    const reasons = byInstance.get(reason.instance)
    if (reasons) reasons.push(reason)
    else byInstance.set(reason.instance, [reason])
  }
  return [...byInstance].map(([instance, reasons]) => `${instance}: ${reasons.map((reason) => reason.said).join('; ')}`).join('\n')
}
