import type { Routes } from '#http'
import type { Sweep } from '#jobs'
import { forgetUnmatchedReports, mergeSweep, mergeWaitingReports, type ReportNeeds } from './delivery-reports.ts'
import { deliveryReportRoutes } from './routes.ts'

/** What vendors say became of the messages they took. */
export interface DeliveryReports {
  routes: Routes
  sweeps: Sweep[]
}

export function openDeliveryReports(needs: ReportNeeds & { publicUrl: string }): DeliveryReports {
  return {
    routes: deliveryReportRoutes(needs, needs.publicUrl),
    sweeps: [
      // Woken by every report; the timer is for those that were quicker than our own note, and for other processes' reports.
      { name: mergeSweep, everyMs: 2_000, run: () => mergeWaitingReports(needs) },
      { name: 'forget-delivery-reports', everyMs: 600_000, run: () => forgetUnmatchedReports(needs) },
    ],
  }
}
