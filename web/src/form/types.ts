import type { FieldTemplateProps as Field, FormContextType, RJSFSchema } from '@rjsf/utils'

export type { WidgetProps } from '@rjsf/utils'
export type FieldTemplateProps = Field<unknown, RJSFSchema, FormContextType>
