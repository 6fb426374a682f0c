/** The mark: the letter ث as a vessel that stands on its base, and its three dots. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 48 48" aria-hidden="true" focusable="false">
      <rect class="mark-ground" width="48" height="48" rx="13" />
      <path class="mark-bowl" d="M9.5 24.5v2.2c0 6.3 5 9.3 14.5 9.3s14.5-3 14.5-9.3v-2.2" />
      <g class="mark-dots">
        <path d="M24 9.2l3.6 3.6-3.6 3.6-3.6-3.6z" />
        <path d="M18.6 16.6l3.6 3.6-3.6 3.6-3.6-3.6z" />
        <path d="M29.4 16.6l3.6 3.6-3.6 3.6-3.6-3.6z" />
      </g>
    </svg>
  )
}

/** An eight-pointed lattice behind a business's name. */
export function Lattice() {
  return (
    <svg class="lattice" aria-hidden="true" focusable="false">
      <defs>
        <pattern id="lattice" width="64" height="64" patternUnits="userSpaceOnUse">
          <path d="M32 8l7 17 17 7-17 7-7 17-7-17-17-7 17-7zM15 15h34v34H15zM0 0l8 8M64 0l-8 8M0 64l8-8M64 64l-8-8M32 0v8M32 56v8M0 32h8M56 32h8" />
        </pattern>
      </defs>
      <rect width="100%" height="100%" fill="url(#lattice)" />
    </svg>
  )
}
