/** The API's nouns under short names; their shapes are generated from openapi.json. */
import type { components } from './schema'

type Schemas = components['schemas']

export type Job = Schemas['Job']
export type JobState = Job['state']
export type JobPage = Schemas['JobPage']
export type JobError = Schemas['JobError']
export type Artifact = Schemas['Artifact']
export type ReportType = Schemas['ReportType']
export type CatalogItem = Schemas['ItemSummary']
export type CatalogPage = Schemas['CatalogPage']
export type Descriptor = Schemas['Descriptor']
export type Upload = Schemas['UploadAccepted']
export type Me = Schemas['Me']

export type LogEvent = Schemas['LogEvent']
export type JobEvent =
  | Schemas['StateEvent']
  | Schemas['ProgressEvent']
  | LogEvent
  | Schemas['ArtifactEvent']
  | Schemas['ResultEvent']

/** What `WS /ws/jobs` sends. WebSockets are not part of OpenAPI, so this one is written by hand. */
export type JobsMessage =
  { type: 'job'; seq: number; job: Job } | { type: 'reset'; seq: number } | { type: 'ping'; seq?: number }
