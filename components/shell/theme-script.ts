/** The themes, in the order of the switch; `dark` needs no attribute of its own. */
export const themes = ["dark", "light", "projector"] as const;
export type Theme = (typeof themes)[number];

export const THEME_KEY = "faultline.theme";

/** Runs before the first paint: without it a light room sees a dark flash at every load. */
export const themeScript = `try{document.documentElement.dataset.theme=localStorage.getItem("${THEME_KEY}")||"dark"}catch{document.documentElement.dataset.theme="dark"}`;
