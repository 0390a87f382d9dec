/// <reference lib="dom" />
/**
 * Runs before anything is painted: the theme that was chosen last; without a choice the system's holds.
 * @module
 */
try {
  const chosen = localStorage.getItem("theme");
  if (chosen === "dark" || chosen === "light") document.documentElement.dataset.theme = chosen;
} catch {
  // A browser that keeps nothing for this page: the system's theme holds.
}
