// Loaded before the server: brings upon its process, at a signal, what no request can. THABIT_TROUBLE says what.
const [trouble, amount] = (process.env['THABIT_TROUBLE'] ?? '').split(' ')
const ms = Number(amount ?? 0)

/** Puts the wall clock of this process ahead, or back; what counts elapsed time is left as it is. */
function jumpClock(): void {
  const { Date: RealDate } = globalThis
  const instant = Temporal.Now.instant.bind(Temporal.Now)
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, given, newTarget) =>
      Reflect.construct(target, given.length === 0 ? [RealDate.now() + ms] : given, newTarget === globalThis.Date ? target : newTarget),
    get: (target, name, receiver) => (name === 'now' ? () => RealDate.now() + ms : Reflect.get(target, name, receiver)),
  })
  Temporal.Now.instant = () => instant().add({ milliseconds: ms })
}

/** As a long collection of garbage or a loop of ours: nothing else of this process runs meanwhile. */
function standStill(): void {
  for (const until = performance.now() + ms; performance.now() < until;);
}

process.on('SIGUSR2', () => {
  if (trouble === 'clock') jumpClock()
  if (trouble === 'stall') standStill()
  if (trouble === 'rejection') void Promise.reject(new Error('Nobody listens to this promise.'))
  process.stderr.write(`trouble: ${trouble}\n`)
})
