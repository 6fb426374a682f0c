/** The operator's pages show the house's own clock, whatever the device says. */
export const operatorZone = 'Asia/Riyadh'
