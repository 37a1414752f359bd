// The QR code of the terminal holds the pairing code behind #, which browsers send to nobody: it goes into the form from here.

const CODE = /^#[A-Z0-9]{4}-[A-Z0-9]{4}$/; // anything else is a place on the page that led here
const form = document.getElementById("pair");

function takeCode() {
  const { hash } = location;
  if (!CODE.test(hash)) return;
  history.replaceState(null, "", location.pathname + location.search);
  form.elements.code.value = hash.slice(1);
  form.requestSubmit();
}

addEventListener("hashchange", takeCode);
takeCode();
