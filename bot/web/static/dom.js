/* What the scripts of all pages share. */

export const $ = (selector, within = document) => within.querySelector(selector);
