// Lengths of time, as the server words them.

/** `40 s`, `41 min`, `5 h 41 min` */
export function length(seconds) {
  if (seconds < 59.5) return `${Math.round(seconds)} s`;
  const all = Math.round(seconds / 60);
  const parts = [Math.floor(all / 60) && `${Math.floor(all / 60)} h`, all % 60 && `${all % 60} min`];
  return parts.filter(Boolean).join(" ");
}

/** `4.10`; small sums keep two digits that say something. */
export function money(amount) {
  if (amount && amount < 0.1) return String(Number(amount.toPrecision(2)));
  return amount.toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

/** `14:02`, `1:02:03` */
export function clock(seconds) {
  const all = Math.round(seconds);
  const two = (number) => String(number).padStart(2, "0");
  const [hours, minutes] = [Math.floor(all / 3600), Math.floor(all / 60) % 60];
  return hours ? `${hours}:${two(minutes)}:${two(all % 60)}` : `${minutes}:${two(all % 60)}`;
}
