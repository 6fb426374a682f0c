import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cutPersonal } from './cut-personal.ts'

test('phones in every spelling, cards, codes, mails, keys and tokens are cut from the words of others', () => {
  for (const personal of [
    '+966551234567',
    '966551234567',
    '00966 55 123 4567',
    '0551234567',
    '055-123-4567',
    '(055) 123 4567',
    '055.123.4567',
    '٠٥٥١٢٣٤٥٦٧',
    '+٩٦٦٥٥١٢٣٤٥٦٧',
    '۰۵۵۱۲۳۴۵۶۷',
    '%2B966551234567',
    '%2B966%2055%20123%204567',
    '+971 50 123 4567',
    '39123456',
    '4111 1111 1111 1111',
    '4111-1111-1111-1111',
    '4111111111111111',
    '271828',
    '٢٧١٨٢٨',
    'mona.q@example.com',
    'mona%40example.com',
    'sk_live_abcdefghijkl',
    'Bearer abcdefgh.ijkl',
    'eyJhbGciOi.eyJzdWIi.c2ln',
  ]) {
    for (const words of [`To ${personal} failed.`, `(to=${personal})`, `"to":"${personal}"`, `to:${personal}`, personal])
      assert.equal(cutPersonal(words), words.replace(personal, '…'), words)
  }
  assert.equal(cutPersonal('code%3A271828'), 'code%3A…')
})

test('our own ids, times, amounts, ports, vendor codes and places in the code pass', () => {
  for (const own of [
    '3f2a9c1e-1234-5678-9abc-123456789012',
    '12345678-1234-1234-1234-123456789012',
    '2026-11-22T04:50:36.123Z',
    'between 2026-11-22 and 2026-11-23',
    'connect ECONNREFUSED 192.168.100.200:5432',
    'http://127.0.0.1:54321',
    'Error 30450',
    'No whole answer within 2000 ms.',
    'at run (server/jobs/sweeps.ts:123:45)',
    'TH-7QK2-9F',
    '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  ])
    assert.equal(cutPersonal(own), own)
})
