import type { OutputUnit } from '@cfworker/json-schema'

const UNIONS = new Set(['oneOf', 'anyOf'])

/** Of a choice that fits in no branch, keeps only what is wrong with the branch that fits best. */
export function keepClosestBranches(units: OutputUnit[]): OutputUnit[] {
  let kept = units
  for (const union of units) {
    if (!UNIONS.has(union.keyword) || !kept.includes(union)) continue
    const prefix = `${union.keywordLocation}/`
    const branches = groupBranches(inside(kept, prefix), prefix)
    const best = [...branches].toSorted(([, a], [, b]) => distance(a, union) - distance(b, union))[0]
    if (!best) continue
    const dropped = new Set([
      union,
      ...[...branches].filter(([at]) => at !== best[0]).flatMap(([, list]) => list),
    ])
    kept = kept.filter((unit) => !dropped.has(unit))
  }
  return kept
}

function inside(units: OutputUnit[], prefix: string): OutputUnit[] {
  return units.filter((unit) => unit.keywordLocation.startsWith(prefix))
}

function groupBranches(units: OutputUnit[], prefix: string): Map<string, OutputUnit[]> {
  const groups = new Map<string, OutputUnit[]>()
  for (const unit of units) {
    const at = branchOf(unit, prefix)
    groups.set(at, [...(groups.get(at) ?? []), unit])
  }
  return groups
}

function branchOf(unit: OutputUnit, prefix: string): string {
  return unit.keywordLocation.slice(prefix.length).split('/')[0] ?? ''
}

/** A wrong type or discriminator says "not this branch" louder than any number of missing fields. */
function distance(units: OutputUnit[], union: OutputUnit): number {
  const depth = union.instanceLocation.split('/').length
  return units.reduce((sum, { keyword, instanceLocation }) => {
    const near = instanceLocation.split('/').length - depth
    if (keyword === 'type' && near === 0) return sum + 100
    if ((keyword === 'const' || keyword === 'enum') && near <= 1) return sum + 50
    return sum + 1
  }, 0)
}
