import { Validator, type OutputUnit, type Schema } from '@cfworker/json-schema'
import { ROOT_SCHEMA_PREFIX, withIdRefPrefix, type RJSFSchema } from '@rjsf/utils'
import { copySchema, draftOf, withoutUndefined } from './prepare'

interface Compiled {
  /** Every error. */
  whole: Validator
  copy: RJSFSchema
  /** Parts of the schema that RJSF asks about, each compiled once. */
  parts: WeakMap<RJSFSchema, Validator>
}

let compiled = new WeakMap<RJSFSchema, Compiled>()

export function resetCompiled() {
  compiled = new WeakMap()
}

function compileRoot(root: RJSFSchema): Compiled {
  const known = compiled.get(root)
  if (known) return known
  const copy = copySchema(root)
  const made: Compiled = {
    whole: new Validator(typed(copy), draftOf(root), false),
    copy,
    parts: new WeakMap(),
  }
  compiled.set(root, made)
  return made
}

export function validateRoot(root: RJSFSchema, data: unknown): { copy: RJSFSchema; units: OutputUnit[] } {
  const { whole, copy } = compileRoot(root)
  return { copy, units: whole.validate(withoutUndefined(data) ?? null).errors }
}

export function validatePart(part: RJSFSchema, data: unknown, root: RJSFSchema): boolean {
  const { parts } = compileRoot(root)
  let validator = parts.get(part)
  if (!validator) {
    // A part's "#/$defs/x" means the root's: it gets a name of its own.
    validator = new Validator(typed(withIdRefPrefix(copySchema(part)) as RJSFSchema), draftOf(root), true)
    validator.addSchema(typed(copySchema(root)), ROOT_SCHEMA_PREFIX)
    parts.set(part, validator)
  }
  return validator.validate(withoutUndefined(data) ?? null).valid
}

/** The same thing to both libraries; their types differ in what a boolean schema may stand for. */
function typed(schema: RJSFSchema): Schema {
  return schema as Schema
}
