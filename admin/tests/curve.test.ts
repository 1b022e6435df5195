import { expect, it } from 'vitest'
import { across, gridStep, line, nearest, topShare, upright, type Frame } from '@/curve'
import { someContract } from './contracts'

const FRAME: Frame = { width: 250, height: 150, left: 40, right: 10, top: 10, bottom: 40 }
const POINTS = someContract().curve

it.each([
  [0.02, 0.15],
  [0.05, 0.3],
  [0.001, 0.01],
  [0.4, 1],
])('shows some times the stated risk of %s, up to %s', (risk, top) => {
  expect(topShare(risk)).toBeCloseTo(top)
})

it('draws few grid lines at round distances', () => {
  expect(gridStep(0.12)).toBe(0.05)
  expect(gridStep(1)).toBe(0.2)
})

it('places coverage from left to right and risk from the bottom up', () => {
  expect([across(0, FRAME), across(1, FRAME)]).toEqual([40, 240])
  expect([upright(0, 0.1, FRAME), upright(0.1, 0.1, FRAME)]).toEqual([110, 10])
})

it('draws a path through every point', () => {
  expect(line(POINTS, 'risk', 0.12, FRAME)).toBe('M60.0 110.0L122.0 105.0L220.0 10.0')
})

it('finds the point under the pointer', () => {
  expect([-1, 0.2, 0.3, 0.99].map((coverage) => nearest(POINTS, coverage))).toEqual([0, 0, 1, 2])
})
