// Owns the talk with the browser's passkeys: fetches what to ask, hands the answer to the form it stands in.
// It must not know who signs in, nor judge an answer.
const bytesOf = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (each) => each.charCodeAt(0));
const textOf = (buffer) => {
  const letters = Array.from(new Uint8Array(buffer), (each) => String.fromCharCode(each)).join("");
  return btoa(letters).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
};
const known = (list) => (list ?? []).map((each) => ({ ...each, id: bytesOf(each.id) }));

async function create(told) {
  const publicKey = { ...told, challenge: bytesOf(told.challenge), user: { ...told.user, id: bytesOf(told.user.id) } };
  publicKey.excludeCredentials = known(told.excludeCredentials);
  const made = await navigator.credentials.create({ publicKey });
  return answerOf(made, { attestationObject: textOf(made.response.attestationObject) });
}

async function get(told) {
  const publicKey = { ...told, challenge: bytesOf(told.challenge), allowCredentials: known(told.allowCredentials) };
  const shown = await navigator.credentials.get({ publicKey });
  const { authenticatorData, signature, userHandle } = shown.response;
  return answerOf(shown, {
    authenticatorData: textOf(authenticatorData),
    signature: textOf(signature),
    userHandle: userHandle ? textOf(userHandle) : null,
  });
}

function answerOf(credential, more) {
  const response = { clientDataJSON: textOf(credential.response.clientDataJSON), ...more };
  return { id: credential.id, rawId: textOf(credential.rawId), type: credential.type, response };
}

async function ask(form) {
  const headers = { "x-form-token": form.elements.form_token.value, "content-type": "application/x-www-form-urlencoded" };
  const told = await fetch(form.dataset.question, { method: "POST", headers, body: "" });
  if (!told.ok) throw new Error(String(told.status));
  return (form.dataset.passkey === "create" ? create : get)(await told.json());
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential || location.origin !== form.dataset.at) continue;
  const button = form.querySelector("button");
  form.hidden = button.disabled = false;
  form.querySelector("[data-elsewhere]")?.remove();
  form.addEventListener("submit", async (event) => {
    if (form.elements.answer.value) return;
    event.preventDefault();
    button.disabled = true;
    form.querySelector("[data-says]").textContent = "";
    try {
      form.elements.answer.value = JSON.stringify(await ask(form));
      form.submit();
    } catch {
      form.querySelector("[data-says]").textContent = form.dataset.failed;
      button.disabled = false;
    }
  });
}
