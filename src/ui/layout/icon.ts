/** Two waves in a square. */
export const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath d='M1 6q3.5-4 7 0t7 0M1 11q3.5-4 7 0t7 0' fill='none' stroke='%230b7382' stroke-width='2'/%3E%3C/svg%3E";
