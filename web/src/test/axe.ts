import { run } from 'axe-core'

/** The accessibility rules that a container breaks. Colours need a real browser: the stories in e2e/ check those. */
export async function axe(container: Element): Promise<string[]> {
  const { violations } = await run(container, {
    rules: { 'color-contrast': { enabled: false }, region: { enabled: false } },
  })
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)
}
