/** Terminal colours as CSS classes: the portal's CSP has no inline styles, and themes decide what "red" is. */

export interface AnsiSegment {
  text: string
  className: string
}

const COLOURS = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white']
// Every control sequence is taken out; only "m" (colours) means something here. OSC is what terminals use for titles and links.
// oxlint-disable-next-line no-control-regex
const ESCAPE = /\x1b\[([0-9;:]*)([A-Za-z])|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[@-Z\\-_]/g

interface Style {
  colour: string
  background: string
  flags: Set<string>
}

const FLAGS: Record<number, string> = { 1: 'bold', 2: 'dim', 3: 'italic', 4: 'underline', 7: 'inverse' }
const FLAGS_OFF: Record<number, string[]> = {
  22: ['bold', 'dim'],
  23: ['italic'],
  24: ['underline'],
  27: ['inverse'],
}

export function parseAnsi(line: string): AnsiSegment[] {
  const visible = afterLastReturn(line)
  if (!visible.includes('\x1b')) return [{ text: visible, className: '' }]
  const segments: AnsiSegment[] = []
  let style = plain()
  let from = 0
  for (const match of visible.matchAll(ESCAPE)) {
    push(segments, visible.slice(from, match.index), style)
    if (match[2] === 'm') style = apply(style, match[1] ?? '')
    from = match.index + match[0].length
  }
  push(segments, visible.slice(from), style)
  return segments
}

/** A progress bar rewrites its line with carriage returns: the last one is what a terminal would show. */
function afterLastReturn(line: string): string {
  const text = line.replace(/\r+$/, '')
  return text.slice(text.lastIndexOf('\r') + 1)
}

function apply(style: Style, parameters: string): Style {
  const next: Style = { ...style, flags: new Set(style.flags) }
  const codes = parameters.split(/[;:]/).map(Number)
  for (let i = 0; i < codes.length; i += 1) {
    const code = codes[i] ?? 0
    if (code === 0) Object.assign(next, plain())
    else if (FLAGS[code]) next.flags.add(FLAGS[code])
    else if (FLAGS_OFF[code]) FLAGS_OFF[code].forEach((flag) => next.flags.delete(flag))
    else if (code === 39) next.colour = ''
    else if (code === 49) next.background = ''
    else if (code === 38 || code === 48) {
      // 38;5;n and 38;2;r;g;b: of the 256 colours the first 16 have a class, the others keep the text's own.
      const indexed = codes[i + 1] === 5
      const name = indexed ? COLOURS[(codes[i + 2] ?? 99) % 8] : undefined
      if (indexed && (codes[i + 2] ?? 99) < 16 && name) next[code === 38 ? 'colour' : 'background'] = name
      i += indexed ? 2 : 4
    } else setBasic(next, code)
  }
  return next
}

function setBasic(style: Style, code: number) {
  const name = COLOURS[code % 10]
  if (!name || code % 10 > 7) return
  if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) style.colour = name
  if ((code >= 40 && code <= 47) || (code >= 100 && code <= 107)) style.background = name
}

function push(segments: AnsiSegment[], text: string, style: Style) {
  if (text === '') return
  const names = [style.colour, style.background && `bg-${style.background}`, ...style.flags].filter(Boolean)
  segments.push({ text, className: names.map((name) => `ansi-${name}`).join(' ') })
}

function plain(): Style {
  return { colour: '', background: '', flags: new Set() }
}
