// The worker that shows messages while no page is open stands ready in every browser; whether any come is chosen elsewhere.
const { worker } = document.body?.dataset ?? {};
if (worker && navigator.serviceWorker) navigator.serviceWorker.register(worker, { scope: "/" }).catch(() => {});
