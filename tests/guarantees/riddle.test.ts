import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { isSolved, newRiddle } from '../../server/accounts/proof-of-work.ts'
import { solveRiddle } from '../../web/src/accounts/solve-riddle.ts'

test('what the page finds is what the server takes, at every difficulty it sets', async () => {
  for (const difficulty of [1, 7, 8, 9, 14]) {
    const riddle = newRiddle('a-secret-of-this-test', difficulty, Date.now())
    const proof = await solveRiddle(riddle)
    assert.ok(proof && isSolved(['a-secret-of-this-test'], proof, Date.now()), `difficulty ${difficulty}`)
    assert.match(createHash('sha256').update(`${proof.challenge}:${proof.solution}`).digest('hex'), /^[0-7]/)
    assert.ok(!isSolved(['another-secret'], proof, Date.now()))
    assert.ok(!isSolved(['a-secret-of-this-test'], proof, Date.now() + 301_000), 'it does not keep')
  }
})
