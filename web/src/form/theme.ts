import type { ThemeProps } from '@rjsf/core'
import { ArrayFieldItemTemplate } from './templates/ArrayFieldItemTemplate'
import { ArrayFieldTemplate } from './templates/ArrayFieldTemplate'
import { BaseInputTemplate } from './templates/BaseInputTemplate'
import { FieldTemplate } from './templates/FieldTemplate'
import { MultiSchemaFieldTemplate } from './templates/MultiSchemaFieldTemplate'
import { ObjectFieldTemplate } from './templates/ObjectFieldTemplate'
import { DescriptionFieldTemplate, FieldErrorTemplate, FieldHelpTemplate } from './templates/texts'
import { UnsupportedFieldTemplate } from './templates/UnsupportedFieldTemplate'
import type { FormData } from './validator'
import { CheckboxesWidget } from './widgets/CheckboxesWidget'
import { CheckboxWidget } from './widgets/CheckboxWidget'
import { PasswordWidget } from './widgets/PasswordWidget'
import { RadioWidget } from './widgets/RadioWidget'
import { RangeWidget } from './widgets/RangeWidget'
import { SelectWidget } from './widgets/SelectWidget'
import { TextareaWidget } from './widgets/TextareaWidget'
import { UploadWidget } from './widgets/UploadWidget'

/** The one registry of what a schema's fields look like. A widget's name is what a UI schema or a `format` may ask for. */
export const theme: ThemeProps<FormData> = {
  templates: {
    ArrayFieldItemTemplate,
    ArrayFieldTemplate,
    BaseInputTemplate,
    DescriptionFieldTemplate,
    FieldErrorTemplate,
    FieldHelpTemplate,
    FieldTemplate,
    MultiSchemaFieldTemplate,
    ObjectFieldTemplate,
    UnsupportedFieldTemplate,
  },
  widgets: {
    CheckboxWidget,
    CheckboxesWidget,
    FileWidget: UploadWidget,
    PasswordWidget,
    RadioWidget,
    RangeWidget,
    SelectWidget,
    TextareaWidget,
    upload: UploadWidget,
  },
}
