// Shows messages of the server while no page is open, and opens what they are about. It keeps nothing.
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  const { title = "Trassa", body = "", url = "/notifications/", tag = "" } = event.data?.json() ?? {};
  event.waitUntil(self.registration.showNotification(title, { body, tag, data: { url } }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  // Only pages of this installation, whatever the message says.
  const url = new URL(event.notification.data?.url ?? "/notifications/", self.location.origin);
  if (url.origin !== self.location.origin) return;
  event.waitUntil(open(url.href));
});

async function open(address) {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const page = pages.find((each) => each.url === address) ?? pages[0];
  if (!page) return self.clients.openWindow(address);
  // Browsers refuse to bring a window to the front where nobody has clicked; the page is led on all the same.
  await page.focus().catch(() => {});
  return page.url === address ? undefined : page.navigate(address).catch(() => self.clients.openWindow(address));
}
