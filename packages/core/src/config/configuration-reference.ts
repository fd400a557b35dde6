/** The reference of all keys of the configuration, as Markdown, made from the classes that check it. */
export async function configurationReference(): Promise<string> {
  const { renderReference } = await import('./reference.js');
  return renderReference();
}
