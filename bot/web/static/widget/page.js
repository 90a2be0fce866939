// The page around the chat: its theme, its buttons that open the chat, the size of a phone with its keyboard up.

export function followPage(chat) {
  const theme = () => {
    const { theme } = document.documentElement.dataset;
    if (theme === "dark" || theme === "light") chat.setAttribute("theme", theme);
    else chat.removeAttribute("theme");
  };
  theme();
  new MutationObserver(theme).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  document.addEventListener("click", (event) => {
    const opener = event.target instanceof Element && event.target.closest("[data-balie-open]");
    if (!opener) return;
    event.preventDefault();
    if (opener.dataset.balieSay) chat.say(opener.dataset.balieSay);
    else chat.open();
  });
  visualViewport?.addEventListener("resize", () => chat.style.setProperty("--seen", `${visualViewport.height}px`));
}
