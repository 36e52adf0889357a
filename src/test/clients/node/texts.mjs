/** What a model reads of a result: its texts. */
export function texts(result) {
  const text = (result.content ?? []).map((item) => item.text ?? '').join('\n');
  return { text: text || JSON.stringify(result.structuredContent ?? result), raw: result };
}
