export { startSweeps, type Sweep, type Sweeps } from './sweeps.ts'
