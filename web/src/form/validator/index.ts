import {
  createErrorHandler,
  ErrorSchemaBuilder,
  getDefaultFormState,
  unwrapErrorHandler,
  validationDataMerge,
  type FormValidation,
  type RJSFSchema,
  type RJSFValidationError,
  type ValidatorType,
} from '@rjsf/utils'
import { resetCompiled, validatePart, validateRoot } from './compile'
import { pathOf, translate } from './translate'

export type FormData = Record<string, unknown>

/**
 * RJSF's validator without code generation: its own needs eval, which the portal's CSP forbids, and then fails
 * silently in oneOf, if/then/else and on submit. The API validates again with the same schema and has the last word.
 */
export const validator: ValidatorType<FormData> = {
  validateFormData(formData, schema, customValidate, transformErrors, uiSchema) {
    let errors: RJSFValidationError[]
    try {
      const { copy, units } = validateRoot(schema, formData)
      errors = translate(units, copy, uiSchema)
    } catch (error) {
      errors = [{ stack: `This form cannot be checked here: ${String(error)}` }]
    }
    if (transformErrors) errors = transformErrors(errors, uiSchema)
    const builder = new ErrorSchemaBuilder<FormData>()
    for (const error of errors) builder.addErrors(error.message ?? error.stack, pathOf(error))
    const found = { errors, errorSchema: builder.ErrorSchema }
    if (!customValidate) return found
    const complete = getDefaultFormState(validator, schema, formData, schema, true) as FormData
    const handler: FormValidation<FormData> = createErrorHandler<FormData>(complete)
    const own = customValidate(complete, handler, uiSchema, found.errorSchema)
    return validationDataMerge(found, unwrapErrorHandler(own))
  },

  isValid(schema: RJSFSchema, formData, rootSchema) {
    try {
      return validatePart(schema, formData, rootSchema)
    } catch {
      return false
    }
  },

  rawValidation<Result>(schema: RJSFSchema, formData?: FormData) {
    try {
      // RJSF leaves the type of an error to its caller.
      return { errors: validateRoot(schema, formData).units as Result[] }
    } catch (error) {
      return { validationError: error instanceof Error ? error : new Error(String(error)) }
    }
  },

  reset: resetCompiled,
}

// RJSF's core imports the validator it does not declare by this name (see vite.config.ts).
export default validator
