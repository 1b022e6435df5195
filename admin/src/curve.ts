/** Where the points of the coverage-risk curve stand on the screen. */
import type { CurvePoint } from './api/contract'

/** Pixels; the area of the lines lies between the margins. */
export interface Frame {
  width: number
  height: number
  left: number
  right: number
  top: number
  bottom: number
}

const RISKS_SHOWN = 6
const STEPS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25]
const MOST_LINES = 5

/** The distance of the grid lines: a round number, few of them up to `top`. */
export function gridStep(top: number): number {
  return STEPS.find((step) => top / step <= MOST_LINES + 1e-9) ?? 0.5
}

/** The greatest share the upright axis shows: some times the stated risk, so that one sees around it. */
export function topShare(risk: number): number {
  const wanted = Math.min(1, Math.max(RISKS_SHOWN * risk, 0.01))
  const step = gridStep(wanted)
  return Math.min(1, Math.ceil(wanted / step - 1e-9) * step)
}

export const across = (coverage: number, frame: Frame): number =>
  frame.left + coverage * (frame.width - frame.left - frame.right)

export const upright = (share: number, top: number, frame: Frame): number =>
  frame.height - frame.bottom - (share / top) * (frame.height - frame.top - frame.bottom)

/** The `d` of a path through all points; what lies above the frame is clipped by the drawing. */
export function line(points: readonly CurvePoint[], of: 'risk' | 'bound', top: number, frame: Frame): string {
  return points
    .map((point, place) => {
      const x = across(point.coverage, frame).toFixed(1)
      const y = upright(Math.min(point[of], top * 3), top, frame).toFixed(1)
      return `${place === 0 ? 'M' : 'L'}${x} ${y}`
    })
    .join('')
}

/** The place of the point whose coverage is nearest. */
export function nearest(points: readonly CurvePoint[], coverage: number): number {
  let best = 0
  points.forEach((point, place) => {
    const known = points[best]
    if (known && Math.abs(point.coverage - coverage) < Math.abs(known.coverage - coverage)) best = place
  })
  return best
}
