/** Versions of the trained task model. */
import { request } from './http'
import type { Model, ModelList } from './types'

export const listModels = (): Promise<ModelList> => request('GET', '/models')

export const rollBackModel = (id: string): Promise<Model> => request('POST', `/models/${encodeURIComponent(id)}/rollback`)
